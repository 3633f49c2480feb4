/** Speaks Naru's HTTP contract and remembers the conversation across page changes. */

/** A request that failed; `kind` is offline, starting, busy, lost, refused or broken; `wait` is in seconds. */
export class RequestFailed extends Error {
  constructor(kind, wait = 0) {
    super(kind);
    this.kind = kind;
    this.wait = wait;
  }
}

const KINDS = { 401: "lost", 404: "lost", 413: "refused", 415: "refused", 422: "refused", 429: "busy", 503: "starting" };

const FILE_KINDS = { 413: "tooLarge", 415: "wrongFile" };
const LARGE = 10_000_000; // a server that refuses so much may hang up before it has answered
const PAGE = 200; // turns the server gives at once

export class Client {
  constructor(api) {
    this.api = api.replace(/\/$/, "");
    this.key = `naru:${this.api}`;
    this.conversation = this.#recall();
  }

  /** Begins a conversation and returns the greeting's replies. */
  async open(language) {
    const opened = await this.#request("POST", "/api/conversations", { language, channel: "web" });
    this.conversation = { id: opened.conversation_id, token: opened.token };
    this.#keep();
    return opened;
  }

  /** Sends words or a payload and returns the turn. */
  say(message) {
    return this.#request("POST", `${this.#path()}/messages`, message);
  }

  /** Sends a file and returns its id; `progress` is called with the share sent, 0 to 1. */
  upload(file, progress) {
    const body = new FormData();
    body.append("file", file, file.name);
    return new Promise((done, failed) => {
      const request = new XMLHttpRequest(); // fetch tells nothing of a body on its way
      request.open("POST", `${this.api}${this.#path()}/files`);
      request.setRequestHeader("Authorization", `Bearer ${this.conversation.token}`);
      request.upload.addEventListener("progress", (event) => event.lengthComputable && progress(event.loaded / event.total));
      request.addEventListener("error", () => failed(new RequestFailed(file.size > LARGE ? "tooLarge" : "offline")));
      request.addEventListener("load", () => {
        if (request.status === 201) done(JSON.parse(request.responseText).file_id);
        else failed(new RequestFailed(FILE_KINDS[request.status] || KINDS[request.status] || "broken"));
      });
      request.send(body);
    });
  }

  /** Returns the turns so far, or null when the conversation is gone. */
  async history() {
    if (!this.conversation) return null;
    try {
      const turns = [];
      let page;
      do {
        const after = turns.length ? turns[turns.length - 1].turn_id : -1;
        page = (await this.#request("GET", `${this.#path()}/messages?after=${after}`)).turns;
        turns.push(...page);
      } while (page.length === PAGE);
      return turns;
    } catch (error) {
      if (error.kind !== "lost") throw error;
      this.forget();
      return null;
    }
  }

  /** Opens the line on which turns arrive that were made elsewhere; without `after`, those from now on. */
  events(after, signal) {
    const query = after == null ? "" : `?after=${after}`;
    return this.#fetch("GET", `${this.#path()}/events${query}`, null, "text/event-stream", signal);
  }

  /** Returns the name of a record, or null when there is none of that id. */
  async nameOf(record, language) {
    const path = `/widget/records/${encodeURIComponent(record)}?language=${language}`;
    return this.#request("GET", path).then((found) => found.name, () => null);
  }

  /** Remembers up to which turn the person has seen the conversation, on this page and in other windows. */
  saw(turnId) {
    if (!this.conversation || this.conversation.seen === turnId) return;
    this.conversation.seen = turnId;
    this.#keep();
  }

  /** Takes over what another window of the same site has kept; tells whether that is another conversation. */
  follow() {
    const before = this.conversation && this.conversation.id;
    this.conversation = this.#recall();
    return (this.conversation && this.conversation.id) !== before;
  }

  /** Tells the person of the desk that the customer is writing; nothing is lost if that does not arrive. */
  typing() {
    return this.#request("POST", `${this.#path()}/typing`).catch(() => null);
  }

  /** Keeps a thumb up or down. */
  rate(turnId, verdict) {
    return this.#request("POST", `${this.#path()}/feedback`, { turn_id: turnId, verdict });
  }

  /** Erases the conversation on the server and here. */
  async erase() {
    if (!this.conversation) return;
    try {
      await this.#request("DELETE", this.#path());
    } catch (error) {
      if (error.kind !== "lost") throw error; // nobody is to believe that it is gone when it is not
    }
    this.forget();
  }

  forget() {
    this.conversation = null;
    this.#keep();
  }

  #path() {
    return `/api/conversations/${encodeURIComponent(this.conversation.id)}`;
  }

  async #request(method, path, body) {
    const response = await this.#fetch(method, path, body, "application/json");
    return response.status === 204 ? null : response.json();
  }

  async #fetch(method, path, body, accept, signal = null) {
    const headers = { Accept: accept };
    if (body) headers["Content-Type"] = "application/json";
    if (this.conversation) headers.Authorization = `Bearer ${this.conversation.token}`;
    let response;
    try {
      response = await fetch(this.api + path, { method, headers, body: body && JSON.stringify(body), signal, credentials: "omit" });
    } catch {
      throw new RequestFailed("offline");
    }
    if (!response.ok) {
      throw new RequestFailed(KINDS[response.status] || "broken", Number(response.headers.get("Retry-After")) || 0);
    }
    return response;
  }

  #recall() {
    try {
      return JSON.parse(localStorage.getItem(this.key));
    } catch {
      return null;
    }
  }

  #keep() {
    try {
      if (this.conversation) localStorage.setItem(this.key, JSON.stringify(this.conversation));
      else localStorage.removeItem(this.key);
    } catch {
      /* a page that forbids storage still gets a conversation, for as long as it stays open */
    }
  }
}

/** Whether a kept message is the one sent here. */
export function same(kept, sent) {
  const name = Object.keys(sent)[0];
  return Boolean(kept) && kept[name] === sent[name];
}
