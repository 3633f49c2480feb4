// What every page of the console does: keys, menus, dialogs, questions before forms, presence, signs of life, colours.

import { confirmed, post } from "./api.js";

const GO_MS = 1500;

const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]") && !target.matches("[type=checkbox], [type=radio], [type=button]");
const letter = (event) => {
  // By place on the keyboard, not by sign: with the Korean layout on, q gives ㅂ.
  if (event.key === "?" || event.key === "/") return event.key;
  return /^(Key|Digit)(.)$/.exec(event.code)?.[2].toLowerCase() ?? event.key.toLowerCase();
};

let going = 0;

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key === "Escape" && typing(event.target)) return event.target.blur();
  if (event.isComposing || typing(event.target) || document.querySelector("dialog[open]")) return;
  const pressed = letter(event);
  const went = Date.now() - going < GO_MS;
  going = 0;
  if (went) return follow(event, document.querySelector(`[data-go="${CSS.escape(pressed)}"]`));
  if (pressed === "g") going = Date.now();
  else if (pressed === "/") follow(event, document.querySelector("[data-search]"));
  else follow(event, [...document.querySelectorAll(`[data-key="${CSS.escape(pressed)}"]`)].find(usable));
});

const usable = (element) => !element.disabled && element.checkVisibility?.() !== false;

/** Does what an element is for: text fields are entered, all else is pressed. */
function follow(event, element) {
  if (!element) return;
  event.preventDefault();
  if (typing(element)) element.focus();
  else element.click();
}

/** Fills the dialog of keys from what is on the page: data-go, data-key, data-search. */
function tellKeys(dialog) {
  const list = dialog.querySelector(".keys");
  list.replaceChildren();
  const named = (element) => element.dataset.keyName ?? element.getAttribute("aria-label") ?? element.textContent.trim();
  const told = new Set();
  const tell = (keys, element) => {
    if (told.has(keys)) return;
    told.add(keys);
    const group = document.createElement("div");
    const term = document.createElement("dt");
    const meaning = document.createElement("dd");
    for (const key of keys.split(" ")) {
      const cap = document.createElement("kbd");
      cap.textContent = key;
      term.append(cap, " ");
    }
    meaning.textContent = named(element);
    group.append(term, meaning);
    list.append(group);
  };
  for (const element of document.querySelectorAll("[data-go]")) tell(`g ${element.dataset.go}`, element);
  for (const element of document.querySelectorAll("[data-key]")) tell(element.dataset.key, element);
  for (const element of document.querySelectorAll("[data-search]")) tell("/", element);
}

addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.opens);
    if (dialog.id === "keys") tellKeys(dialog);
    dialog.showModal();
  }
  if (event.target.closest("[data-closes]")) event.target.closest("dialog").close();
  for (const menu of document.querySelectorAll("details.me[open], details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  if (event.target.matches("[data-theme-next]")) nextTheme();
});

// A form with data-confirm="question" asks before it goes.
addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.dataset.confirm || form.dataset.sure) return;
  event.preventDefault();
  if (!(await confirmed(form.dataset.confirm, event.submitter?.textContent.trim()))) return;
  form.dataset.sure = "yes";
  form.requestSubmit(event.submitter);
  delete form.dataset.sure;
});

/** Chooses colours: "" are the system's. */
function choose(theme) {
  document.documentElement.dataset.theme = theme;
  if (theme) localStorage.setItem("naru-theme", theme);
  else localStorage.removeItem("naru-theme");
}

/** Changes from dark to light or back, whoever chose the present ones. */
function nextTheme() {
  const chosen = document.documentElement.dataset.theme;
  const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  choose(dark ? "light" : "dark");
}

const colours = document.querySelector("[data-theme-choice]");
if (colours) {
  colours.value = document.documentElement.dataset.theme;
  colours.addEventListener("change", () => choose(colours.value));
}

document.querySelector("dialog[data-now]")?.showModal();

const presence = document.getElementById("presence");
presence.addEventListener("change", async () => {
  try {
    await post("/console/presence", { presence: presence.checked ? "available" : "away" });
    dispatchEvent(new CustomEvent("presence", { detail: presence.checked }));
  } catch {
    presence.checked = !presence.checked;
  }
});

// Signs of life come from a worker: browsers slow down the clocks of pages that nobody looks at, and whoever reads
// another window meanwhile has not left the desk.
const alive = new Worker("/console/static/alive.js");
alive.postMessage({
  forgery: document.querySelector('meta[name="forgery"]').content,
  seconds: Number(document.querySelector('meta[name="alive"]').content),
});
