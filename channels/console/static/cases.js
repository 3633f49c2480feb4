// The search for customers without a new page, kept while the tab is open; filters that act at once.

import { post } from "./api.js";

const KEPT = "naru-case-search";

const form = document.getElementById("find");
if (form) {
  const field = form.elements.said;
  const found = document.getElementById("found");
  const look = async () => {
    const said = field.value.trim();
    sessionStorage.setItem(KEPT, said);
    if (!said) return found.replaceChildren();
    // Made by a template of ours that escapes whatever people told.
    found.innerHTML = await post("/console/cases/found", new FormData(form));
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    look().catch(() => {}); // told in a toast
  });
  // Coming back from a customer shows whom the search had found.
  const before = sessionStorage.getItem(KEPT);
  const back = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  if (back && before && !field.value) {
    field.value = before;
    look().catch(() => {});
  }
}

for (const filter of document.querySelectorAll("[data-filter]")) {
  filter.addEventListener("change", () => filter.requestSubmit());
}
