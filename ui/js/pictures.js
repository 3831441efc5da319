// The map's pictures, made when a tile first needs them: symbols, hatching, the ring of what is
// being written, the dot of a town. An SVG becomes pixels here; nothing is fetched.

import { ROLES, areaColour, symbolSvg } from "/js/symbols.js";

/** Pixels of a picture for each pixel of the page; enough for dense screens. */
const DENSITY = 2;
const SYMBOL_SIZE = 40;
const STATES = ["current", "unconfirmed", "confirmed", "expired", "queued", "test", "discontinued"];
/** Hatching by state: only reported, and not real. Seen on light and on dark ground. */
export const HATCHES = { unconfirmed: ROLES.caution.fill, test: "#C13BAA" };

/** The name of a pin's picture. It takes nothing over but what the symbols know, so that there are few. */
export function iconId({ code, subject, state, own }) {
  const type = /^[A-Z]$/.test(code) ? code : "?";
  const digits = /^[0-9A-Fa-f]{2}$/.test(subject) ? subject.toUpperCase() : "";
  return ["symbol", type, digits, STATES.includes(state) ? state : "current", own ? "own" : ""].join(":");
}

/** The name of the hatching for a state; `undefined` for those that have none. */
export const hatchId = (state) => (Object.hasOwn(HATCHES, state) ? `hatch:${state}` : undefined);

function canvasOf(size) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size * DENSITY;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return { context, pixels: () => context.getImageData(0, 0, canvas.width, canvas.height) };
}

function loaded(svg) {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = () => reject(new Error("a symbol could not be drawn"));
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  });
}

async function raster(svg, size) {
  const image = await loaded(svg);
  const { context, pixels } = canvasOf(size);
  context.drawImage(image, 0, 0, size * DENSITY, size * DENSITY);
  return pixels();
}

function disc(size, radius, fill, edge) {
  const { context, pixels } = canvasOf(size);
  context.scale(DENSITY, DENSITY);
  context.beginPath();
  context.arc(size / 2, size / 2, radius, 0, 2 * Math.PI);
  context.fillStyle = fill;
  context.strokeStyle = edge;
  context.lineWidth = 2;
  context.stroke();
  context.fill();
  return pixels();
}

/** A symbol; where the engine refuses the SVG, a disc of its colour rather than nothing. */
function symbol([, code, subject, state, own]) {
  const svg = symbolSvg(code, subject, { state, own: own === "own", size: SYMBOL_SIZE * DENSITY });
  return raster(svg, SYMBOL_SIZE).catch(() => disc(SYMBOL_SIZE, 12, areaColour(code, subject, state), "#111"));
}

/** Slanted lines that go on without a seam from one square to the next. */
function hatch([, state]) {
  const size = 10;
  const { context, pixels } = canvasOf(size);
  context.scale(DENSITY, DENSITY);
  context.strokeStyle = HATCHES[state];
  context.lineWidth = 2.5;
  for (const shift of [-size, 0, size]) {
    context.moveTo(shift - 1, size + 1);
    context.lineTo(shift + size + 1, -1);
  }
  context.stroke();
  return pixels();
}

function ring() {
  const size = 64;
  const circle = (colour, width, dash) => `<circle cx="32" cy="32" r="28" stroke="${colour}" stroke-width="${width}"${dash}/>`;
  const drawing = circle("#fff", 5, "") + circle("#111", 2.5, ` stroke-dasharray="7.33 7.33"`);
  const frame = `width="${size * DENSITY}" height="${size * DENSITY}" viewBox="0 0 ${size} ${size}" fill="none"`;
  return raster(`<svg xmlns="http://www.w3.org/2000/svg" ${frame}>${drawing}</svg>`, size);
}

const MAKERS = { symbol, hatch, ring, dot: () => disc(8, 2.2, "#7D8790", "#FFFFFF99") };

/** Lets a map ask for a picture by name; one that several tiles wait for is made once. */
export function givePictures(map) {
  const coming = new Map();
  const give = async (id) => {
    const parts = id.split(":");
    const maker = MAKERS[parts[0]];
    if (!maker) return;
    const picture = await maker(parts);
    if (!map.hasImage(id)) map.addImage(id, picture, { pixelRatio: DENSITY });
  };
  map.setMissingStyleImageResolver((id) => {
    if (!coming.has(id)) coming.set(id, give(id).finally(() => coming.delete(id)));
    return coming.get(id);
  });
}
