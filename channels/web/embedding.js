/** Finds out where this script came from, and what the page wishes: the data attributes of the script's tag. */

/** The data attributes that are handed on to the element. */
export const wishes = ["language", "colour", "position", "greeting", "context", "open"];

const ADDRESS = /https?:\/\/[^\s()'"]+?\/widget(?:\/[0-9a-f]+)?\.js/;

/** Returns Naru's address and the tag's data attributes. Must be called while the script runs for the first time. */
export function ownTag() {
  const tag = document.currentScript || ofModule();
  const source = tag ? tag.src : running();
  const script = new URL(source, location.href);
  const path = script.pathname.replace(/\/(?:widget\/[0-9a-f]+\.js|[^/]*)$/, "");
  return { base: script.origin + path, wishes: tag ? tag.dataset : {} };
}

/** A module has no current script: its tag is the one whose address stands in the stack. */
function ofModule() {
  const source = running();
  const tags = [...document.querySelectorAll("script[src]")];
  return tags.find((tag) => tag.src.split(/[?#]/)[0] === source) || null;
}

function running() {
  const found = ADDRESS.exec(new Error("where am I").stack || "");
  return found ? found[0] : location.href;
}

/** Returns the element of the page that is to be filled, or null. */
export function placeFor(selector) {
  try {
    return selector ? document.querySelector(selector) : null;
  } catch {
    return null; // no selector at all: Naru floats
  }
}

/** Returns the language wished for; anything but ko and en means the language of the page. */
export function languageFor(wished) {
  if (wished === "ko" || wished === "en") return wished;
  const page = document.documentElement.lang || navigator.language || "";
  return /^en\b/i.test(page) ? "en" : "ko";
}

/** Returns the id of a record if that is what the page's context looks like, else null. */
export function recordIn(context) {
  return /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)+$/.test(context || "") && context.length <= 120 ? context : null;
}

const LEFT = "naru:left";

/** Remembers in this tab how the visitor left the conversation, open or closed, so that the next page begins so. */
export function leave(state) {
  try {
    sessionStorage.setItem(LEFT, state);
  } catch {
    /* a page that forbids storage: every page begins anew */
  }
}

/** Returns how the visitor left the conversation: open, closed, or null on the first page. */
export function left() {
  try {
    return sessionStorage.getItem(LEFT);
  } catch {
    return null;
  }
}
