/** A person at the desk beside Naru: shows that they are writing, and lets them see when the customer is. */
import { el } from "./render.js";

const SHOWN = 4000; // the server says it again about every second while it is so
const TOLD = 3000; // how often the desk is told that the customer is writing

export class Company {
  #log;
  #typing;
  #state = "none";
  #fades = 0;
  #told = 0;

  /** `input` is where the customer writes; `typing` tells the desk that they do. */
  constructor(log, input, typing) {
    this.#log = log;
    this.#typing = typing;
    this.line = el("span", { hidden: true });
    input.addEventListener("input", () => this.#writes());
    this.node = el("div", { class: "company", role: "status" }, this.line);
  }

  label(texts) {
    this.line.textContent = texts.personTyping;
  }

  /** Takes an event of the conversation's line: `handover` with its state, or `typing`. */
  heard(kind, data) {
    if (kind === "handover") this.#be(data.state);
    if (kind === "typing") this.#show();
  }

  /** The desk is told while somebody there can see it. */
  #writes() {
    if (this.#state !== "active" || Date.now() - this.#told < TOLD) return;
    this.#told = Date.now();
    this.#typing();
  }

  /** What a person wrote has come. */
  said() {
    this.line.hidden = true;
  }

  #be(state) {
    this.#state = state;
    this.#log.quiet = state === "active"; // Naru looks nothing up meanwhile
    if (state !== "active") this.line.hidden = true;
  }

  #show() {
    this.line.hidden = false;
    clearTimeout(this.#fades);
    this.#fades = setTimeout(() => { this.line.hidden = true; }, SHOWN);
  }
}
