/** Where the conversation stands on the screen: above everything, clear of the phone's keyboard, keys kept inside. */

const COVERS = "(max-width: 520px), (max-height: 420px)";
const ZOOMED = 1.05; // from here on somebody has zoomed in with two fingers, and nothing is moved under them

export class Screen {
  #covers = matchMedia(COVERS);

  constructor(host, place, panel, inline) {
    Object.assign(this, { host, place, panel, inline });
  }

  /** Whether the opened conversation hides the page. */
  get covering() {
    return !this.inline && this.#covers.matches;
  }

  watch() {
    this.#covers.addEventListener("change", this.fit);
    if (!window.visualViewport) return;
    visualViewport.addEventListener("resize", this.fit);
    visualViewport.addEventListener("scroll", this.fit);
  }

  leave() {
    this.#covers.removeEventListener("change", this.fit);
    if (!window.visualViewport) return;
    visualViewport.removeEventListener("resize", this.fit);
    visualViewport.removeEventListener("scroll", this.fit);
  }

  /** Puts the floating widget into the browser's top layer: no style of an ancestor moves, clips or hides it there. */
  rise() {
    if (this.inline) return;
    const zoom = this.host.currentCSSZoom;
    if (zoom && zoom !== 1) this.place.style.zoom = String(1 / zoom); // the page's zoom is not ours
    if (!this.host.showPopover) return;
    this.host.setAttribute("popover", "manual");
    if (!this.host.matches(":popover-open")) this.host.showPopover();
  }

  /** Keeps the panel inside the part of the screen that the keyboard leaves free. */
  fit = () => {
    const view = window.visualViewport;
    if (this.covering) this.panel.setAttribute("aria-modal", "true");
    else this.panel.removeAttribute("aria-modal");
    const whole = !view || view.scale > ZOOMED || this.panel.hidden;
    const style = this.panel.style;
    if (this.covering && !whole) {
      style.setProperty("top", `${view.offsetTop}px`);
      style.setProperty("height", `${view.height}px`);
    } else {
      for (const name of ["top", "height", "padding-bottom"]) style.removeProperty(name);
      const covered = this.panel.getBoundingClientRect().bottom - (whole ? Infinity : view.offsetTop + view.height);
      if (this.inline && covered > 1) style.setProperty("padding-bottom", `${Math.round(covered)}px`);
    }
  };

  /** Moves from the last control to the first and back while the page behind can't be seen. */
  keepInside(event) {
    if (event.key !== "Tab" || !this.covering) return;
    const all = [...this.panel.querySelectorAll("a[href], button, textarea, summary, [tabindex='0']")];
    const reachable = all.filter((node) => !node.disabled && node.getClientRects().length);
    const edge = event.shiftKey ? reachable[0] : reachable[reachable.length - 1];
    const now = this.host.shadowRoot.activeElement;
    if (now !== edge && (now !== this.panel || !event.shiftKey)) return;
    event.preventDefault();
    (event.shiftKey ? reachable[reachable.length - 1] : reachable[0]).focus();
  }
}
