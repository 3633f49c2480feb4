/** The button that opens the conversation, with the number of answers nobody has read yet. */
import { el } from "./render.js";

export class Launcher {
  #unread = new Set();
  #texts;

  constructor(hidden, open) {
    this.words = el("span");
    this.badge = el("span", { class: "badge", hidden: true, "aria-hidden": "true" });
    this.button = el("button", { type: "button", class: "launcher", hidden, onclick: open }, this.words, this.badge);
    this.news = el("div", { class: "hidden-label", role: "status" });
  }

  label(texts) {
    this.#texts = texts;
    this.words.textContent = texts.open;
    this.#count();
  }

  /** Says politely that a turn has come. */
  tell(turnId) {
    this.#unread.add(turnId);
    this.#count();
  }

  /** Forgets what has been read: everything up to a turn. */
  read(upTo) {
    for (const id of this.#unread) if (id <= upTo) this.#unread.delete(id);
    this.#count();
  }

  #count() {
    const many = this.#unread.size;
    this.badge.hidden = !many;
    this.badge.textContent = many > 9 ? "9+" : String(many);
    this.news.textContent = many ? this.#texts.unread(many) : "";
    if (many) this.button.setAttribute("aria-label", `${this.#texts.open} (${this.#texts.unread(many)})`);
    else this.button.removeAttribute("aria-label");
  }
}
