/** What holds the conversation together: header, log, notices and the line to write in, in one panel. */
import { el } from "./render.js";

export class Frame {
  /** `parts` are the pieces that have their own files; `acts` has switch(), close() and give(file). */
  constructor(inline, left, parts, acts) {
    this.parts = parts;
    const { launcher, menu, log, notice, writing, company } = parts;
    this.title = el("h2", { id: "title" });
    this.switch = el("button", { type: "button", class: "switch", onclick: acts.switch });
    this.close = el("button", { type: "button", class: "close", hidden: inline, onclick: acts.close }, "×");
    this.about = el("button", { type: "button", class: "about", hidden: true });
    this.panel = el("section", { class: "panel", role: inline ? "region" : "dialog", "aria-labelledby": "title", tabindex: "-1", hidden: true },
      el("header", {}, this.title, this.switch, menu.node, this.close),
      log.node,
      el("div", { class: "over" }, log.below, this.about),
      company.node,
      notice.node,
      writing.form);
    this.node = el("div", { class: inline ? "inline" : `floating ${left ? "left" : "right"}` }, launcher.button, this.panel, launcher.news);
    this.panel.addEventListener("dragover", (event) => event.preventDefault());
    this.panel.addEventListener("drop", (event) => { event.preventDefault(); acts.give(event.dataTransfer.files[0]); });
    this.panel.addEventListener("click", (event) => menu.pressed(event));
    this.panel.addEventListener("keydown", (event) => { if (event.key === "Escape" && !event.isComposing && !inline) acts.close(); });
  }

  /** Offers to explain the page's record. */
  offer(words, explain) {
    this.about.textContent = words;
    this.about.onclick = explain;
    this.about.hidden = false;
  }

  label(t) {
    const { launcher, menu, log, writing, company } = this.parts;
    for (const part of [launcher, menu, writing, company]) part.label(t);
    this.title.textContent = t.title;
    this.switch.textContent = t.language;
    this.switch.setAttribute("aria-label", `${t.language} (${t.languageLabel})`);
    this.close.setAttribute("aria-label", t.close);
    log.node.setAttribute("aria-label", t.log);
    log.typing.textContent = t.typing;
    log.below.textContent = t.below;
  }
}
