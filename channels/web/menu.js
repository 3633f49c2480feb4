/** The menu behind ⋯ in the header: a button that shows and hides a few other buttons. */
import { el } from "./render.js";

export class Menu {
  /** `items` are pairs of a name in the texts and what to do. */
  constructor(items) {
    this.button = el("button", { type: "button", class: "dots", "aria-expanded": "false", "aria-controls": "menu" }, "⋯");
    this.buttons = items.map(([name, act]) => [name, el("button", { type: "button", onclick: () => { this.hide(); act(); } })]);
    this.list = el("div", { class: "menu", id: "menu", hidden: true }, this.buttons.map(([, button]) => button));
    this.node = el("div", { class: "menu-place" }, this.button, this.list);
    this.button.addEventListener("click", () => this.#show(this.list.hidden));
    this.node.addEventListener("keydown", (event) => this.#key(event));
    this.node.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !this.node.contains(event.relatedTarget)) this.#show(false);
    });
  }

  label(texts) {
    this.button.setAttribute("aria-label", texts.menu);
    this.button.setAttribute("title", texts.menu);
    for (const [name, button] of this.buttons) button.textContent = texts[name];
  }

  hide() {
    if (this.list.hidden) return;
    this.#show(false);
    this.button.focus();
  }

  /** Hides when something else is pressed. */
  pressed(event) {
    if (!event.composedPath().includes(this.node)) this.#show(false);
  }

  #show(shown) {
    this.list.hidden = !shown;
    this.button.setAttribute("aria-expanded", String(shown));
  }

  #key(event) {
    if (this.list.hidden) return;
    const places = [this.button, ...this.list.children];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") {
      event.stopPropagation();
      this.hide();
    } else if (step) {
      event.preventDefault();
      const at = places.indexOf(this.node.getRootNode().activeElement);
      places[(at + step + places.length) % places.length].focus();
    }
  }
}
