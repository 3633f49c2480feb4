// A conversation in the console: what happens in it comes by itself; accept, answer, give on, give back, close.

import { confirmed, get, live, post, word } from "./api.js";
import { Composer } from "./composer.js";
import { showContacts } from "./contact.js";
import { Outbox } from "./outbox.js";
import { tick } from "./ticking.js";

const TYPING_SHOWN_MS = 3000;
const NEAR = 80; // pixels from the end within which somebody reads the newest line

const place = document.getElementById("live");
const items = document.getElementById("items");
const side = document.getElementById("side");
const types = document.querySelector("#typing span");
const title = document.title;
const address = (act) => `/console/live/${place.dataset.handover}/${act}`;
let unread = 0;

const outbox = new Outbox(
  document.getElementById("outbox"),
  `outbox-${place.dataset.handover}`,
  (kind) => address(kind === "note" ? "notes" : "messages"),
  (text, kind) => composer.put(text, kind),
);
const composer = new Composer(document.getElementById("composer"), place, outbox);

// what comes

function add({ html, turn }) {
  const stays = atEnd();
  const came = document.createElement("template");
  came.innerHTML = html; // made by the templates, escaped there
  const fresh = [...came.content.querySelectorAll(".item.customer")];
  items.append(came.content);
  types.hidden = types.hidden || fresh.length > 0;
  if (stays) toEnd();
  if (fresh.length && document.hidden) {
    unread += fresh.length;
    document.title = `(${unread}) ${word("console_live_new_message")}`;
  }
  // Suggestions beside the conversation follow what is said.
  dispatchEvent(new CustomEvent("said", { detail: { turn, customer: fresh.length > 0 } }));
}

function change({ state, mine, holder, conversation }) {
  if (conversation !== place.dataset.conversation) return location.reload(); // joined to another: other numbers
  Object.assign(place.dataset, { state, mine: String(mine), holder });
  return dress();
}

let typingEnds;
function customerTypes() {
  types.hidden = false;
  clearTimeout(typingEnds);
  typingEnds = setTimeout(() => { types.hidden = true; }, TYPING_SHOWN_MS);
}

function showSide({ html }) {
  side.innerHTML = html; // made by the templates, escaped there
  tick();
}

// what is shown

const atEnd = () => items.scrollHeight - items.scrollTop - items.clientHeight < NEAR;
const toEnd = () => { items.scrollTop = items.scrollHeight; };

function dress() {
  const { state, holder } = place.dataset;
  const mine = place.dataset.mine === "true";
  const served = state === "active";
  const fits = {
    waiting: state === "waiting",
    callback: state === "callback" && !holder,
    mine: served && mine,
    theirs: served && !mine,
    served,
    closable: (served && mine) || state === "waiting" || (state === "callback" && (mine || !holder)),
  };
  for (const element of document.querySelectorAll("[data-when]")) element.hidden = !fits[element.dataset.when];
  const key = { waiting: "waiting", closed: "closed", callback: mine ? "callback_mine" : "callback", active: mine ? "mine" : "theirs" }[state];
  const sign = document.getElementById("state");
  sign.textContent = word(`console_live_state_${key}`, { name: holder });
  sign.className = `state ${fits.mine ? "good" : ""}`;
  composer.dress();
}

// what is done

const acts = {
  async accept() {
    await post(address("accept"));
    composer.focus();
  },
  take: () => post(address("transfer"), { to: document.querySelector("[data-me]").dataset.me }),
  async return() {
    if (await confirmed(word("console_live_return_ask"), word("console_live_return"))) await post(address("return"));
  },
};

addEventListener("click", async (event) => {
  const button = event.target.closest("[data-act]");
  if (button) {
    button.disabled = true;
    await acts[button.dataset.act]().catch(() => {}); // told already
    button.disabled = false;
  }
  if (event.target.closest("[data-opens-transfer]")) openTransfer();
});

async function openTransfer() {
  const dialog = document.getElementById("transfer");
  const colleagues = await get("/console/live/colleagues").catch(() => null);
  if (!colleagues) return;
  const choices = colleagues.map(({ id, name, active }) => [id, word("console_live_serves", { name, count: active })]);
  const group = dialog.querySelector("[data-colleagues]");
  group.replaceChildren(group.querySelector("legend"), ...[...choices, ["", word("console_live_to_queue")]].map(([id, label], index) => {
    const line = document.createElement("label");
    const radio = document.createElement("input");
    Object.assign(radio, { type: "radio", name: "to", value: id, required: true, autofocus: index === 0 });
    line.append(radio, label);
    return line;
  }));
  dialog.showModal();
}

document.querySelector("[data-transfer]").addEventListener("submit", (event) => finish(event, "transfer", (form) => ({ to: form.get("to") || null })));
document.querySelector("[data-closing]").addEventListener("submit", (event) => finish(event, "close", (form) => ({ wrap_up: form.get("wrap_up"), note: form.get("note") })));

/** Sends a dialog; it stays open with what was written until that worked. */
async function finish(event, act, told) {
  event.preventDefault();
  const form = event.target;
  const button = form.querySelector("button.main");
  button.disabled = true;
  try {
    await post(address(act), told(new FormData(form)));
    form.closest("dialog").close();
    form.reset();
  } catch { /* told already */ }
  button.disabled = false;
}

addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  unread = 0;
  document.title = title;
});
addEventListener("beforeunload", (event) => { if (!outbox.empty) event.preventDefault(); });

dress();
toEnd();
showContacts();
if (place.dataset.mine === "true" && place.dataset.state === "active") composer.focus();
const query = new URLSearchParams({ handover: place.dataset.handover, after: place.dataset.after });
live(`/console/live/events?${query}`, {
  items: add,
  handover: change,
  typing: customerTypes,
  queue: showSide,
  gone: () => location.assign("/console/queue"),
});
