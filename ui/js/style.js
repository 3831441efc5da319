// How the map looks: the two colour themes, the basemap's layers and the signals' layers, bottom
// to top. It knows no signal and no event; map.js shows what it describes, signals.js fills it.

import { ROLES } from "/js/symbols.js";

/** Below this zoom clusters count everything; from it on each danger stands on its own. */
export const APART_FROM = 8;
/** Above this zoom nothing is clustered any more. */
export const CLUSTERED_TO = 12;
/** Below this zoom names under symbols would only cover other symbols. */
const LABELS_FROM = 9;

/**
 * Sources of symbols, and the zooms at which they show, least important first. `far` counts all
 * but own signals; from `APART_FROM` on `calm` counts the harmless ones beside the `dangers`.
 */
const SYMBOLS = {
  far: { maxzoom: APART_FROM },
  calm: { minzoom: APART_FROM },
  dangers: { minzoom: APART_FROM },
  own: {},
};
const CLUSTERED = ["far", "calm"];
/** Layers where a symbol can be touched, and those where a cluster or an area can. */
export const SYMBOL_LAYERS = ["selected", ...Object.keys(SYMBOLS)].map((source) => `${source}-symbol`);
export const CLUSTER_LAYERS = CLUSTERED.map((source) => `${source}-cluster`);
export const AREA_LAYERS = ["areas-fill"];

const REGULAR = ["Noto Sans"];
// MapLibre reads the weight out of the first name, which no font has, and the family from the second.
const SEMIBOLD = ["Noto Sans SemiBold", "Noto Sans"];

const LIGHT = {
  water: "#C9D9E2", land: "#F5F3EE", coast: "#9FB4C0", border: "#8C8C8C",
  place: "#4A545C", placeHalo: "#FBFAF7", ink: "#111820", paper: "#FFFFFF", casing: "#5A6068",
  rings: [ROLES.neutral.fill, ROLES.protection.fill, ROLES.caution.fill, ROLES.danger.fill],
};
const DARK = {
  water: "#131C26", land: "#26313D", coast: "#3F5062", border: "#77838E",
  place: "#AEB9C3", placeHalo: "#1B242E", ink: "#F2F5F7", paper: "#1B242E", casing: "#D5DCE2",
  rings: ["#9AA4AD", "#6F9BE8", ROLES.caution.fill, "#F0444F"],
};

const get = (name) => ["get", name];
const byZoom = (...stops) => ["interpolate", ["linear"], ["zoom"], ...stops];
const points = ["has", "icon"];
const shapes = ["has", "colour"];
const single = ["!", ["has", "point_count"]];

function ground(theme) {
  const tiles = (id, type, layer, paint, more) => ({ id, type, source: "world", "source-layer": layer, paint, ...more });
  return [
    { id: "water", type: "background", paint: { "background-color": theme.water } },
    tiles("land", "fill", "land", { "fill-color": theme.land }),
    tiles("coast", "line", "land", { "line-color": theme.coast, "line-width": byZoom(0, 0.4, 6, 1) }),
    // Dashed and grey everywhere: a line on this map takes no side.
    tiles("borders", "line", "borders", {
      "line-color": theme.border,
      "line-width": byZoom(0, 0.6, 6, 1.2),
      "line-dasharray": [4, 3],
    }),
  ];
}

/** Names of places: the more people live there, the earlier, the larger, and before others. */
function places(theme) {
  const large = ["any", ["has", "capital"], [">=", get("pop"), 1e6]];
  return {
    id: "places",
    type: "symbol",
    source: "world",
    "source-layer": "places",
    filter: ["<=", get("zoom"), ["zoom"]],
    layout: {
      "text-field": get("name"),
      "text-font": ["case", large, ["literal", SEMIBOLD], ["literal", REGULAR]],
      "text-size": byZoom(
        2, ["step", get("pop"), 10, 1e6, 11, 5e6, 12],
        8, ["step", get("pop"), 12, 1e5, 13, 1e6, 15, 5e6, 17],
        12, ["step", get("pop"), 13, 1e5, 16, 1e6, 18],
      ),
      "text-max-width": 8,
      "text-padding": 4,
      "text-variable-anchor": ["top", "bottom", "left", "right"],
      "text-radial-offset": 0.4,
      "text-justify": "auto",
      // From here on a town is larger than a dot.
      "icon-image": ["step", ["zoom"], "dot", 11, ""],
      "symbol-sort-key": ["-", 0, get("pop")],
    },
    paint: { "text-color": theme.place, "text-halo-color": theme.placeHalo, "text-halo-width": 1.4 },
  };
}

/** Real extents: what nobody has confirmed is hatched with a dashed edge, else solid. */
function areas(theme) {
  const layer = (id, type, paint, more) => ({ id: `areas-${id}`, type, source: "areas", paint, ...more });
  const edge = (colour, wide, more) => ({ "line-color": colour, "line-width": byZoom(4, 1.5 * wide, 10, 2.5 * wide), ...more });
  // The casing sets every colour off against the ground; its dashes lie exactly under the edge's.
  const casing = 1.6;
  const dashes = (wide) => ({ "line-dasharray": [3 / wide, 1.6 / wide] });
  const dashed = { filter: ["has", "dashed"] };
  const solid = { filter: ["!", ["has", "dashed"]] };
  return [
    layer(
      "fill",
      "fill",
      { "fill-color": get("colour"), "fill-opacity": get("opacity"), "fill-antialias": false },
      { layout: { "fill-sort-key": get("severity") } },
    ),
    layer("hatch", "fill", { "fill-pattern": get("hatch"), "fill-antialias": false }, { filter: ["has", "hatch"] }),
    layer("casing", "line", edge(theme.casing, casing), solid),
    layer("edge", "line", edge(get("colour"), 1), solid),
    layer("dashes-casing", "line", edge(theme.casing, casing, dashes(casing)), dashed),
    layer("dashes", "line", edge(get("colour"), 1, dashes(1)), dashed),
  ];
}

/** A cluster shows how many it counts and, by its ring, the worst of them. */
function clusters(theme, source) {
  const worst = get("worst");
  const number = get("point_count");
  const thousands = ["concat", ["to-string", ["floor", ["/", number, 1e3]]], "k"];
  const count = ["case", [">=", number, 1e4], thousands, ["to-string", number]];
  const common = { source, ...SYMBOLS[source], filter: ["has", "point_count"] };
  return [
    {
      id: `${source}-cluster`,
      type: "circle",
      ...common,
      paint: {
        "circle-color": theme.paper,
        "circle-radius": ["step", number, 17, 10, 19, 100, 22, 1000, 25, 1e4, 28],
        "circle-stroke-color": ["match", worst, 3, theme.rings[3], 2, theme.rings[2], 1, theme.rings[1], theme.rings[0]],
        // Severity shows without colour too: in the thickness of the ring and a mark on the worst.
        "circle-stroke-width": ["+", 3, worst],
      },
    },
    {
      id: `${source}-count`,
      type: "symbol",
      ...common,
      layout: {
        "text-field": ["concat", ["case", [">=", worst, 3], "!\n", ""], count],
        "text-font": SEMIBOLD,
        "text-size": 13,
        "text-line-height": 1,
        // Keeps place names out of the whole circle.
        "text-padding": 14,
        "text-allow-overlap": true,
      },
      paint: { "text-color": theme.ink },
    },
  ];
}

const symbol = (source, filter) => ({
  id: `${source}-symbol`,
  type: "symbol",
  source,
  ...SYMBOLS[source],
  filter,
  layout: {
    "icon-image": get("icon"),
    "icon-size": byZoom(1, 0.7, 9, 1),
    // No symbol ever hides another one altogether; the worst lies on top.
    "icon-allow-overlap": true,
    "icon-padding": 0,
    "symbol-sort-key": get("severity"),
  },
});

const label = (theme, source, filter, minzoom = LABELS_FROM) => ({
  id: `${source}-label`,
  type: "symbol",
  source,
  minzoom,
  filter,
  layout: {
    "text-field": get("label"),
    "text-font": SEMIBOLD,
    "text-size": 12,
    "text-anchor": "top",
    "text-offset": [0, 1.8],
    "text-padding": 1,
    "text-max-width": 9,
    "symbol-sort-key": ["-", 0, get("severity")],
  },
  paint: { "text-color": theme.ink, "text-halo-color": theme.paper, "text-halo-width": 1.8 },
});

/** The one signal that is looked at, over everything else, also where a cluster counts it. */
function selected(theme) {
  const halo = {
    id: "selected-halo",
    type: "circle",
    source: "selected",
    filter: points,
    paint: {
      "circle-radius": byZoom(1, 20, 9, 27),
      "circle-color": theme.ink,
      "circle-opacity": 0.15,
      "circle-stroke-color": theme.ink,
      "circle-stroke-width": 3,
    },
  };
  const words = label(theme, "selected", points, 0);
  words.layout = { ...words.layout, "text-offset": [0, 2.4], "text-allow-overlap": true };
  return [halo, words, symbol("selected", points)];
}

const extent = (theme, source, id, width, more) => ({
  id: `${source}-${id}`,
  type: "line",
  source,
  filter: shapes,
  paint: { "line-color": id === "casing" ? theme.paper : theme.ink, "line-width": width, ...more },
});

/** What is being written: dashed in black and white, as no signal is. */
function preview(theme) {
  return [
    {
      id: "preview-fill",
      type: "fill",
      source: "preview",
      filter: shapes,
      paint: { "fill-color": get("colour"), "fill-opacity": 0.25 },
    },
    extent(theme, "preview", "casing", 5),
    extent(theme, "preview", "edge", 2.5, { "line-dasharray": [2, 2] }),
  ];
}

function previewSymbol() {
  const ring = symbol("preview", points);
  return [{ ...ring, id: "preview-ring", layout: { ...ring.layout, "icon-image": "ring" } }, ring];
}

function layers(dark, names) {
  const theme = dark ? DARK : LIGHT;
  const symbols = Object.keys(SYMBOLS);
  return [
    ...ground(theme),
    ...areas(theme),
    extent(theme, "selected", "edge", 4),
    ...preview(theme),
    ...(names ? [places(theme)] : []),
    // Under the symbols, and placed after them: a name gives way to a symbol.
    ...symbols.filter((source) => source !== "far").map((source) => label(theme, source, single)),
    ...CLUSTERED.flatMap((source) => clusters(theme, source)),
    ...symbols.map((source) => symbol(source, single)),
    ...selected(theme),
    ...previewSymbol(),
  ];
}

function sources(tiles) {
  const data = { type: "FeatureCollection", features: [] };
  const plain = { type: "geojson", data, promoteId: "id", buffer: 64 };
  const clustered = (clusterMaxZoom) => ({
    ...plain,
    cluster: true,
    clusterMaxZoom,
    clusterRadius: 50,
    clusterProperties: { worst: ["max", get("severity")] },
  });
  return {
    world: { type: "vector", tiles: [`${tiles}world/{z}/{x}/{y}`], minzoom: 0, maxzoom: 7 },
    areas: plain,
    far: clustered(APART_FROM - 1),
    calm: clustered(CLUSTERED_TO),
    dangers: plain,
    own: plain,
    selected: plain,
    preview: plain,
  };
}

/** The whole style. `tiles` is the only address in it; there is no glyph and no sprite server. */
export const style = (tiles, dark, names) => ({
  version: 8,
  sources: sources(tiles),
  layers: layers(dark, names),
});

/** Turns a shown style light or dark; everything else of it stays, images and signals too. */
export function repaint(map, dark, names) {
  for (const { id, paint } of layers(dark, names)) {
    for (const [property, value] of Object.entries(paint ?? {})) map.setPaintProperty(id, property, value);
  }
}
