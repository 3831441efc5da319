// The one map object: owns the MapLibre map, its controls and its listeners, and turns gestures
// into the app's events. The window tells it what to show; it keeps nothing beyond that.

import * as maplibregl from "/maplibre-gl.mjs";
import { Press } from "/js/press.js";
import { givePictures } from "/js/pictures.js";
import { Signals, alone, idOf } from "/js/signals.js";
import { AREA_LAYERS, CLUSTER_LAYERS, SYMBOL_LAYERS, repaint, style } from "/js/style.js";

// MapLibre finds its worker by itself only on http pages, and this one may be on tauri://.
maplibregl.setWorkerUrl(new URL("/maplibre-gl-worker.mjs", import.meta.url).href);

/** A finger covers this many pixels around the point that it means. */
const FINGER = 24;
/** Half of a symbol: within it a touch is on the symbol, not beside it. */
const SYMBOL = 20;
const SETTLED = 300;
const LONGEST_FLIGHT = 4000;
/** More kinds of fault than this say nothing new. */
const MOST_FAULTS = 50;
/** A letter of each subset of the label font; otherwise only Latin would be there at first. */
const SAMPLE = "aāạжҐΩع";

const media = (query) => window.matchMedia(query);
const still = () => media("(prefers-reduced-motion: reduce)").matches;

function labelFonts() {
  const load = (weight) => document.fonts.load(`${weight} 16px "Noto Sans"`, SAMPLE);
  // Without the fonts names are drawn in the system's; a map comes in any case.
  return Promise.allSettled([400, 600].map(load));
}

/** The app's words under MapLibre's names; where one is missing, MapLibre's English stands. */
function locale(words, container) {
  const named = {
    "Map.Title": words.map ?? container?.getAttribute("aria-label"),
    "NavigationControl.ZoomIn": words.zoomIn,
    "NavigationControl.ZoomOut": words.zoomOut,
    "ScaleControl.Meters": words.metres,
    "ScaleControl.Kilometers": words.kilometres,
  };
  return Object.fromEntries(Object.entries(named).filter(([, word]) => word));
}

function createMap(container, view, words) {
  const coarse = media("(any-pointer: coarse)").matches;
  const map = new maplibregl.Map({
    container,
    center: [view.lng, view.lat],
    zoom: view.zoom,
    minZoom: 0,
    maxZoom: 19,
    maxPitch: 0,
    dragRotate: false,
    touchPitch: false,
    attributionControl: false,
    clickTolerance: coarse ? 10 : 4,
    fadeDuration: 0,
    maxTileCacheSize: 100,
    locale: locale(words, container),
  });
  map.keyboard.disableRotation();
  map.touchZoomRotate.disableRotation();
  return map;
}

function addControls(map, rtl) {
  const [start, end] = rtl ? ["right", "left"] : ["left", "right"];
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), `bottom-${end}`);
  map.addControl(new maplibregl.ScaleControl({ maxWidth: 120 }), `bottom-${start}`);
}

/** The world map with signals on it. See `on` for what it tells. */
export class ParleyMap {
  #map;
  #names;
  #signals;
  #press;
  #dark = media("(prefers-color-scheme: dark)");
  #heard = new Map();
  #faults = new Set();
  #settling = 0;
  #selected = null;
  /** The pin that is drawn as selected; null: not known. */
  #marked = null;
  #preview = null;
  #styled = false;
  #removed = false;

  /**
   * Draws the map into an element. Throws where there is no WebGL 2.
   *
   * @param {string} containerId
   * @param {{view: {lng: number, lat: number, zoom: number}, tiles: string, rtl: boolean,
   *   labels: boolean, locale?: {map?: string, zoomIn?: string, zoomOut?: string,
   *   metres?: string, kilometres?: string}}} options `tiles` ends in "/"; `labels`: whether
   *   places have names; `locale`: the words of the controls, in the app's language.
   */
  constructor(containerId, { view, tiles, rtl, labels, locale: words }) {
    const container = document.getElementById(containerId);
    this.#map = createMap(container, view, words ?? {});
    this.#names = labels !== false;
    this.#signals = new Signals(this.#map);
    this.#press = new Press(this.#map.getCanvasContainer(), (position) => this.#place(position));
    addControls(this.#map, rtl);
    givePictures(this.#map);
    this.#listen();
    labelFonts().then(() => {
      if (!this.#removed) this.#map.setStyle(style(tiles, this.#dark.matches, this.#names));
    });
  }

  /** Changes some signals; the map follows within a second. @param {{add, remove}} difference */
  changeSignals(difference) {
    this.#signals.change(difference ?? {});
    this.#tell("redraw");
    this.#showSelected();
  }

  /** Shows what is being written, or nothing. @param {object | null} pin */
  setPreview(pin) {
    this.#preview = pin ?? null;
    this.#show("preview", this.#preview);
  }

  /** Goes to a place. */
  flyTo(lng, lat, zoom) {
    if (this.#removed) return;
    const camera = { center: [lng, lat], zoom };
    if (still()) this.#map.jumpTo(camera);
    else this.#map.flyTo({ ...camera, maxDuration: LONGEST_FLIGHT });
  }

  /** Marks one signal, or none. Tells nobody. @param {string | null} id */
  select(id) {
    this.#selected = id ?? null;
    this.#showSelected();
  }

  /**
   * Calls back at each `select` (id or null), `place` ({lng, lat}), `movestart`, `moveend`
   * ({lng, lat, zoom}), `redraw` (something it was told is not drawn yet), `idle` (all is) and
   * `error` (text, each kind once).
   */
  on(event, callback) {
    this.#heard.set(event, [...(this.#heard.get(event) ?? []), callback]);
  }

  /** Ends the map and all that belongs to it; nothing is told any more. */
  remove() {
    if (this.#removed) return;
    this.#removed = true;
    this.#heard.clear();
    clearTimeout(this.#settling);
    this.#dark.removeEventListener("change", this.#repaint);
    this.#pause();
    this.#press.stop();
    this.#map.remove();
  }

  #tell(event, value) {
    for (const callback of this.#heard.get(event) ?? []) callback(value);
  }

  #listen() {
    const map = this.#map;
    map.on("style.load", () => this.#start());
    map.on("webglcontextlost", () => this.#pause());
    map.on("idle", () => this.#styled && !this.#signals.waiting && this.#tell("idle"));
    map.on("error", ({ error }) => this.#fault(error));
    map.on("movestart", () => {
      this.#press.spoil();
      this.#tell("movestart");
    });
    map.on("moveend", () => this.#moved());
    map.on("click", (event) => this.#tap(event));
    this.#point();
    this.#dark.addEventListener("change", this.#repaint);
  }

  /** The style is there: at first, and again where the graphics card had lost everything. */
  #start() {
    this.#styled = true;
    // The system may have changed its colours meanwhile.
    this.#repaint();
    this.#signals.start();
    this.#marked = null;
    this.#showSelected();
    this.#show("preview", this.#preview);
  }

  #pause() {
    this.#styled = false;
    this.#signals.stop();
  }

  /** What can be touched shows it under the mouse. */
  #point() {
    const layers = [...SYMBOL_LAYERS, ...CLUSTER_LAYERS, ...AREA_LAYERS];
    const { style: shown } = this.#map.getCanvas();
    this.#map.on("mouseenter", layers, () => (shown.cursor = "pointer"));
    this.#map.on("mouseleave", layers, () => (shown.cursor = ""));
  }

  #repaint = () => {
    if (this.#styled) repaint(this.#map, this.#dark.matches, this.#names);
  };

  #showSelected() {
    const pin = this.#selected === null ? undefined : this.#signals.get(this.#selected);
    if (!this.#styled || pin === this.#marked) return;
    this.#marked = pin;
    this.#show("selected", pin);
  }

  #show(source, pin) {
    if (!this.#styled) return;
    this.#tell("redraw");
    this.#map.getSource(source).setData(alone(pin));
  }

  #fault(error) {
    const message = String(error?.message ?? error);
    // The same fault of another tile is the same fault.
    const kind = message.replace(/\d+/g, "0");
    if (this.#faults.has(kind) || this.#faults.size >= MOST_FAULTS) return;
    this.#faults.add(kind);
    this.#tell("error", message);
  }

  #moved() {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => {
      const { lng, lat } = this.#map.getCenter().wrap();
      this.#tell("moveend", { lng, lat, zoom: this.#map.getZoom() });
    }, SETTLED);
  }

  #place({ x, y }) {
    const { left, top } = this.#map.getCanvas().getBoundingClientRect();
    const { lng, lat } = this.#map.unproject([x - left, y - top]).wrap();
    this.#tell("place", { lng, lat });
  }

  #tap({ point, lngLat }) {
    // The click that ends a press and hold is part of it.
    if (this.#press.used || !this.#styled) return;
    const hit = this.#touched(point, lngLat) ?? this.#areaAt(point);
    if (hit?.properties.cluster) this.#open(hit);
    else if (hit) this.#choose(idOf(hit));
    else if (this.#selected !== null) this.#choose(null);
  }

  #choose(id) {
    this.select(id);
    this.#tell("select", id);
  }

  /** The symbol or cluster under a finger: of those it is right on the worst, else the nearest. */
  #touched(point, lngLat) {
    const box = [[point.x - FINGER, point.y - FINGER], [point.x + FINGER, point.y + FINGER]];
    const near = this.#map.queryRenderedFeatures(box, { layers: [...SYMBOL_LAYERS, ...CLUSTER_LAYERS] });
    const hits = near.map((feature) => ({ feature, far: this.#distance(point, lngLat, feature) }));
    const on = hits.filter(({ feature, far }) => far <= SYMBOL && !feature.properties.cluster);
    const worst = (a, b) => b.feature.properties.severity - a.feature.properties.severity || a.far - b.far;
    const best = on.length > 0 ? on.sort(worst) : hits.sort((a, b) => a.far - b.far);
    return best[0]?.feature;
  }

  /** In pixels; on that copy of the world which was touched. */
  #distance(point, lngLat, { geometry }) {
    const [lng, lat] = geometry.coordinates;
    const copy = 360 * Math.round((lngLat.lng - lng) / 360);
    return this.#map.project([lng + copy, lat]).dist(point);
  }

  #areaAt(point) {
    const hits = this.#map.queryRenderedFeatures(point, { layers: AREA_LAYERS });
    return hits.sort((a, b) => b.properties.severity - a.properties.severity)[0];
  }

  /** Goes as near to a cluster as it takes to see it fall apart. */
  async #open({ source: name, properties, geometry }) {
    const source = this.#map.getSource(name);
    // A cluster may be gone by the time it is asked about; then a step nearer is right.
    const zoom = await source.getClusterExpansionZoom(properties.cluster_id).catch(() => this.#map.getZoom() + 2);
    if (this.#removed) return;
    const camera = { center: geometry.coordinates, zoom: Math.min(zoom, this.#map.getMaxZoom()) };
    if (still()) this.#map.jumpTo(camera);
    else this.#map.easeTo(camera);
  }
}
