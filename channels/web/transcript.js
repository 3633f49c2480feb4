/** The conversation on paper: a readable document with every source, made in the browser. */
import { el, link } from "./render.js";

const LOOK = `
body { font: 16px/1.6 system-ui, "Apple SD Gothic Neo", "Noto Sans KR", "Noto Sans CJK KR", "Malgun Gothic", sans-serif;
  color: #1b2429; max-width: 720px; margin: 24px auto; padding: 0 16px; word-break: keep-all; overflow-wrap: anywhere; }
h1 { font-size: 24px; margin: 0; } .made { color: #46555d; margin: 0 0 24px; }
section { margin: 0 0 18px; break-inside: avoid-page; } h2 { font-size: 15px; margin: 0 0 2px; color: #07506b; }
.mine { border-inline-start: 4px solid #c9d4da; padding-inline-start: 12px; white-space: pre-wrap; }
p { margin: 0 0 4px; } .small { font-size: 14px; color: #46555d; }
table { border-collapse: collapse; } th, td { border: 1px solid #c9d4da; padding: 4px 8px; text-align: start; vertical-align: top; }
`;

/** Returns the conversation as an element. */
function article(log, t, language) {
  const made = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" }).format(new Date());
  const parts = [el("h1", {}, t.transcript), el("p", { class: "made" }, `${made} · ${log.api}`)];
  if (log.greeting) parts.push(el("section", {}, el("p", {}, log.greeting)));
  for (const entry of log.entries) {
    if (entry.words) parts.push(el("section", { class: "mine" }, el("h2", {}, t.you), el("p", {}, entry.words)));
    parts.push(el("section", {}, el("h2", {}, (entry.turn.intent || {}).name === "staff" ? t.person : t.naru), entry.turn.replies.map((reply) => told(reply, t))));
  }
  return el("main", {}, parts);
}

function told(reply, t) {
  const lines = (reply.text || "").split("\n").map((line) => el("p", {}, line));
  const terms = reply.terms.map(({ term, plain }) => el("li", {}, el("strong", {}, term), ` ${plain}`));
  const notes = reply.sources.map((note) => el("li", {}, source(note, t)));
  return [
    lines,
    reply.card && card(reply.card),
    reply.image && el("p", {}, `[${t.picture}] ${reply.image.alt}`),
    reply.file && el("p", {}, `[${t.sentFile}] ${reply.file.name}`),
    terms.length ? el("ul", { class: "small" }, terms) : null,
    notes.length ? [el("p", { class: "small" }, t.sources(notes.length)), el("ul", { class: "small" }, notes)] : null,
  ];
}

function card(content) {
  const title = el("p", {}, el("strong", {}, content.title));
  if (content.kind !== "table") {
    const rows = content.rows.map((row) => el("li", {}, row.join(": ")));
    return [title, el(content.kind === "steps" ? "ol" : "ul", {}, rows)];
  }
  const head = el("tr", {}, content.columns.map((name) => el("th", {}, name)));
  return [title, el("table", {}, head, content.rows.map((row) => el("tr", {}, row.map((cell) => el("td", {}, cell)))))];
}

function source(note, t) {
  const facts = [note.title, note.locator, t.asOf(note.as_of), t.basis[note.basis]].filter(Boolean).join(" · ");
  return note.url ? [facts, " ", link(note.url)] : facts;
}

/** Saves the conversation as a page that every browser opens. */
export function save(log, t, language) {
  const page = document.implementation.createHTMLDocument(t.transcript);
  page.documentElement.lang = language;
  page.body.append(article(log, t, language));
  // As text: a style element would need the host page's permission, even in a document nobody sees.
  const look = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><style>${LOOK}</style>`;
  const html = page.documentElement.outerHTML.replace("<head>", () => `<head>${look}`);
  const content = new Blob([`<!doctype html>\n${html}`], { type: "text/html" });
  const address = URL.createObjectURL(content);
  const day = new Intl.DateTimeFormat("sv").format(new Date());
  el("a", { href: address, download: `${t.transcriptFile}-${day}.html` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}

/** Prints the conversation alone, from a window of its own; returns false where the browser opens none. */
export function print(log, t, language) {
  const paper = window.open("", "_blank");
  if (!paper) return false;
  const page = paper.document;
  page.title = t.transcript;
  page.documentElement.lang = language;
  const look = new paper.CSSStyleSheet(); // a style element would need the host page's permission
  look.replaceSync(LOOK);
  page.adoptedStyleSheets = [look];
  page.body.replaceChildren(article(log, t, language));
  setTimeout(() => paper.print());
  return true;
}
