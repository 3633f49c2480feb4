/** The line people write in: grows with the words, and never sends half a Korean syllable. */
import { clip, el } from "./render.js";

const TALLEST = 130;
const TAKEN = ".xlsx,.csv,.pdf,.png,.jpg,.jpeg,.docx,.txt";

export class Writing {
  #composing = false;
  #waiting = false;
  #shift = false;

  /** `send` gets the words, `give` a file that was chosen. */
  constructor(send, give) {
    this.send = send;
    this.input = el("textarea", { id: "input", rows: "1", enterkeyhint: "send", autocomplete: "off" });
    this.input.addEventListener("compositionstart", () => { this.#composing = true; });
    this.input.addEventListener("compositionend", () => this.#composed());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("beforeinput", (event) => this.#line(event));
    this.input.addEventListener("input", () => this.grow());
    const file = el("input", { type: "file", hidden: true, accept: TAKEN, tabindex: "-1" });
    file.addEventListener("change", () => { give(file.files[0]); file.value = ""; });
    this.caption = el("label", { for: "input", class: "hidden-label" });
    this.clip = el("button", { type: "button", class: "clip", onclick: () => file.click() }, clip());
    this.button = el("button", { type: "submit" });
    this.form = el("form", {}, file, this.clip, this.caption, this.input, this.button);
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
  }

  label(texts) {
    this.caption.textContent = texts.input;
    this.input.placeholder = texts.input;
    this.button.textContent = texts.send;
    this.clip.setAttribute("aria-label", texts.attach);
    this.clip.setAttribute("title", texts.attach);
  }

  /** While an answer is awaited nothing can be sent, but words can be written. */
  wait(waiting) {
    this.button.disabled = waiting;
    this.clip.disabled = waiting;
  }

  get words() {
    return this.input.value;
  }

  set words(words) {
    this.input.value = words;
    this.grow();
  }

  /** Sends what stands there; a syllable that is still being put together is finished first. */
  submit() {
    if (this.#composing) {
      this.#waiting = true;
      this.input.blur(); // ends the composition on every system
      this.input.focus();
    } else if (this.words.trim()) this.send(this.words);
  }

  /** Enter during a composition belongs to it: Safari ends the composition first and then reports key 229. */
  #key(event) {
    this.#shift = event.shiftKey;
    if (event.key !== "Enter" || event.shiftKey) return;
    if (event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.submit();
  }

  /** A Korean keyboard that ended a syllable hands Enter on as a line break: that is the wish to send. */
  #line(event) {
    const breaks = event.inputType === "insertLineBreak" || event.inputType === "insertParagraph";
    if (!breaks || this.#shift) return;
    event.preventDefault();
    if (this.#composing) this.#waiting = true;
    else this.submit();
  }

  #composed() {
    this.#composing = false;
    if (!this.#waiting) return;
    this.#waiting = false;
    setTimeout(() => this.submit()); // the last syllable is in the input by then
  }

  grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight + 3, TALLEST)}px`;
  }
}
