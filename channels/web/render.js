/** Turns replies into elements. Text only ever becomes text nodes, never markup. */

/** Makes an element with attributes and children; strings become text nodes. */
export function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value === true) node.setAttribute(key, "");
    else if (value !== false && value != null) node.setAttribute(key, value);
  }
  node.append(...children.flat(Infinity).filter((child) => child != null && child !== ""));
  return node;
}

const ADDRESS = /(?:https?:\/\/|www\.)[^\s<>"'()]*[^\s<>"'().,;:!?]/g;

/** Returns a link for an http(s) address, else plain text. */
export function link(address, label = address) {
  const href = address.startsWith("www.") ? `http://${address}` : address;
  if (!/^https?:\/\//.test(href)) return document.createTextNode(label);
  return el("a", { href, target: "_blank", rel: "noopener noreferrer" }, label);
}

/** Returns the bubble of one reply. */
export function bubble(reply, texts, onChoice, base) {
  const note = el("div", { class: "term-note", role: "status" });
  const terms = [...reply.terms];
  const parts = [];
  for (const [index, line] of (reply.text || "").split("\n").entries()) {
    parts.push(el("p", { class: index === 0 && reply.sources.length ? "head" : null }, withTerms(line, terms, note, texts)));
  }
  if (reply.card) parts.push(card(reply.card, terms, note, texts));
  if (reply.image) parts.push(el("img", { class: "image", src: addressOf(reply.image.url, base), alt: reply.image.alt }));
  if (reply.file) parts.push(file(reply.file, texts, base));
  parts.push(note);
  if (reply.sources.length) parts.push(sources(reply.sources, texts));
  const box = el("div", { class: "bubble" }, parts);
  const choices = reply.choices.map((choice) =>
    el("button", { type: "button", class: "choice", onclick: () => onChoice(choice) }, choice.title),
  );
  return el("div", { class: "reply" }, box, choices.length ? el("div", { class: "choices" }, choices) : null);
}

/** Returns the address of a picture or file: Naru's own are given from its root, wherever the page is. */
function addressOf(url, base) {
  return url.startsWith("/") ? base + url : new URL(url, base).href;
}

/** Returns a file to take, with its kind. */
function file(given, texts, base) {
  const kind = given.name.split(".").pop().toUpperCase();
  const href = addressOf(given.url, base);
  return el("a", { class: "file", href, download: given.name, target: "_blank", rel: "noopener" },
    el("span", { class: "kind", "aria-hidden": "true" }, kind), el("span", {}, given.name), el("span", { class: "facts" }, texts.download));
}

/** Returns text nodes, links, and a button for the first use of each term. */
function withTerms(line, terms, note, texts) {
  const nodes = [];
  let rest = line;
  while (rest) {
    const next = nearest(rest, terms);
    if (!next) break;
    nodes.push(...withLinks(rest.slice(0, next.at)), termButton(next.term, note, texts));
    rest = rest.slice(next.at + next.term.term.length);
    terms.splice(terms.indexOf(next.term), 1);
  }
  return [...nodes, ...withLinks(rest)];
}

function nearest(text, terms) {
  const found = terms.map((term) => ({ term, at: whereWord(text, term.term) })).filter(({ at }) => at >= 0);
  return found.sort((a, b) => a.at - b.at || b.term.term.length - a.term.term.length)[0];
}

const PARTICLE = /^(?:은|는|이|가|을|를|과|와|의|에|로|으로|도|만|나|라|란|예요|인|면|처럼|부터|까지|보다|마다|하)/;
const LETTER = /[\p{L}\p{N}]/u;

/** Returns where a term stands as a word of its own: not inside 수출신고필증 for 수출신고, nor in FOBs for FOB. */
function whereWord(text, term) {
  for (let at = text.indexOf(term); at >= 0; at = text.indexOf(term, at + 1)) {
    const after = text.slice(at + term.length);
    const begins = at === 0 || !LETTER.test(text[at - 1]);
    if (begins && (!after || !LETTER.test(after[0]) || PARTICLE.test(after))) return at;
  }
  return -1;
}

function withLinks(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    nodes.push(text.slice(end, match.index), link(match[0]));
    end = match.index + match[0].length;
  }
  return [...nodes, text.slice(end)];
}

function termButton(term, note, texts) {
  const button = el("button", { type: "button", class: "term", "aria-expanded": "false" }, term.term);
  button.addEventListener("click", () => {
    const opened = button.getAttribute("aria-expanded") === "true";
    for (const other of note.parentElement.querySelectorAll(".term")) other.setAttribute("aria-expanded", "false");
    note.replaceChildren();
    if (opened) return;
    button.setAttribute("aria-expanded", "true");
    const close = el("button", { type: "button", class: "quiet", "aria-label": texts.closeTerm, onclick: () => button.click() }, "×");
    note.append(el("strong", {}, term.term), " ", term.plain, close);
  });
  return button;
}

function card(content, terms, note, texts) {
  const cell = (text) => withTerms(text, terms, note, texts);
  const title = el("p", { class: "card-title" }, content.title);
  if (content.kind === "table") {
    const head = el("tr", {}, content.columns.map((name) => el("th", { scope: "col" }, name)));
    const rows = content.rows.map((row) => el("tr", {}, row.map((text) => el("td", {}, cell(text)))));
    const table = el("table", {}, el("thead", {}, head), el("tbody", {}, rows));
    return el("div", { class: "card" }, title, el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": content.title }, table));
  }
  const items = content.rows.map((row) =>
    el("li", {}, row.length > 1 ? [el("strong", {}, row[0]), el("br"), cell(row[1])] : cell(row[0])),
  );
  return el("div", { class: "card" }, title, el(content.kind === "steps" ? "ol" : "ul", {}, items));
}

function sources(notes, texts) {
  const items = notes.map((note) => {
    const title = note.url ? link(note.url, note.title) : note.title;
    const facts = [note.locator, texts.asOf(note.as_of), texts.basis[note.basis]].filter(Boolean).join(" · ");
    return el("li", {}, title, el("span", { class: "facts" }, facts));
  });
  return el("details", { class: "sources" }, el("summary", {}, texts.sources(notes.length)), el("ul", {}, items));
}

/** Returns the picture of a paper clip, in the colour of its button. */
export function clip() {
  const SVG = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", width: 22, height: 22, "aria-hidden": "true" })) picture.setAttribute(key, value);
  path.setAttribute("d", "M20 11.5l-8.2 8.2a5.2 5.2 0 0 1-7.4-7.4l8.6-8.6a3.5 3.5 0 0 1 4.9 4.9l-8.6 8.6a1.7 1.7 0 0 1-2.4-2.4l7.8-7.8");
  for (const [key, value] of Object.entries({ fill: "none", stroke: "currentColor", "stroke-width": 2, "stroke-linecap": "round" })) path.setAttribute(key, value);
  picture.append(path);
  return picture;
}
