/** The page's colour, and what can be read on it and in it: contrast never falls below 4.5 to 1. */

const FORM = /^(?:#(?:[\da-f]{3}|[\da-f]{6})|(?:rgb|hsl)\([\d\s.,%deg-]+\)|[a-z]{3,24})$/i;
const NO_COLOUR = /^(?:inherit|initial|unset|revert|currentcolor|transparent)$/i;
const OWN = [11, 92, 122];
const READABLE = 4.5;
const PALEST = [232, 238, 241]; // what coloured words stand on at the darkest

/** Returns the colours for a wish: of surfaces, of words on them, of words on paper. A bad wish gives Naru's own. */
export function coloursFor(wish, root) {
  const colour = resolved(wish, root) || OWN;
  const on = contrast(colour, [255, 255, 255]) >= READABLE ? [255, 255, 255] : better(colour);
  return { colour: css(colour), on: css(on), words: css(readable(colour)) };
}

/** Lets the browser read names and notations; only opaque colours count. */
function resolved(wish, root) {
  const given = (wish || "").trim();
  if (!FORM.test(given) || NO_COLOUR.test(given)) return null;
  const probe = document.createElement("span");
  probe.style.color = given;
  if (!probe.style.color) return null;
  root.append(probe);
  const found = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(getComputedStyle(probe).color);
  probe.remove();
  return found && found.slice(1).map(Number);
}

function better(colour) {
  const [black, white] = [[0, 0, 0], [255, 255, 255]];
  return contrast(colour, black) >= contrast(colour, white) ? black : white;
}

function readable(colour) {
  let darker = colour;
  while (contrast(darker, PALEST) < READABLE) darker = darker.map((part) => Math.floor(part * 0.94));
  return darker;
}

/** Returns the contrast of two colours as WCAG 2 reckons it, 1 to 21. */
function contrast(one, other) {
  const [dark, bright] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}

function luminance(colour) {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function css(colour) {
  return `rgb(${colour.join(" ")})`;
}
