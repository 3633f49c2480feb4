// A call: what the caller says is typed, kept in the protocol, and answered by suggestions beside it.

import { live, post } from "./api.js";

const PAUSE_MS = 500; // of typing, after which a suggestion is made before the line is noted down

const place = document.getElementById("phone");
const items = document.getElementById("items");
const form = document.getElementById("caller");
const field = form.querySelector("textarea");
const toEnd = () => { items.scrollTop = items.scrollHeight; };
const ask = (text) => document.dispatchEvent(new CustomEvent("naru:customer-message", { detail: { text } }));
let composing = false;
let pause;
let under = null; // the line that is being noted down: the same key when it is tried again

async function noteDown() {
  const text = field.value.trim();
  if (!text) return;
  clearTimeout(pause);
  ask(text);
  if (under?.text !== text) under = { key: crypto.randomUUID?.() ?? String(Math.random()).slice(2) + Date.now(), text };
  field.value = "";
  try {
    await post(`/console/assist/calls/${place.dataset.handover}/said`, under);
    under = null;
  } catch {
    field.value = [text, field.value].filter(Boolean).join("\n"); // told already; nothing typed is lost
  }
}

form.addEventListener("submit", (event) => { event.preventDefault(); noteDown(); });
field.addEventListener("compositionstart", () => { composing = true; });
field.addEventListener("compositionend", () => { composing = false; });
field.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || composing) return;
  event.preventDefault();
  noteDown();
});
field.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(() => { if (field.value.trim().length > 3) ask(field.value.trim()); }, PAUSE_MS);
});

/** Sends a dialog; it stays open with what was written until that worked. */
async function finish(event, act, told, then) {
  event.preventDefault();
  const button = event.target.querySelector("button.main");
  button.disabled = true;
  try {
    await post(`/console/live/${place.dataset.handover}/${act}`, told(new FormData(event.target)));
    event.target.closest("dialog").close();
    event.target.reset();
    then?.();
  } catch { /* told already */ }
  button.disabled = false;
}

document.querySelector("[data-closing]").addEventListener("submit", (event) =>
  finish(event, "close", (told) => ({ wrap_up: told.get("wrap_up"), note: told.get("note") }), () => location.assign("/console/assist")));
document.querySelector("[data-remark]").addEventListener("submit", (event) =>
  finish(event, "notes", (told) => ({ key: crypto.randomUUID?.() ?? String(Math.random()).slice(2) + Date.now(), text: told.get("text") })));

const query = new URLSearchParams({ handover: place.dataset.handover, after: place.dataset.after });
live(`/console/live/events?${query}`, {
  items: ({ html }) => {
    const came = document.createElement("template");
    came.innerHTML = html; // made by the templates, escaped there
    items.append(came.content);
    toEnd();
  },
  gone: () => location.assign("/console/assist"),
});
toEnd();
field.focus();
