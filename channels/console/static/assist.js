// Beside a call or chat: suggestions for what the customer says, records to look up, tools whose results can be said on.
//
// It fills <section id="assist" data-handover data-language>. What the customer says comes with the event "said" of
// live.js or "naru:customer-message" ({text}); words to edit leave with the event "compose" ({text}).

import { get, post, send, toast, word } from "./api.js";
import { addRow, fill, read } from "./assist_forms.js";

const SEARCH_MS = 200;

const place = document.getElementById("assist");
const base = `/console/assist/${place.dataset.handover}`;
const key = () => crypto.randomUUID?.() ?? String(Math.random()).slice(2) + Date.now();
const find = (selector, within = place) => within.querySelector(selector);
let asking; // the request for a suggestion that is under way
let lastAsked = "";
let searching;

if (!document.querySelector('link[href$="/assist.css"]')) {
  document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: "/console/static/assist.css" }));
}
place.innerHTML = await get(`${base}/panel`); // made by the templates, escaped there
addRow(form("origin"));

// what the customer says

document.addEventListener("naru:customer-message", (event) => suggest(event.detail.text));
addEventListener("said", (event) => { if (event.detail.customer) suggest(wordsOf(document.querySelectorAll("#items .item.customer"))); });

/** Returns the words of the last of some messages; a button's title or a file has nothing to be understood. */
function wordsOf(messages) {
  const last = messages[messages.length - 1];
  return last && !("pressed" in last.dataset) ? (last.querySelector(".words")?.textContent.trim() ?? "") : "";
}

async function suggest(text) {
  if (!text || text === lastAsked) return;
  lastAsked = text;
  asking?.abort();
  asking = new AbortController();
  const now = find("[data-now]");
  now.classList.add("waiting");
  try {
    const told = await post(`${base}/suggest`, { text: text.slice(0, 2000) }, { signal: asking.signal, quiet: true });
    now.innerHTML = told.html; // made by the templates, escaped there
    place.dataset.language = told.language;
    for (const { name, filled } of told.tools) if (form(name)) fill(form(name), filled);
    now.classList.remove("waiting");
    now.dataset.took = told.milliseconds;
    return told;
  } catch (error) {
    if (error.name === "AbortError") return;
    lastAsked = "";
    now.classList.remove("waiting");
  }
}

// records

place.addEventListener("input", (event) => {
  if (!event.target.matches("[data-find]")) return;
  clearTimeout(searching);
  searching = setTimeout(() => look(event.target.value), SEARCH_MS);
});

async function look(words) {
  const query = new URLSearchParams({ q: words, language: place.dataset.language });
  const list = find("#assist-found");
  find("[data-opened]").replaceChildren();
  if (!words.trim()) list.replaceChildren();
  else list.innerHTML = await get(`/console/assist/records?${query}`); // made by the templates, escaped there
}

async function openRecord(id) {
  const query = new URLSearchParams({ language: place.dataset.language });
  const { html } = await get(`${base}/records/${encodeURIComponent(id)}?${query}`);
  const opened = find("[data-opened]");
  opened.innerHTML = html; // made by the templates, escaped there
  opened.scrollIntoView({ block: "nearest" });
  find("button", opened)?.focus();
}

place.addEventListener("keydown", (event) => {
  const inList = event.target.closest("#assist-found") ?? event.target.matches("[data-find]");
  if (!inList || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  const stops = [find("[data-find]"), ...place.querySelectorAll("#assist-found button")];
  const next = stops[stops.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)];
  if (next) { event.preventDefault(); next.focus(); }
});

// tools

function form(name) {
  return find(`[data-form="${CSS.escape(name)}"]`);
}

function openTool(name) {
  const wanted = form(name);
  if (!wanted) return;
  for (const each of place.querySelectorAll("[data-form]")) each.hidden = each !== wanted;
  for (const each of place.querySelectorAll(".assist-tools [data-tool]")) each.setAttribute("aria-expanded", String(each.dataset.tool === name));
  wanted.scrollIntoView({ block: "nearest" });
  find("input, select", wanted).focus();
}

function shutTools() {
  for (const each of place.querySelectorAll("[data-form]")) each.hidden = true;
  for (const each of place.querySelectorAll(".assist-tools [data-tool]")) each.setAttribute("aria-expanded", "false");
}

/** Uses a tool and shows what came of it, or what is wrong with the form; a paper stands below its result. */
async function use(where, tool, told) {
  const faults = find("[data-faults]", where);
  const result = find(tool === "paper" ? "[data-more]" : "[data-result]", where);
  find("[data-more]", where).replaceChildren();
  faults.hidden = true;
  result.setAttribute("aria-busy", "true");
  try {
    const answer = await post(`${base}/tools/${tool}`, { ...told, language: place.dataset.language }, { quiet: true });
    result.innerHTML = answer.html; // made by the templates, escaped there
    result.dataset.verdict = answer.verdict;
    result.scrollIntoView({ block: "nearest" });
  } catch (error) {
    faults.textContent = error.problem?.faults?.map((fault) => fault.text).join("\n") ?? error.problem?.told ?? word("console_failed");
    faults.hidden = false;
  }
  result.removeAttribute("aria-busy");
}

place.addEventListener("submit", (event) => {
  event.preventDefault();
  const used = event.target;
  delete used.dataset.marks;
  use(used, used.dataset.form, read(used));
});

place.addEventListener("change", async (event) => {
  if (!event.target.matches("[data-bill]") || !event.target.files.length) return;
  const used = form("origin");
  const told = new FormData();
  told.append("file", event.target.files[0]);
  event.target.value = "";
  const faults = find("[data-faults]", used);
  try {
    const { form: filled } = await send("POST", `${base}/bill`, told, { quiet: true });
    fill(used, Object.fromEntries(Object.entries(filled).filter(([, value]) => value !== null)), true);
    faults.hidden = true;
    toast(word("console_assist_bill_read"), "good");
  } catch (error) {
    faults.textContent = error.problem?.faults?.map((fault) => fault.text).join("\n") ?? word("console_failed");
    faults.hidden = false;
  }
});

// what is pressed

const doing = {
  async send(box) {
    box.dataset.sending ??= key();
    await post(`${base}/send`, { key: box.dataset.sending, ticket: box.dataset.ticket });
    toast(word(document.getElementById("phone") ? "console_assist_said" : "console_assist_sent"), "good");
    for (const button of box.querySelectorAll('[data-do="send"]')) button.dataset.done = "true";
  },
  edit: (box) => dispatchEvent(new CustomEvent("compose", { detail: { text: box.dataset.text } })),
  aloud(box, button) {
    const words = box.previousElementSibling;
    words.hidden = !words.hidden;
    button.setAttribute("aria-expanded", String(!words.hidden));
  },
  ask(button) {
    if (!document.getElementById("phone")) dispatchEvent(new CustomEvent("compose", { detail: { text: button.dataset.text } }));
  },
};

place.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const data = button.dataset;
  const used = button.closest("[data-form]");
  if (data.do) {
    button.disabled = data.do === "send";
    await Promise.resolve(doing[data.do](button.closest("[data-ticket]") ?? button, button)).catch(() => {});
    button.disabled = data.done === "true";
  } else if (data.tool) openTool(data.tool);
  else if (data.record) openRecord(data.record).catch(() => {});
  else if ("shut" in data) shutTools();
  else if ("add" in data) addRow(used).focus();
  else if ("drop" in data) button.closest("tr").remove();
  else if (data.code) takeCode(data.code);
  else if (data.mark) refine(used, data.mark);
  else if (data.paper) print(used, JSON.parse(data.paper));
});

/** Puts a code chosen into the forms that need one. */
function takeCode(code) {
  for (const name of ["origin", "duty"]) form(name).elements.hs.value = code;
  toast(word("console_assist_code_taken"), "good");
}

/** Answers what tells candidate codes apart. */
function refine(used, mark) {
  used.dataset.marks = [used.dataset.marks, mark].filter(Boolean).join(",");
  use(used, "hs", { ...read(used), answers: used.dataset.marks.split(",") });
}

const print = (used, paper) => use(used, "paper", paper);

// What was said before the page opened: the newest words that are not the call for a person who is there now.
const before = [...document.querySelectorAll("#items .item.customer:not([data-pressed]):has(.words)")].slice(-3).reverse();
for (const message of before) if ((await suggest(wordsOf([message])))?.need !== "handover") break;
