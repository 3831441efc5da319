// The barest map of the same tiles: land and borders, no labels, no signals.
import * as maplibregl from "/maplibre-gl.mjs";

maplibregl.setWorkerUrl(new URL("/maplibre-gl-worker.mjs", import.meta.url).href);

const world = {
  type: "vector",
  tiles: ["tile://localhost/world/{z}/{x}/{y}"],
  maxzoom: 7,
};
const map = new maplibregl.Map({
  container: "map",
  center: [20, 25],
  zoom: 1.5,
  attributionControl: false,
  fadeDuration: 0,
  style: {
    version: 8,
    sources: { world },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": "#cfdde6" } },
      { id: "land", type: "fill", source: "world", "source-layer": "land", paint: { "fill-color": "#f4f1ea" } },
      { id: "borders", type: "line", source: "world", "source-layer": "borders", paint: { "line-color": "#999" } },
    ],
  },
});
map.once("idle", () => document.body.setAttribute("data-map", "ready"));
