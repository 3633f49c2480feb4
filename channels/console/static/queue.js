// The queue: it changes by itself, arrows choose, Enter accepts or opens.

import { live, post, word } from "./api.js";
import { showContacts } from "./contact.js";
import { tick } from "./ticking.js";

const queue = document.getElementById("queue");
const news = document.getElementById("news");
const title = document.title;
let waiting = queue.querySelectorAll("[data-accept]").length;

/** Takes a conversation and goes there; if a colleague was quicker, a toast says who. */
async function accept(id) {
  try {
    location.assign((await post(`/console/live/${id}/accept`)).address);
  } catch { /* told already */ }
}

/** Puts the new queue in place of the old one; the row that had the focus keeps it, or the one in its place gets it. */
function show({ html, waiting: count }) {
  const row = document.activeElement?.closest?.("[data-row]");
  const rows = row && [...queue.querySelectorAll("[data-row]")];
  const at = row && { id: row.dataset.row, index: rows.indexOf(row), inside: row !== document.activeElement };
  queue.innerHTML = html; // made by the templates, escaped there
  tick();
  showContacts();
  if (at && !at.inside) {
    const now = [...queue.querySelectorAll("[data-row]")];
    (now.find((each) => each.dataset.row === at.id) ?? now[Math.min(at.index, now.length - 1)])?.focus();
  }
  if (count > waiting) news.textContent = word("console_live_waiting_news", { count });
  waiting = count;
  document.title = count ? `(${count}) ${title}` : title;
}

queue.addEventListener("click", (event) => {
  const button = event.target.closest("[data-take]");
  if (button) return accept(button.dataset.take);
  if (event.target.closest("a, button")) return;
  const row = event.target.closest("[data-row]");
  if (row?.dataset.open) location.assign(row.dataset.open);
  else row?.focus();
});

queue.addEventListener("keydown", (event) => {
  const row = event.target.closest("[data-row]");
  if (!row || row !== event.target) return;
  if (event.key === "Enter") {
    event.preventDefault();
    if (row.dataset.accept) accept(row.dataset.accept);
    else location.assign(row.dataset.open);
  }
});

// Arrows go from row to row, from wherever the focus is.
addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.altKey || event.ctrlKey || event.metaKey || document.querySelector("dialog[open]")) return;
  if (event.target.closest?.("input:not([type=checkbox]), textarea, select")) return;
  const rows = [...queue.querySelectorAll("[data-row]")];
  const at = rows.indexOf(event.target.closest?.("[data-row]"));
  const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
});

addEventListener("presence", (event) => {
  document.querySelector("[data-when-away]").hidden = event.detail;
});

document.title = waiting ? `(${waiting}) ${title}` : title;
live("/console/live/events", { queue: show });
