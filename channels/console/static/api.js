// How every page of the console talks with the service: requests that carry the forgery token, errors as toasts,
// live streams that come back, words in the reader's language.

const forgery = document.querySelector('meta[name="forgery"]').content;

/** The error of a request that was answered but refused; `problem` is the problem document if there was one. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem?.detail ?? problem?.title ?? String(status));
    this.status = status;
    this.problem = problem;
  }
}

/** Returns a fixed text that the page brought along with `{{ words("key") }}`; `{name}` is filled from values. */
export function word(key, values = {}) {
  for (const element of document.querySelectorAll("script.words")) {
    const text = JSON.parse(element.textContent)[key];
    if (text !== undefined) return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  }
  throw new Error(`the page has no word ${key}`);
}

/** GETs JSON. */
export const get = (url, options) => send("GET", url, undefined, options);

/** POSTs JSON, or a FormData as it is, and returns the JSON of the answer (null if it has none). */
export const post = (url, data, options) => send("POST", url, data, options);

/**
 * Sends a request. `quiet: true` leaves it to the caller to tell people of an error; `signal` cancels it.
 * Throws Refused for an answer that is no success, and TypeError when there was no answer.
 */
export async function send(method, url, data, { quiet = false, signal } = {}) {
  const headers = { Accept: "application/json", "X-Naru-Forgery": forgery };
  const asForm = data instanceof FormData;
  if (data !== undefined && !asForm) headers["Content-Type"] = "application/json";
  const body = data === undefined || asForm ? data : JSON.stringify(data);
  let answer;
  try {
    answer = await fetch(url, { method, headers, body, signal, credentials: "same-origin" });
  } catch (error) {
    if (!quiet && error.name !== "AbortError") toast(word("console_offline"), "bad");
    throw error;
  }
  if (answer.status === 401) return signInAgain();
  const text = await answer.text();
  const isJson = (answer.headers.get("Content-Type") ?? "").includes("json");
  const content = text && isJson ? JSON.parse(text) : text || null;
  if (answer.ok) return content;
  const refused = new Refused(answer.status, isJson ? content : undefined);
  if (!quiet) toast(refused.problem?.told ?? word("console_failed"), "bad");
  throw refused;
}

/** Leaves for the sign-in page, from where people come back here; never returns. */
function signInAgain() {
  location.assign(`/console/login?told=over&next=${encodeURIComponent(location.pathname + location.search)}`);
  return new Promise(() => {});
}

/** Shows a short message for some seconds: kind is "", "good" or "bad". Bad ones stay until they are closed. */
export function toast(text, kind = "") {
  const box = document.createElement("div");
  box.className = `toast ${kind}`;
  const words = document.createElement("span");
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "quiet icon";
  close.textContent = "×";
  close.setAttribute("aria-label", word("console_close"));
  close.addEventListener("click", () => box.remove());
  box.append(words, close);
  const toasts = document.getElementById("toasts");
  for (const same of [...toasts.children]) if (same.firstChild.textContent === text) same.remove();
  toasts.append(box);
  if (kind !== "bad") setTimeout(() => box.remove(), 6000);
}

/**
 * Asks yes or no in a dialog and resolves to true or false.
 */
export function confirmed(question, yes = word("console_yes")) {
  const dialog = document.createElement("dialog");
  const text = document.createElement("p");
  text.textContent = question;
  text.id = "question";
  dialog.setAttribute("aria-labelledby", text.id);
  const form = document.createElement("form");
  form.method = "dialog";
  form.className = "row end";
  for (const [value, label, kind] of [["no", word("console_no"), ""], ["yes", yes, "main"]]) {
    const button = document.createElement("button");
    button.value = value;
    button.textContent = label;
    button.className = kind;
    form.append(button);
  }
  dialog.append(text, form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "yes");
      dialog.remove();
    });
  });
}

/**
 * Listens to a stream of server-sent events and comes back when it breaks, for as long as the page is there.
 *
 * handlers: event name → function(data read from JSON, the event). After a break the address gets `after=<last id>`
 * besides the browser's own Last-Event-ID. Returns { close() }.
 */
export function live(url, handlers) {
  let source, timer;
  let last = "";
  let waits = 0;
  let closed = false;
  const open = () => {
    const from = new URL(url, location.href);
    if (last) from.searchParams.set("after", last);
    source = new EventSource(from);
    source.addEventListener("open", () => { waits = 0; offline(false); });
    source.addEventListener("error", broken);
    for (const [name, handle] of Object.entries(handlers)) {
      source.addEventListener(name, (event) => {
        if (event.data === undefined) return; // an error event of the connection, not of the stream
        last = event.lastEventId || last;
        handle(event.data ? JSON.parse(event.data) : null, event);
      });
    }
  };
  const broken = async () => {
    offline(true);
    if (closed || source.readyState !== EventSource.CLOSED) return; // the browser itself tries again
    clearTimeout(timer);
    timer = setTimeout(async () => {
      await get("/console/presence", { quiet: true }).catch(() => {}); // signs in again if the session is over
      if (!closed) open();
    }, Math.min(30000, 1000 * 2 ** waits++));
  };
  open();
  return { close() { closed = true; clearTimeout(timer); source.close(); } };
}

/** Shows or hides that the live connection is lost. */
export function offline(is) {
  const sign = document.querySelector("[data-offline]");
  if (sign) sign.hidden = !is;
}
