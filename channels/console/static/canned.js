// Replies used often: "/" at the start of a message opens the list, letters narrow it, Enter or Tab takes one.

const GAP = /\{(\w+)\}/;

/** Returns where the first gap in braces stands that is still to be filled, or null. */
export function gapIn(text) {
  const found = GAP.exec(text);
  return found && { start: found.index, end: found.index + found[0].length };
}

export class Canned {
  #field;
  #list;
  #replies;
  #values;
  #found = [];
  #at = 0;

  /** `values` fills placeholders that are known. */
  constructor(field, list, replies, values) {
    this.#field = field;
    this.#list = list;
    this.#replies = replies;
    this.#values = values;
    field.addEventListener("input", () => this.#look());
    field.addEventListener("blur", () => setTimeout(() => { if (document.activeElement !== field) this.#show([]); }, 150));
    list.addEventListener("mousedown", (event) => {
      const option = event.target.closest("[role=option]");
      if (!option) return;
      event.preventDefault();
      this.#take([...list.children].indexOf(option));
    });
  }

  /** Handles a key while the list is open; tells whether it did. */
  key(event) {
    if (!this.#found.length || event.isComposing || event.keyCode === 229) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      this.#at = (this.#at + step + this.#found.length) % this.#found.length;
      this.#mark();
    } else if (event.key === "Enter" || event.key === "Tab") this.#take(this.#at);
    else if (event.key === "Escape") this.#show([]);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  #look() {
    const text = this.#field.value;
    if (!text.startsWith("/") || text.includes("\n")) return this.#show([]);
    const wanted = text.slice(1).trim().toLowerCase();
    const begins = this.#replies.filter((each) => each.shortcut.toLowerCase().startsWith(wanted));
    const holds = this.#replies.filter((each) => !begins.includes(each) && `${each.shortcut} ${each.text}`.toLowerCase().includes(wanted));
    return this.#show([...begins, ...holds].slice(0, 8));
  }

  #show(found) {
    this.#found = found;
    this.#at = 0;
    this.#list.hidden = found.length === 0;
    this.#list.replaceChildren(...found.map((each, index) => {
      const option = document.createElement("li");
      option.setAttribute("role", "option");
      option.id = `canned-${index}`;
      option.lang = each.language;
      const name = document.createElement("strong");
      name.textContent = `/${each.shortcut}`;
      const words = document.createElement("span");
      words.textContent = each.text;
      option.append(name, " ", words);
      return option;
    }));
    this.#mark();
  }

  #mark() {
    for (const [index, option] of [...this.#list.children].entries()) {
      option.setAttribute("aria-selected", String(index === this.#at));
      if (index === this.#at) option.scrollIntoView({ block: "nearest" });
    }
    if (this.#found.length) this.#field.setAttribute("aria-activedescendant", `canned-${this.#at}`);
    else this.#field.removeAttribute("aria-activedescendant");
  }

  #take(index) {
    const text = this.#found[index].text.replace(/\{(\w+)\}/g, (whole, name) => this.#values[name] || whole);
    this.#show([]);
    this.#field.value = text;
    this.#field.dispatchEvent(new Event("input"));
    const gap = gapIn(text) ?? { start: text.length, end: text.length };
    this.#field.focus();
    this.#field.setSelectionRange(gap.start, gap.end);
  }
}
