// Signals as the map's data: which source each one is in, its features, and their changes, sent
// together at most once a second. It draws nothing and hears no event.

import { APART_FROM, CLUSTERED_TO } from "/js/style.js";
import { HATCHES, hatchId, iconId } from "/js/pictures.js";
import { areaColour } from "/js/symbols.js";

const SOURCES = ["areas", "far", "calm", "dangers", "own"];
/** Changes of this many milliseconds go to the map in one piece: each one clusters all anew. */
const PACE = 1000;
/**
 * MapLibre 6 numbers the icons of a tile in 16 signed bits and stops placing any beyond them. So
 * no tile may hold that many, however many signals somebody sends for one spot.
 */
const MOST_APART = 5000;
const MOST_UNCLUSTERED = 10000;
/** Longer names would be a paragraph on the map; the whole text is in the signal's panel. */
const LONGEST_LABEL = 60;

/** Counts signals by tile of one zoom and says whether another one fits. */
class Crowd {
  #zoom;
  #most;
  #counts = new Map();
  #tiles = new Map();

  constructor(zoom, most) {
    this.#zoom = zoom;
    this.#most = most;
  }

  admit({ id, lng, lat }) {
    const tile = tileOf(lng, lat, this.#zoom);
    const count = this.#counts.get(tile) ?? 0;
    if (count >= this.#most) return false;
    this.#counts.set(tile, count + 1);
    this.#tiles.set(id, tile);
    return true;
  }

  leave(id) {
    const tile = this.#tiles.get(id);
    if (tile === undefined) return;
    this.#tiles.delete(id);
    this.#counts.set(tile, this.#counts.get(tile) - 1);
  }
}

/** The tile of a place in Web Mercator, as one number. */
function tileOf(lng, lat, zoom) {
  const size = 2 ** zoom;
  const y = 0.5 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / (2 * Math.PI);
  const row = Math.min(size - 1, Math.max(0, Math.floor(y * size)));
  return row * size + Math.floor((lng / 360 + 0.5) * size);
}

/** MapLibre would read an id of digits only as a number, and fail on one as long as a hash. */
const keyOf = (id) => `#${id}`;
/** The signal that a drawn feature belongs to. */
export const idOf = ({ properties }) => properties.id.slice(1);

const drawable = (pin) =>
  typeof pin?.id === "string" && Number.isFinite(pin.lng) && Number.isFinite(pin.lat) && Math.abs(pin.lat) <= 90;

/** Dangers and emergencies, and whoever else is in mortal need, such as people who ask for help. */
const dangerous = ({ code, severity }) => code === "D" || code === "E" || severity >= 3;

const feature = (type, coordinates, properties) => ({ type: "Feature", geometry: { type, coordinates }, properties });

/** The symbol of a pin. */
function pointOf(pin) {
  const label = String(pin.label ?? "").replace(/\s+/gu, " ").trim();
  const letters = [...label];
  return feature("Point", [pin.lng, pin.lat], {
    id: keyOf(pin.id),
    icon: iconId(pin),
    severity: pin.severity,
    label: letters.length > LONGEST_LABEL ? `${letters.slice(0, LONGEST_LABEL - 1).join("")}…` : label,
  });
}

/** The extent of a pin, each ring a polygon of its own; `undefined` without one. */
function areaOf(pin) {
  const polygons = (pin.rings ?? []).filter((ring) => ring.length >= 4).map((ring) => [ring]);
  if (polygons.length === 0) return undefined;
  const over = pin.state === "expired" || pin.state === "discontinued";
  const hatch = hatchId(pin.state);
  return feature("MultiPolygon", polygons, {
    id: keyOf(pin.id),
    severity: pin.severity,
    // What is only reported is amber, whatever its symbol's colour.
    colour: hatch ? HATCHES[pin.state] : areaColour(pin.code, pin.subject, pin.state),
    opacity: over || hatch ? 0.12 : 0.25,
    ...(hatch && { hatch }),
    ...((over || hatch) && { dashed: true }),
  });
}

/** A single pin as a collection of its symbol and its extent, for a source of its own. */
export function alone(pin) {
  const features = drawable(pin) ? [pointOf(pin), areaOf(pin)].filter(Boolean) : [];
  return { type: "FeatureCollection", features };
}

/** All signals on one map. */
export class Signals {
  #map;
  #started = false;
  #pins = new Map();
  #dangers = new Crowd(APART_FROM, MOST_APART);
  #calm = new Crowd(CLUSTERED_TO + 1, MOST_UNCLUSTERED);
  #drawn = new Map(SOURCES.map((source) => [source, new Set()]));
  #changed = new Set();
  #all = false;
  #crowded = false;
  #timer = 0;
  #due = 0;

  constructor(map) {
    this.#map = map;
  }

  /** Whether the map was not sent everything so far. */
  get waiting() {
    return this.#all || this.#changed.size > 0;
  }

  get(id) {
    return this.#pins.get(id);
  }

  /** Adds or replaces some signals and removes others. */
  change({ add = [], remove = [] }) {
    for (const id of remove) {
      this.#pins.delete(id);
      this.#changed.add(id);
    }
    for (const pin of add.filter(drawable)) {
      this.#pins.set(pin.id, pin);
      this.#changed.add(pin.id);
    }
    this.#soon();
  }

  /** The style is there, empty: sends everything, and from now on what changes. */
  start() {
    this.#started = true;
    this.#all = true;
    this.#soon();
  }

  stop() {
    this.#started = false;
    clearTimeout(this.#timer);
    this.#timer = 0;
  }

  #soon() {
    if (!this.#started || !this.waiting || this.#timer) return;
    const wait = Math.max(0, this.#due - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = 0;
      this.#due = performance.now() + PACE;
      this.#send();
    }, wait);
  }

  #send() {
    if (this.#all) this.#sendAll();
    else this.#sendChanges();
    this.#all = false;
    this.#changed.clear();
    // Also where nothing of it is drawn the map says that it is idle.
    this.#map.triggerRepaint();
  }

  #sendAll() {
    this.#dangers = new Crowd(APART_FROM, MOST_APART);
    this.#calm = new Crowd(CLUSTERED_TO + 1, MOST_UNCLUSTERED);
    this.#crowded = false;
    const collections = Object.fromEntries(SOURCES.map((source) => [source, []]));
    for (const drawn of this.#drawn.values()) drawn.clear();
    for (const pin of this.#pins.values()) {
      for (const [source, part] of this.#partsOf(pin)) collections[source].push(part);
    }
    this.#thin();
    for (const source of SOURCES) this.#source(source).setData({ type: "FeatureCollection", features: collections[source] });
  }

  #sendChanges() {
    const differences = Object.fromEntries(SOURCES.map((source) => [source, { add: [], remove: [] }]));
    for (const id of this.#changed) {
      const before = SOURCES.filter((source) => this.#drawn.get(source).delete(id));
      this.#dangers.leave(id);
      this.#calm.leave(id);
      const pin = this.#pins.get(id);
      const parts = pin ? this.#partsOf(pin) : [];
      for (const [source, part] of parts) differences[source].add.push(part);
      const after = new Set(parts.map(([source]) => source));
      for (const source of before) if (!after.has(source)) differences[source].remove.push(keyOf(id));
    }
    this.#thin();
    for (const [source, difference] of Object.entries(differences)) {
      if (difference.add.length + difference.remove.length > 0) this.#source(source).updateData(difference);
    }
  }

  /** The features of a pin, each with its source, which then counts as drawn there. */
  #partsOf(pin) {
    const parts = this.#pointsOf(pin);
    const area = areaOf(pin);
    if (area) parts.push(["areas", area]);
    for (const [source] of parts) this.#drawn.get(source).add(pin.id);
    return parts;
  }

  /** Own signals are never clustered, and dangers only from afar or where one spot is full of them. */
  #pointsOf(pin) {
    const point = pointOf(pin);
    if (pin.own && this.#drawn.get("own").size < MOST_APART) return [["own", point]];
    if (dangerous(pin) && this.#dangers.admit(pin)) return [["far", point], ["dangers", point]];
    if (!this.#calm.admit(pin)) this.#crowded = true;
    return [["far", point], ["calm", point]];
  }

  /** Where one spot holds too many signals to draw them all, they stay clustered at every zoom. */
  #thin() {
    const source = this.#source("calm");
    const clusterMaxZoom = this.#crowded ? source.maxzoom : CLUSTERED_TO;
    if (source.getClusterOptions().clusterMaxZoom !== clusterMaxZoom) source.setClusterOptions({ cluster: true, clusterMaxZoom });
  }

  #source(id) {
    return this.#map.getSource(id);
  }
}
