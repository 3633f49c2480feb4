// Open questions: j and k go from line to line, wherever the focus is; Enter opens, since the focus is on a link.

const STEPS = { KeyJ: 1, KeyK: -1 };

addEventListener("keydown", (event) => {
  const step = STEPS[event.code]; // by place on the keyboard: the Korean layout has other signs there
  if (!step || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing) return;
  if (document.querySelector("dialog[open]") || event.target.closest?.("input, textarea, select")) return;
  const lines = [...document.querySelectorAll("[data-line] [data-open]")];
  const at = lines.indexOf(document.activeElement.closest("[data-line]")?.querySelector("[data-open]"));
  const next = lines[at < 0 ? (step > 0 ? 0 : lines.length - 1) : at + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.scrollIntoView({ block: "nearest" });
});
