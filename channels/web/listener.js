/** Listens for turns made elsewhere, by server-sent events read with fetch: EventSource can't carry the token. */

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 60000;
const SILENCE = 45000; // the server says something every 15 seconds, or the line is dead
const HIDDEN = 30000; // how long a page nobody looks at keeps its line

export class Listener {
  #ear;
  #wanted = false;
  #line = null;
  #failures = 0;
  #before = false;
  #retry = 0;
  #rest = 0;

  /**
   * `ear` has connect(signal), which resolves to a response; heard(turn); told(kind, data) for whatever else comes; and
   * resumed(), called before every connection but the first.
   */
  constructor(ear) {
    this.#ear = ear;
  }

  start() {
    if (this.#wanted) return;
    this.#wanted = true;
    document.addEventListener("visibilitychange", this.#looked);
    addEventListener("online", this.#tryNow);
    addEventListener("pageshow", this.#tryNow);
    addEventListener("pagehide", this.#hangUp);
    this.#connect();
  }

  stop() {
    this.#wanted = false;
    this.#before = false;
    this.#failures = 0;
    document.removeEventListener("visibilitychange", this.#looked);
    removeEventListener("online", this.#tryNow);
    removeEventListener("pageshow", this.#tryNow);
    removeEventListener("pagehide", this.#hangUp);
    clearTimeout(this.#rest);
    this.#hangUp();
  }

  #looked = () => {
    clearTimeout(this.#rest);
    if (document.hidden) this.#rest = setTimeout(this.#hangUp, HIDDEN);
    else this.#tryNow();
  };

  #tryNow = () => {
    if (!this.#line) this.#connect();
  };

  #hangUp = () => {
    const line = this.#line;
    this.#line = null;
    clearTimeout(this.#retry);
    if (line) line.abort();
  };

  async #connect() {
    clearTimeout(this.#retry);
    if (!this.#wanted || this.#line || document.hidden) return;
    const line = new AbortController();
    this.#line = line;
    let wait = 0;
    try {
      if (this.#before) await this.#ear.resumed();
      this.#before = true;
      if (this.#line !== line) return;
      await this.#hear(await this.#ear.connect(line.signal), line);
    } catch (error) {
      if (this.#line === line && error.kind === "lost") this.stop(); // there is no such conversation any more
      wait = error.wait || 0;
    }
    if (this.#line !== line) return; // hung up, or another line has taken its place
    line.abort();
    this.#line = null;
    this.#retry = setTimeout(() => this.#connect(), wait * 1000 || this.#pause());
  }

  /** Growing, and different for everyone, so that a restarted server is not called by all at once. */
  #pause() {
    const longest = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#failures);
    this.#failures += 1;
    return longest * (0.5 + Math.random() / 2);
  }

  async #hear(response, line) {
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    let text = "";
    for (;;) {
      const silence = setTimeout(() => line.abort(), SILENCE);
      const { done, value } = await reader.read().finally(() => clearTimeout(silence));
      if (done || this.#line !== line) return;
      this.#failures = 0;
      const blocks = (text + decoder.decode(value, { stream: true })).split(/\r?\n\r?\n/);
      text = blocks.pop();
      for (const block of blocks) this.#take(block);
    }
  }

  #take(block) {
    const lines = block.split(/\r?\n/);
    const kind = lines.find((each) => each.startsWith("event:"));
    const data = lines.filter((each) => each.startsWith("data:")).map((each) => each.slice(5).trimStart());
    if (!kind || !data.length) return;
    const [name, content] = [kind.slice(6).trim(), JSON.parse(data.join("\n"))];
    if (name === "turn") this.#ear.heard(content);
    else this.#ear.told(name, content);
  }
}
