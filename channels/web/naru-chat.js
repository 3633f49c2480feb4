/** The element <naru-chat>: a conversation with Naru, floating over a page or filling a place in it. */
import { Client } from "./client.js";
import { bubble, clip, el } from "./render.js";
import { STYLE } from "./style.js";
import { TEXTS } from "./texts.js";

export class NaruChat extends HTMLElement {
  #client;
  #language = "ko";
  #busy = false;
  #started = false;
  #parts = {};

  connectedCallback() {
    if (this.shadowRoot) return;
    this.#client = new Client(this.getAttribute("api") || location.origin);
    this.#language = this.getAttribute("language") === "en" ? "en" : "ko";
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    if (this.getAttribute("colour")) this.style.setProperty("--colour", this.getAttribute("colour"));
    this.#build(root);
    if (this.hasAttribute("inline") || this.getAttribute("open") === "true") this.open(false);
  }

  /** Shows the conversation; `focus` puts the cursor into the input where that opens no keyboard. */
  async open(focus = true) {
    this.#parts.panel.hidden = false;
    this.#parts.launcher.hidden = true;
    if (focus && matchMedia("(hover: hover)").matches) this.#parts.input.focus();
    if (!this.#started) {
      this.#started = true;
      await this.#begin();
    }
  }

  close() {
    this.#parts.panel.hidden = true;
    this.#parts.launcher.hidden = false;
    this.#parts.launcher.focus();
  }

  get #texts() {
    return TEXTS[this.#language];
  }

  #build(root) {
    const p = this.#parts;
    const inline = this.hasAttribute("inline");
    p.launcher = el("button", { type: "button", class: "launcher", hidden: inline, onclick: () => this.open() });
    p.title = el("h2", { id: "title" });
    p.switch = el("button", { type: "button", onclick: () => this.#switch() });
    p.restart = el("button", { type: "button", onclick: () => this.#askRestart() });
    p.close = el("button", { type: "button", hidden: inline, onclick: () => this.close() }, "×");
    p.log = el("div", { class: "log", role: "log", "aria-live": "polite", tabindex: "0" });
    p.typing = el("div", { class: "typing", role: "status", hidden: true });
    p.notice = el("div", { class: "notice", role: "alert", hidden: true });
    p.label = el("label", { for: "input", class: "hidden-label" });
    p.input = el("textarea", { id: "input", rows: "1", enterkeyhint: "send", autocomplete: "off" });
    p.send = el("button", { type: "submit" });
    p.file = el("input", { type: "file", hidden: true, accept: ".xlsx,.csv,.pdf,.png,.jpg,.jpeg,.docx,.txt", tabindex: "-1" });
    p.clip = el("button", { type: "button", class: "clip", onclick: () => p.file.click() }, clip());
    p.file.addEventListener("change", () => this.#upload(p.file.files[0]));
    p.form = el("form", {}, p.file, p.clip, p.label, p.input, p.send);
    p.panel = el("section", { class: "panel", role: inline ? "region" : "dialog", "aria-labelledby": "title", hidden: true },
      el("header", {}, p.title, p.switch, p.restart, p.close), p.log, p.notice, p.form);
    p.panel.addEventListener("dragover", (event) => event.preventDefault());
    p.panel.addEventListener("drop", (event) => { event.preventDefault(); this.#upload(event.dataTransfer.files[0]); });
    p.form.addEventListener("submit", (event) => { event.preventDefault(); this.#submit(); });
    p.input.addEventListener("keydown", (event) => this.#key(event));
    p.input.addEventListener("input", () => this.#grow());
    p.panel.addEventListener("keydown", (event) => { if (event.key === "Escape" && !inline) this.close(); });
    root.append(el("div", { class: inline ? "inline" : "floating" }, p.launcher, p.panel));
    this.#label();
  }

  #label() {
    const p = this.#parts;
    const t = this.#texts;
    this.setAttribute("lang", this.#language);
    p.launcher.textContent = t.open;
    p.title.textContent = t.title;
    p.switch.textContent = t.language;
    p.switch.setAttribute("aria-label", `${t.language} (${t.languageLabel})`);
    p.restart.textContent = t.restart;
    p.close.setAttribute("aria-label", t.close);
    p.log.setAttribute("aria-label", t.log);
    p.typing.textContent = t.typing;
    p.label.textContent = t.input;
    p.input.placeholder = t.input;
    p.send.textContent = t.send;
    p.clip.setAttribute("aria-label", t.attach);
    p.clip.setAttribute("title", t.attach);
  }

  async #begin() {
    try {
      const turns = await this.#client.history();
      if (turns && turns.length) turns.forEach((turn) => this.#show(turn, true));
      else await this.#greet();
    } catch (error) {
      this.#started = false;
      this.#fail(error, () => this.open(false));
    }
  }

  async #greet() {
    this.#wait(true);
    try {
      const opened = await this.#client.open(this.#language);
      this.#show({ replies: opened.replies, outcome: "answered", language: opened.language, records: [] }, false);
    } finally {
      this.#wait(false);
    }
  }

  #key(event) {
    if (event.key !== "Enter" || event.shiftKey) return;
    if (event.isComposing || event.keyCode === 229) return; // a Korean syllable is still being put together
    event.preventDefault();
    this.#submit();
  }

  #submit() {
    const words = this.#parts.input.value;
    if (this.#busy || !words.trim()) return;
    this.#parts.input.value = "";
    this.#grow();
    this.#send({ text: words }, words);
  }

  /** Sends the chosen file, then asks Naru to look at it. */
  async #upload(file) {
    this.#parts.file.value = "";
    if (!file || this.#busy) return;
    const mine = this.#mine(file.name);
    const progress = el("progress", { max: "1", value: "0", "aria-label": this.#texts.sending });
    mine.querySelector(".bubble").append(progress);
    this.#notice(null);
    this.#wait(true);
    try {
      if (!this.#client.conversation) await this.#client.open(this.#language);
      const fileId = await this.#client.upload(file, (share) => { progress.value = share; });
      progress.remove();
      this.#show(await this.#client.say({ file_id: fileId }), false);
    } catch (error) {
      mine.remove();
      this.#fail(error);
    } finally {
      this.#wait(false);
    }
  }

  async #send(message, shown) {
    if (this.#busy) return;
    const mine = this.#mine(shown);
    this.#notice(null);
    this.#wait(true);
    try {
      if (!this.#client.conversation) await this.#client.open(this.#language);
      this.#show(await this.#client.say(message), false);
    } catch (error) {
      await this.#notSent(error, message, shown, mine);
    } finally {
      this.#wait(false);
    }
  }

  /** Nothing typed is lost: words go back into the input, a pressed button can be pressed again. */
  async #notSent(error, message, shown, mine) {
    mine.remove();
    if (error.kind === "lost") {
      this.#client.forget();
      this.#parts.log.replaceChildren();
      this.#notice(this.#texts.lost);
      this.#busy = false;
      await this.#greet().then(() => this.#send(message, shown), (failure) => this.#fail(failure));
      return;
    }
    if (message.text && !this.#parts.input.value) this.#parts.input.value = message.text;
    this.#grow();
    this.#fail(error, message.payload ? () => this.#send(message, shown) : null);
  }

  #fail(error, again = null) {
    const text = this.#texts[error.kind] || this.#texts.broken;
    this.#notice(typeof text === "function" ? text(error.wait) : text, again && [[this.#texts.again, again]]);
  }

  #notice(text, actions = null) {
    const notice = this.#parts.notice;
    notice.hidden = !text;
    notice.replaceChildren();
    if (!text) return;
    notice.append(el("span", {}, text));
    for (const [label, action] of actions || []) {
      notice.append(el("button", { type: "button", onclick: () => { this.#notice(null); action(); } }, label));
    }
  }

  #mine(words) {
    const line = el("div", { class: "mine" }, el("span", { class: "hidden-label" }, this.#texts.you), el("div", { class: "bubble" }, words));
    this.#parts.log.append(line);
    this.#scroll(line);
    return line;
  }

  #show(turn, past) {
    if (past && turn.message && turn.message.text) this.#mine(turn.message.text);
    if (turn.language && turn.language !== this.#language) {
      this.#language = turn.language;
      this.#label();
    }
    const choose = (choice) => this.#send({ payload: choice.payload }, choice.title);
    const node = el("div", { class: "turn" }, el("span", { class: "hidden-label" }, this.#texts.naru),
      turn.replies.map((reply) => bubble(reply, this.#texts, choose, this.#client.api)));
    if (turn.records.length && turn.turn_id != null) node.append(this.#rating(turn));
    this.#parts.log.append(node);
    this.#scroll(node);
  }

  #rating(turn) {
    const t = this.#texts;
    const row = el("div", { class: "rate" });
    const status = el("span", { role: "status" });
    for (const verdict of ["up", "down"]) {
      const button = el("button", { type: "button", "aria-pressed": "false" }, t[verdict]);
      button.addEventListener("click", async () => {
        try {
          await this.#client.rate(turn.turn_id, verdict);
          for (const other of row.querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === button));
          status.textContent = t.rated;
        } catch (error) {
          this.#fail(error);
        }
      });
      row.append(button);
    }
    row.append(status);
    return row;
  }

  #switch() {
    const next = this.#language === "ko" ? "en" : "ko";
    this.#send({ payload: next === "en" ? "/speak_english" : "/speak_korean" }, this.#texts.language);
  }

  #askRestart() {
    const t = this.#texts;
    this.#notice(t.confirmRestart, [[t.yes, () => this.#restart()], [t.no, () => {}]]);
  }

  async #restart() {
    await this.#client.erase();
    this.#parts.log.replaceChildren();
    await this.#greet().catch((error) => this.#fail(error, () => this.#restart()));
  }

  #wait(busy) {
    this.#busy = busy;
    this.#parts.send.disabled = busy;
    this.#parts.clip.disabled = busy;
    this.#parts.typing.hidden = !busy;
    if (busy) {
      this.#parts.log.append(this.#parts.typing);
      this.#scroll(this.#parts.typing);
    }
  }

  #scroll(node) {
    const log = this.#parts.log;
    log.scrollTop = Math.min(log.scrollHeight, Math.max(0, node.offsetTop - log.offsetTop - 12));
  }

  #grow() {
    const input = this.#parts.input;
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight + 3, 130)}px`;
  }
}
