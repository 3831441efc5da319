// The gesture that chooses a place on the map: press and hold with a finger or the mouse, or the
// secondary button. One gesture chooses at most one place; dragging and pinching choose none.

const HOLD = 500;
/** A finger that is meant to lie still moves this many pixels. */
const SLACK = 10;

/** Watches an element for the gesture until `stop`. */
export class Press {
  #chosen;
  #listening = new AbortController();
  #timer = 0;
  #start = { x: 0, y: 0 };
  #spoiled = false;
  /** A secondary press chose a place, and its release was not seen. */
  #unreleased = false;
  /** Whether the gesture that is going on, or has just ended, has chosen a place. */
  used = false;

  /** `chosen` is called with the position in the window, `{x, y}`. */
  constructor(element, chosen) {
    this.#chosen = chosen;
    const { signal } = this.#listening;
    element.addEventListener("pointerdown", (event) => this.#down(event), { signal });
    element.addEventListener("mousedown", (event) => this.#unreleased && this.#begin(event), { signal });
    element.addEventListener("contextmenu", (event) => this.#menu(event), { signal });
    window.addEventListener("pointermove", (event) => this.#moved(event), { signal });
    for (const end of ["pointerup", "pointercancel", "mouseup", "blur"])
      window.addEventListener(end, (event) => this.#ended(event), { signal });
  }

  /** The gesture has become another one, such as dragging the map. */
  spoil() {
    this.#spoiled = true;
    this.#release();
  }

  stop() {
    this.#release();
    this.#listening.abort();
  }

  #down(event) {
    if (event.isPrimary) this.#begin(event);
    else this.spoil();
  }

  #begin(event) {
    this.used = false;
    this.#unreleased = false;
    this.#spoiled = false;
    this.#start = { x: event.clientX, y: event.clientY };
    this.#release();
    const plain = !(event.shiftKey || event.ctrlKey || event.metaKey || event.altKey);
    if (event.button === 0 && plain) this.#timer = setTimeout(() => this.#choose(this.#start), HOLD);
  }

  #moved({ isPrimary, clientX, clientY }) {
    if (isPrimary && Math.hypot(clientX - this.#start.x, clientY - this.#start.y) > SLACK) this.spoil();
  }

  #ended(event) {
    if (event.type.startsWith("pointer")) this.#unreleased = false;
    this.#release();
  }

  /**
   * Android reports a long press this way too; then the hold has chosen already, or does now.
   * WebKitGTK may keep the release of the secondary button to itself, and then reports no further
   * press as a pointer's: the mouse's own events say that the next gesture begins.
   */
  #menu(event) {
    event.preventDefault();
    this.#unreleased = true;
    if (!this.#spoiled && !this.used) this.#choose({ x: event.clientX, y: event.clientY });
  }

  #release() {
    clearTimeout(this.#timer);
    this.#timer = 0;
  }

  #choose(position) {
    this.#release();
    this.used = true;
    this.#chosen(position);
  }
}
