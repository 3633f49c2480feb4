/**
 * Naru on any page with one tag, plain or of type module:
 *   <script async src="https://naru.example/widget.js" data-language="ko"></script>
 * Its attributes are explained in docs/widget.md. This file and what it imports are served as one script.
 */
import { ownTag, placeFor, wishes } from "./embedding.js";
import { NaruChat } from "./naru-chat.js";

const tag = ownTag();

function place() {
  if (document.querySelector("naru-chat")) return;
  const target = placeFor(tag.wishes.target);
  const chat = document.createElement("naru-chat");
  chat.setAttribute("api", tag.base);
  for (const name of wishes) {
    if (tag.wishes[name]) chat.setAttribute(name, tag.wishes[name]);
  }
  if (target) chat.setAttribute("inline", "");
  (target || document.body).append(chat);
}

if (!customElements.get("naru-chat")) customElements.define("naru-chat", NaruChat);
if (document.body && document.readyState !== "loading") place();
else document.addEventListener("DOMContentLoaded", place, { once: true });
