// Shows how long something has lasted: elements with data-seconds tick from the moment they came.

const known = new WeakMap();

/** Returns 0:05, 12:40 or 3:07:09. */
export function clock(seconds) {
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
  const two = (number) => String(number).padStart(2, "0");
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** Shows all of them at once; called when new ones came, and every second. */
export function tick() {
  for (const element of document.querySelectorAll("[data-seconds]")) {
    if (!known.has(element)) known.set(element, performance.now() - 1000 * element.dataset.seconds);
    const shown = clock((performance.now() - known.get(element)) / 1000);
    if (element.textContent !== shown) element.textContent = shown;
  }
}

tick();
setInterval(tick, 1000);
