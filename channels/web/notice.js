/** The line above the input that says what went wrong, or asks whether to go on. */
import { el } from "./render.js";

export class Notice {
  constructor() {
    this.node = el("div", { class: "notice", role: "alert", hidden: true });
  }

  /** Shows a sentence with buttons, pairs of a label and what to do; without a sentence it goes away. */
  say(text, actions = []) {
    this.node.hidden = !text;
    this.node.replaceChildren();
    if (!text) return;
    this.node.append(el("span", {}, text));
    for (const [label, act] of actions) {
      this.node.append(el("button", { type: "button", onclick: () => { this.say(null); act(); } }, label));
    }
  }
}
