// Where an agent writes: Enter sends, never half a Korean syllable; a private note looks like one; drafts are kept.

import { post, toast, word } from "./api.js";
import { Canned, gapIn } from "./canned.js";

const TYPING_MS = 3000; // the customer sees it for six seconds

export class Composer {
  #form;
  #field;
  #place;
  #outbox;
  #canned;
  #typed = 0;
  #composing = false;
  #sendAfter = false;

  constructor(form, place, outbox) {
    this.#form = form;
    this.#field = form.querySelector("textarea");
    this.#place = place;
    this.#outbox = outbox;
    const replies = JSON.parse(document.getElementById("replies").textContent);
    this.#canned = new Canned(this.#field, document.getElementById("canned"), replies, { staff: place.dataset.staff, hours: place.dataset.hours });
    this.#field.value = sessionStorage.getItem(this.#draft) ?? "";
    this.#field.addEventListener("compositionstart", () => { this.#composing = true; });
    this.#field.addEventListener("compositionend", () => this.#composed());
    this.#field.addEventListener("keydown", (event) => this.#key(event));
    this.#field.addEventListener("input", () => this.#changed());
    form.addEventListener("submit", (event) => { event.preventDefault(); this.#send(); });
    form.addEventListener("change", (event) => {
      this.dress();
      if (event.target.name === "mode") this.#field.focus();
    });
    // Suggestions beside the conversation put their words here.
    addEventListener("compose", (event) => this.put(event.detail.text));
    this.#grow();
    this.dress();
  }

  get mode() {
    return this.#form.elements.mode.value;
  }

  get #draft() {
    return `draft-${this.#place.dataset.handover}`;
  }

  /** Offers replies only to whoever has the conversation; everybody who sees it may write notes. */
  dress() {
    const { state, mine } = this.#place.dataset;
    const replies = state === "active" && mine === "true";
    this.#form.hidden = state === "closed";
    const [reply, note] = this.#form.elements.mode;
    reply.disabled = !replies;
    if (!replies) note.checked = true;
    else if (this.#form.dataset.could !== "true") reply.checked = true;
    this.#form.dataset.could = String(replies);
    this.#form.dataset.mode = this.mode;
    document.getElementById("send").textContent = word(this.mode === "note" ? "console_live_note_keep" : "console_live_send");
  }

  /** Puts words into the text field, behind what stands there. */
  put(text, kind = "reply") {
    const wanted = [...this.#form.elements.mode].find((each) => each.value === kind);
    if (!wanted.disabled) wanted.checked = true;
    this.dress();
    this.#field.value = [this.#field.value.trim(), text].filter(Boolean).join("\n");
    this.#field.focus();
    this.#changed();
  }

  focus() {
    this.#field.focus();
  }

  #key(event) {
    if (this.#canned.key(event)) return;
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.#send();
  }

  #composed() {
    this.#composing = false;
    if (!this.#sendAfter) return;
    this.#sendAfter = false;
    setTimeout(() => this.#send());
  }

  #changed() {
    this.#grow();
    if (this.#field.value) sessionStorage.setItem(this.#draft, this.#field.value);
    else sessionStorage.removeItem(this.#draft);
    if (this.mode !== "reply" || !this.#field.value || Date.now() - this.#typed < TYPING_MS) return;
    this.#typed = Date.now();
    post(`/console/live/${this.#place.dataset.handover}/typing`, undefined, { quiet: true }).catch(() => {});
  }

  #grow() {
    this.#field.style.height = "auto";
    this.#field.style.height = `${Math.min(this.#field.scrollHeight + 2, 180)}px`;
  }

  #send() {
    if (this.#composing) { // a press on the button in the middle of a syllable
      this.#sendAfter = true;
      this.#field.blur();
      this.#field.focus();
      return;
    }
    const text = this.#field.value.trim();
    if (!text) return;
    const gap = this.mode === "reply" && gapIn(this.#field.value);
    if (gap) {
      toast(word("console_live_gap"));
      this.#field.focus();
      this.#field.setSelectionRange(gap.start, gap.end);
      return;
    }
    this.#outbox.put(this.mode, text);
    this.#field.value = "";
    this.#typed = 0;
    this.#changed();
  }
}
