/**
 * Naru on any page with one tag:
 *   <script type="module" src="https://naru.example/widget.js" data-language="ko"></script>
 * Attributes: data-language (ko, en), data-colour (a CSS colour), data-position (right, left),
 * data-open (true: opened at once), data-target (CSS selector: fills that element instead of floating).
 */
import { NaruChat } from "./web/naru-chat.js";

const origin = new URL(import.meta.url).origin;
const tag = [...document.querySelectorAll('script[type="module"][src]')].find((s) => s.src === import.meta.url);
const settings = tag ? tag.dataset : {};

if (!customElements.get("naru-chat")) customElements.define("naru-chat", NaruChat);

function place() {
  const target = settings.target ? document.querySelector(settings.target) : null;
  const chat = document.createElement("naru-chat");
  chat.setAttribute("api", origin);
  for (const name of ["language", "colour", "position", "open"]) {
    if (settings[name]) chat.setAttribute(name, settings[name]);
  }
  if (target) chat.setAttribute("inline", "");
  (target || document.body).append(chat);
}

if (!document.querySelector("naru-chat")) {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", place, { once: true });
  else place();
}
