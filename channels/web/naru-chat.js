/** The element <naru-chat>: a conversation with Naru, floating over a page or filling a place in it. */
import { Client, RequestFailed, same } from "./client.js";
import { coloursFor } from "./colour.js";
import { Company } from "./company.js";
import { ConversationLog } from "./conversation-log.js";
import { languageFor, leave, left, recordIn } from "./embedding.js";
import { Frame } from "./frame.js";
import { Launcher } from "./launcher.js";
import { Listener } from "./listener.js";
import { Menu } from "./menu.js";
import { Notice } from "./notice.js";
import { el } from "./render.js";
import { Screen } from "./screen.js";
import { STYLE, colourStyle } from "./style.js";
import { TEXTS } from "./texts.js";
import { print, save } from "./transcript.js";
import { Writing } from "./writing.js";

/** After these the conversation has other turns under other numbers: it was joined with another, or separated. */
const RENUMBERING = ["redeem_code", "separate_channels"];

export class NaruChat extends HTMLElement {
  #client;
  #log;
  #writing;
  #launcher;
  #notice;
  #screen;
  #listener;
  #company;
  #language = "ko";
  #busy = false;
  #started = false;
  #held = []; // turns heard of while an answer is awaited
  #frame;

  connectedCallback() {
    if (this.shadowRoot) return this.#appear();
    const root = this.attachShadow({ mode: "open" });
    this.#client = new Client(this.getAttribute("api") || location.origin);
    this.#language = languageFor(this.getAttribute("language"));
    this.#log = new ConversationLog(this.#client.api, {
      choose: (choice) => this.#send({ payload: choice.payload }, choice.title),
      rate: (turn, verdict) => this.#rate(turn, verdict),
      texts: () => this.#texts,
    });
    this.#listener = new Listener({
      connect: (signal) => this.#client.events(this.#started ? this.#log.last : this.#client.conversation.seen, signal),
      heard: (turn) => { this.#company.said(); this.#heard(turn); },
      told: (kind, data) => this.#company.heard(kind, data),
      resumed: () => { this.#company.heard("handover", { state: "none" }); return this.#catchUp(); },
    });
    this.#dress(root);
    this.#build(root);
    return this.#appear();
  }

  disconnectedCallback() {
    this.#listener.stop();
    this.#screen.leave();
    removeEventListener("storage", this.#kept);
  }

  /** Shows the conversation; `focus` moves there, into the input only where that opens no keyboard. */
  async open(focus = true) {
    const { panel } = this.#frame;
    panel.hidden = false;
    this.#launcher.button.hidden = true;
    if (!this.#inline) leave("open");
    this.#screen.fit();
    if (focus) (matchMedia("(hover: hover)").matches && !this.#screen.covering ? this.#writing.input : panel).focus();
    this.#read();
    if (!this.#started) {
      this.#started = true;
      await this.#begin();
    }
  }

  close() {
    this.#frame.panel.hidden = true;
    this.#launcher.button.hidden = false;
    leave("closed");
    this.#launcher.button.focus();
  }

  get #texts() {
    return TEXTS[this.#language];
  }

  get #inline() {
    return this.hasAttribute("inline");
  }

  #appear() {
    this.#screen.rise();
    this.#screen.watch();
    addEventListener("storage", this.#kept);
    if (this.#started || this.#client.conversation) this.#listener.start();
    const opened = (left() || (this.getAttribute("open") === "true" && "open")) === "open";
    if (this.#inline || (opened && !this.#screen.covering)) this.open(false);
  }

  #dress(root) {
    const sheet = new CSSStyleSheet();
    root.adoptedStyleSheets = [sheet];
    sheet.replaceSync(STYLE + colourStyle(coloursFor(this.getAttribute("colour"), root)));
  }

  #build(root) {
    this.#writing = new Writing((words) => this.#submit(words), (file) => this.#upload(file));
    const menu = new Menu([
      ["save", () => save(this.#log, this.#texts, this.#language)],
      ["print", () => print(this.#log, this.#texts, this.#language) || this.#notice.say(this.#texts.noPrint)],
      ["restart", () => this.#askRestart()],
    ]);
    this.#launcher = new Launcher(this.#inline, () => this.open());
    this.#notice = new Notice();
    this.#company = new Company(this.#log, this.#writing.input, () => this.#client.typing());
    const parts = { launcher: this.#launcher, menu, log: this.#log, notice: this.#notice, writing: this.#writing, company: this.#company };
    const acts = { switch: () => this.#switch(), close: () => this.close(), give: (file) => this.#upload(file) };
    this.#frame = new Frame(this.#inline, this.getAttribute("position") === "left", parts, acts);
    this.#screen = new Screen(this, this.#frame.node, this.#frame.panel, this.#inline);
    this.#frame.panel.addEventListener("keydown", (event) => this.#screen.keepInside(event));
    for (const kind of ["keydown", "keypress", "keyup"]) {
      this.addEventListener(kind, (event) => event.stopPropagation()); // the page's shortcuts are not meant
    }
    root.append(this.#frame.node);
    this.#label();
  }

  #label() {
    this.setAttribute("lang", this.#language);
    this.#frame.label(this.#texts);
  }

  async #begin() {
    try {
      const turns = await this.#client.history();
      if (turns && turns.length) {
        this.#fill(turns);
        await this.#offerContext();
      } else {
        await this.#greet();
        await this.#explainContext();
      }
    } catch (error) {
      this.#started = false;
      this.#fail(error, () => this.open(false));
    }
  }

  #fill(turns) {
    this.#log.clear();
    this.#log.greet(this.getAttribute("greeting"));
    this.#log.fill(turns);
    if (turns.length) this.#speak(turns[turns.length - 1].language);
    this.#read();
    this.#listener.start();
  }

  async #greet() {
    this.#listener.stop();
    this.#wait(true);
    try {
      const opened = await this.#client.open(this.#language);
      this.#log.clear();
      this.#log.greet(this.getAttribute("greeting"));
      this.#show({ turn_id: 0, replies: opened.replies, outcome: "answered", language: opened.language, records: [] });
      this.#listener.start();
    } finally {
      this.#wait(false);
    }
  }

  /** In a new conversation Naru speaks of the page's record at once, so that "it" means that record. */
  async #explainContext() {
    const record = recordIn(this.getAttribute("context"));
    if (!record || !(await this.#client.nameOf(record, this.#language)) || this.#busy) return;
    this.#wait(true);
    try {
      this.#show(await this.#client.say({ payload: aboutRecord(record) }), null, "start");
    } catch {
      /* the page's wish, not the person's: they can ask for it themselves */
    } finally {
      this.#wait(false);
    }
  }

  /** A conversation that goes on is not interrupted: the page's record is a button. */
  async #offerContext() {
    const record = recordIn(this.getAttribute("context"));
    const spoken = this.#log.entries.some((entry) => entry.turn.records.includes(record));
    const name = record && !spoken ? await this.#client.nameOf(record, this.#language) : null;
    if (!name) return;
    const words = this.#texts.about(name);
    this.#frame.offer(words, () => this.#send({ payload: aboutRecord(record) }, words));
  }

  #submit(words) {
    if (this.#busy) return;
    this.#writing.words = "";
    this.#send({ text: words }, words);
  }

  /** Sends the chosen file, then asks Naru to look at it. */
  async #upload(file, news = null) {
    if (!file || this.#busy) return;
    const mine = this.#log.mine(file.name);
    const progress = el("progress", { max: "1", value: "0", "aria-label": this.#texts.sending });
    mine.querySelector(".bubble").append(progress);
    this.#notice.say(news);
    this.#wait(true);
    try {
      await this.#ensure();
      const fileId = await this.#client.upload(file, (share) => { progress.value = share; });
      progress.remove();
      await this.#answered(await this.#client.say({ file_id: fileId }), mine);
    } catch (error) {
      mine.remove();
      if (error.kind === "lost" && !news) await this.#anew((lost) => this.#upload(file, lost));
      else this.#fail(error);
    } finally {
      this.#wait(false);
    }
  }

  async #send(message, shown, news = null) {
    if (this.#busy) return;
    const mine = this.#log.mine(shown);
    this.#frame.about.hidden = true;
    this.#notice.say(news);
    this.#wait(true);
    try {
      await this.#ensure();
      await this.#answered(await this.#client.say(message), mine);
    } catch (error) {
      const heard = this.#held.find((turn) => same(turn.message, message));
      if (heard) { // only the way back was broken
        this.#show(heard, mine);
        return;
      }
      mine.remove();
      if (error.kind === "lost" && !news) await this.#anew((lost) => this.#send(message, shown, lost));
      else this.#notSent(error, message, shown);
    } finally {
      this.#wait(false);
    }
  }

  async #answered(turn, mine) {
    if (RENUMBERING.includes(turn.intent.name)) await this.#reload();
    else this.#show(turn, mine);
  }

  /** Nothing typed is lost: words go back into the input, a pressed button can be pressed again. */
  #notSent(error, message, shown) {
    if (message.text && !this.#writing.words) this.#writing.words = message.text;
    this.#fail(error, message.payload ? () => this.#send(message, shown) : null);
  }

  /** Makes sure that there is a conversation to go on with. */
  async #ensure() {
    if (this.#client.conversation) return;
    if (this.#log.entries.length) throw new RequestFailed("lost"); // erased meanwhile
    await this.#client.open(this.#language);
  }

  /** The conversation is gone on the server: says so, begins another, and goes on there. */
  async #anew(again) {
    this.#client.forget();
    this.#busy = false;
    try {
      await this.#greet();
      await again(this.#texts.lost);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** A turn came over the line: made on another channel, by a person, or here and not answered yet. */
  #heard(turn) {
    if (this.#busy) this.#held.push(turn);
    else this.#arrive(turn);
  }

  #arrive(turn) {
    if (this.#started && this.#log.has(turn.turn_id)) return;
    if (this.#frame.panel.hidden) this.#launcher.tell(turn.turn_id);
    if (!this.#started) return;
    if (RENUMBERING.includes(turn.intent.name)) {
      this.#reload().catch((error) => this.#fail(error));
      return;
    }
    const words = turn.message && turn.message.text;
    if (words && words === this.#writing.words) { // it did arrive, though we were told it did not
      this.#writing.words = "";
      this.#notice.say(null);
    }
    this.#log.add(turn, null, "offer");
    this.#speak(turn.language);
    this.#read();
  }

  /** After a pause the line may have been asleep for long: whatever was missed is shown, whatever is other is replaced. */
  async #catchUp() {
    if (!this.#started || this.#busy) return;
    const turns = await this.#client.history();
    if (!turns) throw new RequestFailed("lost");
    if (this.#busy) return;
    if (this.#log.agrees(turns)) turns.forEach((turn) => this.#arrive(turn));
    else this.#fill(turns);
  }

  async #reload() {
    this.#listener.stop();
    this.#fill((await this.#client.history()) || []);
  }

  /** Another window of the same site has gone on, begun anew or read what is unread here. */
  #kept = (event) => {
    if (event.key !== this.#client.key) return;
    const other = this.#client.follow();
    const conversation = this.#client.conversation;
    if (conversation && conversation.seen != null) this.#launcher.read(conversation.seen);
    if (!other) return;
    this.#listener.stop();
    if (conversation && this.#started) this.#reload().catch((error) => this.#fail(error));
    else if (conversation) this.#listener.start();
  };

  /** Notes how far the person has read, if they can see it. */
  #read() {
    if (this.#frame.panel.hidden) return;
    this.#launcher.read(Infinity);
    if (this.#log.last >= 0) this.#client.saw(this.#log.last);
  }

  #fail(error, again = null) {
    const text = this.#texts[error.kind] || this.#texts.broken;
    this.#notice.say(typeof text === "function" ? text(error.wait) : text, again ? [[this.#texts.again, again]] : []);
  }

  #show(turn, mine = null, view = "turn") {
    this.#speak(turn.language);
    this.#log.add(turn, mine, view);
    if (this.#frame.panel.hidden) this.#launcher.tell(turn.turn_id);
    this.#read();
  }

  #speak(language) {
    if (!language || language === this.#language) return;
    this.#language = language;
    this.#label();
  }

  async #rate(turn, verdict) {
    return this.#client.rate(turn.turn_id, verdict).then(() => true, (error) => this.#fail(error));
  }

  #switch() {
    const next = this.#language === "ko" ? "en" : "ko";
    this.#send({ payload: next === "en" ? "/speak_english" : "/speak_korean" }, this.#texts.language);
  }

  #askRestart() {
    const t = this.#texts;
    this.#notice.say(t.confirmRestart, [[t.yes, () => this.#restart()], [t.no, () => {}]]);
  }

  async #restart() {
    this.#listener.stop();
    this.#wait(true);
    try {
      await this.#client.erase();
      await this.#greet();
    } catch (error) {
      this.#fail(error, () => this.#restart());
      return;
    } finally {
      this.#wait(false);
    }
    await this.#explainContext();
  }

  #wait(busy) {
    this.#busy = busy;
    this.#writing.wait(busy);
    this.#log.wait(busy);
    if (!busy) this.#held.splice(0).forEach((turn) => this.#arrive(turn));
  }
}

function aboutRecord(record) {
  return `/define${JSON.stringify({ record })}`;
}
