// Shows whom to call once somebody asks for it: the service notes who looked.

import { post, word } from "./api.js";

const opened = new Map();

addEventListener("click", async (event) => {
  const button = event.target.closest("[data-contact]");
  if (!button) return;
  button.disabled = true;
  try {
    opened.set(button.dataset.contact, await post(`/console/live/${button.dataset.contact}/contact`));
    showContacts();
  } catch {
    button.disabled = false;
  }
});

/** Puts the contacts that were opened on this page in their places, also after the list came anew. */
export function showContacts() {
  for (const place of document.querySelectorAll("[data-contact-of]")) {
    const told = opened.get(place.dataset.contactOf);
    if (told) place.textContent = word("console_live_call_wish", told);
  }
}
