// The tools' forms: filled from what was said without touching what was typed, read as the service takes them.

const BILL = "origin";

/** Puts values into the empty fields of a form; a bill of materials only where none is begun. */
export function fill(form, told, over = false) {
  for (const [name, value] of Object.entries(told)) {
    if (name === "materials") fillBill(form, value, over);
    else if (name === "processes" || name === "work") fillWork(form, value, over);
    else if (name === "more") form.dataset.more = JSON.stringify(value);
    else {
      const field = form.elements[name];
      if (field instanceof HTMLElement && value !== null && typeof value !== "object" && (over || !field.value || name === "currency")) field.value = String(value);
    }
  }
}

/** Returns what a form says. */
export function read(form) {
  const told = {};
  for (const field of form.elements) {
    if (field.name && field.type !== "file" && field.value.trim()) told[field.name] = field.value.trim();
  }
  if (form.dataset.form !== BILL) return told;
  const { work = "", work_more: more = "", ...rest } = told;
  return {
    ...rest,
    processes: [...work.split(","), ...more.split(",")].map((each) => each.trim()).filter(Boolean),
    materials: rows(form).filter((row) => row.name || row.hs || row.value),
    more: JSON.parse(form.dataset.more ?? "{}"),
  };
}

/** Adds a row to the bill of materials and returns its first field. */
export function addRow(form, told = {}) {
  const row = form.querySelector("template[data-row]").content.firstElementChild.cloneNode(true);
  row.dataset.extra = JSON.stringify({ origin: told.origin ?? null, weight: told.weight ?? null });
  for (const cell of row.querySelectorAll("[data-cell]")) {
    const value = told[cell.dataset.cell];
    if (value !== undefined && value !== null) cell.value = String(value);
  }
  form.querySelector("[data-rows]").append(row);
  return row.querySelector("input");
}

function rows(form) {
  return [...form.querySelectorAll("[data-rows] tr")].map((row) => {
    const told = Object.fromEntries([...row.querySelectorAll("[data-cell]")].map((cell) => [cell.dataset.cell, cell.value.trim()]));
    return { ...told, ...JSON.parse(row.dataset.extra ?? "{}") };
  });
}

function fillBill(form, materials, over) {
  const begun = rows(form).some((row) => row.name || row.hs || row.value);
  if (begun && !over) return;
  form.querySelector("[data-rows]").replaceChildren();
  for (const material of materials) addRow(form, { ...material, originating: answer(material.originating) });
}

const answer = (value) => ({ true: "yes", false: "no", null: "" })[String(value)] ?? value;

function fillWork(form, names, over) {
  const all = Array.isArray(names) ? names : [];
  const { work, work_more: more } = form.elements;
  if (!over && (work.value || more.value)) return;
  const joined = all.join(",");
  const known = [...work.options].some((option) => option.value === joined);
  work.value = known ? joined : "";
  more.value = known ? "" : all.join(", ");
}
