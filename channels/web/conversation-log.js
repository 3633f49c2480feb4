/** The conversation as it is shown: turns in the order of their numbers, each once, each with what led to it. */
import { bubble, el } from "./render.js";

const GAP = 8; // above what is moved into view; less than between two bubbles
const NEAR = 60; // pixels from the end within which somebody reads the newest turn

export class ConversationLog {
  /** `acts` has choose(choice), rate(turn, verdict) and texts(), the words in the language of the moment. */
  constructor(api, acts) {
    this.api = api;
    this.acts = acts;
    this.entries = [];
    this.titles = new Map(); // what the buttons say, by what they send
    this.quiet = false; // a person has the conversation: nothing is being looked up
    this.node = el("div", { class: "log", role: "log", "aria-live": "polite", tabindex: "0" });
    this.typing = el("div", { class: "typing", role: "status", hidden: true });
    this.below = el("button", { type: "button", class: "below", hidden: true, onclick: () => this.#toEnd() });
    this.node.addEventListener("scroll", () => { if (this.#atEnd()) this.below.hidden = true; });
  }

  get last() {
    return this.entries.reduce((last, entry) => Math.max(last, entry.id), -1);
  }

  has(id) {
    return this.entries.some((entry) => entry.id === id);
  }

  /** Tells whether these turns go on from what is shown; not so when conversations were joined or separated. */
  agrees(turns) {
    return this.entries.every((entry) => {
      const kept = turns.find((turn) => turn.turn_id === entry.id);
      return kept && (!entry.turn.intent || JSON.stringify(marks(entry.turn)) === JSON.stringify(marks(kept)));
    });
  }

  clear() {
    this.entries = [];
    this.node.replaceChildren();
    this.below.hidden = true;
  }

  /** Shows the page's own first line. */
  greet(words) {
    if (!words) return;
    this.greeting = words;
    const box = el("div", { class: "bubble" }, words.split("\n").map((line) => el("p", {}, line)));
    this.node.prepend(el("div", { class: "reply host-greeting" }, box));
  }

  /** Shows what the person just sent, before it is answered; returns its line. */
  mine(words) {
    const line = this.#line(words);
    this.node.append(line);
    this.#scroll(line);
    return line;
  }

  /**
   * Shows a turn; `line` is what the person sent if it is shown already. `view` says whether to move to it: "turn"
   * does, "offer" only where the newest turn is being read and else says that it is there, "start" shows the beginning.
   */
  add(turn, line = null, view = "turn") {
    if (this.has(turn.turn_id)) return;
    const words = line ? line.querySelector(".bubble").textContent : this.#words(turn.message);
    const sent = line || (words ? this.#line(words) : null);
    const node = this.#turn(turn);
    const entry = { id: turn.turn_id, turn, words, nodes: [sent, node].filter(Boolean) };
    const following = this.entries.find((other) => other.id > entry.id);
    const stayed = this.#atEnd();
    if (following) following.nodes[0].before(...entry.nodes);
    else if (line) line.after(node);
    else this.node.append(...entry.nodes);
    if (!this.typing.hidden) this.node.append(this.typing);
    this.entries.push(entry);
    this.entries.sort((one, other) => one.id - other.id);
    this.#know(turn);
    if (view === "turn" || (view === "offer" && stayed)) this.#scroll(entry.nodes[0] === line ? node : entry.nodes[0]);
    else if (view === "offer") this.below.hidden = false;
    else this.node.scrollTop = 0;
  }

  /** Shows many turns at once, without reading all of them out. */
  fill(turns) {
    this.node.setAttribute("aria-live", "off");
    for (const turn of turns) this.add(turn);
    setTimeout(() => this.node.setAttribute("aria-live", "polite"), 300);
  }

  wait(waiting) {
    this.typing.hidden = !waiting || this.quiet;
    if (this.typing.hidden) return;
    this.node.append(this.typing);
    const end = this.typing.offsetTop - this.node.offsetTop + this.typing.offsetHeight;
    this.node.scrollTop = Math.max(this.node.scrollTop, end - this.node.clientHeight);
  }

  /** What the person sent in an earlier turn or on another channel, as far as it is kept. */
  #words(message) {
    if (!message) return "";
    if (message.text) return message.text;
    if (message.file_id) return this.acts.texts().sentFile;
    return (message.payload && this.titles.get(message.payload)) || "";
  }

  #know(turn) {
    for (const reply of turn.replies) for (const choice of reply.choices) this.titles.set(choice.payload, choice.title);
  }

  #line(words) {
    const you = el("span", { class: "hidden-label" }, this.acts.texts().you);
    return el("div", { class: "mine" }, you, el("div", { class: "bubble" }, words));
  }

  #turn(turn) {
    const t = this.acts.texts();
    const replies = turn.replies.map((reply) => bubble(reply, t, (choice) => this.acts.choose(choice), this.api));
    const staff = Boolean(turn.intent) && turn.intent.name === "staff"; // a person of the desk wrote it
    const who = staff ? el("p", { class: "who" }, t.person) : el("span", { class: "hidden-label" }, t.naru);
    const node = el("div", { class: staff ? "turn staff" : "turn" }, turn.replies.length ? who : "", replies);
    if (turn.records.length && turn.intent) node.append(this.#rating(turn));
    return node;
  }

  #rating(turn) {
    const t = this.acts.texts();
    const row = el("div", { class: "rate" });
    const status = el("span", { role: "status" });
    for (const verdict of ["up", "down"]) {
      const button = el("button", { type: "button", "aria-pressed": "false" }, t[verdict]);
      button.addEventListener("click", async () => {
        if (!(await this.acts.rate(turn, verdict))) return;
        for (const other of row.querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === button));
        status.textContent = t.rated;
      });
      row.append(button);
    }
    row.append(status);
    return row;
  }

  #atEnd() {
    return this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight < NEAR;
  }

  #toEnd() {
    this.below.hidden = true;
    this.node.scrollTop = this.node.scrollHeight;
    this.node.focus();
  }

  #scroll(node) {
    this.node.scrollTop = Math.max(0, node.offsetTop - this.node.offsetTop - GAP);
  }
}

/** What stays the same of a turn however often it is asked for (addresses of files do not). */
function marks(turn) {
  return [turn.intent.name, turn.outcome, turn.records, turn.replies.length];
}
