// The form of a record: the fields of an own source only where they are needed, related records picked from a list,
// and a warning before what was typed is left behind.

const form = document.querySelector("form[data-unsaved]");

const chosen = form?.querySelector("[data-source]");
const own = form?.querySelector("[data-own-source]");
const ownSource = () => { own.hidden = chosen.value !== ""; };
if (chosen && own) {
  chosen.addEventListener("change", ownSource);
  ownSource();
}

for (const picker of document.querySelectorAll("[data-adds]")) {
  picker.addEventListener("change", () => {
    const list = form.elements[picker.dataset.adds];
    const lines = list.value.split("\n").map((line) => line.trim()).filter(Boolean);
    const added = picker.value.trim();
    if (added && !lines.includes(added)) list.value = [...lines, added].join("\n");
    picker.value = "";
  });
}

let touched = false;
form?.addEventListener("input", () => { touched = true; });
form?.addEventListener("submit", () => { touched = false; });
window.addEventListener("beforeunload", (event) => {
  if (touched) event.preventDefault();
});

document.querySelector("#preview")?.focus();
