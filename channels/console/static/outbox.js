// What was written and is on its way: sent one after the other, kept until it arrived, never doubled by a retry.

import { send, word } from "./api.js";

/**
 * `list` is the element that shows what is on its way; `address(kind)` gives where a reply or a note goes; `back(text,
 * kind)` puts words into the text field again. What is here survives a reload, in this window only.
 */
export class Outbox {
  #list;
  #address;
  #back;
  #kept;
  #waiting = [];
  #running = false;

  constructor(list, kept, address, back) {
    this.#list = list;
    this.#address = address;
    this.#back = back;
    this.#kept = kept;
    for (const each of JSON.parse(sessionStorage.getItem(kept) ?? "[]")) this.#add({ ...each, failed: true });
  }

  /** Sends words; kind is reply or note. */
  put(kind, text) {
    this.#add({ kind, text, key: crypto.randomUUID?.() ?? String(Math.random()).slice(2) + Date.now() });
    this.#run();
  }

  get empty() {
    return this.#waiting.length === 0;
  }

  #add(letter) {
    letter.node = document.createElement("li");
    letter.node.className = `item ${letter.kind === "note" ? "memo" : "staff"} pending`;
    this.#waiting.push(letter);
    this.#list.append(letter.node);
    this.#show(letter);
    this.#keep();
  }

  #show(letter) {
    const words = document.createElement("p");
    words.className = "words";
    words.textContent = letter.text;
    const bubble = document.createElement("div");
    bubble.className = "bubble";
    bubble.append(words);
    const by = document.createElement("p");
    by.className = "by";
    by.append(letter.told ?? word(letter.failed ? "console_live_unsent" : "console_live_sending"));
    letter.node.classList.toggle("failed", Boolean(letter.failed));
    letter.node.replaceChildren(bubble, by);
    if (letter.failed) by.append(" ", this.#button("console_live_again", () => this.#again(letter)), " ", this.#button("console_live_discard", () => this.#withdraw(letter)));
  }

  #button(key, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "small";
    button.textContent = word(key);
    button.addEventListener("click", act);
    return button;
  }

  #again(letter) {
    letter.failed = false;
    letter.told = undefined;
    this.#show(letter);
    this.#run();
  }

  #withdraw(letter) {
    this.#remove(letter);
    this.#back(letter.text, letter.kind);
  }

  #remove(letter) {
    this.#waiting = this.#waiting.filter((each) => each !== letter);
    letter.node.remove();
    this.#keep();
  }

  #keep() {
    const kept = this.#waiting.map(({ kind, text, key }) => ({ kind, text, key }));
    if (kept.length) sessionStorage.setItem(this.#kept, JSON.stringify(kept));
    else sessionStorage.removeItem(this.#kept);
  }

  async #run() {
    if (this.#running) return;
    this.#running = true;
    for (let letter; (letter = this.#waiting.find((each) => !each.failed)); ) {
      try {
        await send("POST", this.#address(letter.kind), { key: letter.key, text: letter.text }, { quiet: true });
        this.#remove(letter);
      } catch (error) {
        letter.failed = true;
        letter.told = error.problem?.told;
        this.#show(letter);
      }
    }
    this.#running = false;
  }
}
