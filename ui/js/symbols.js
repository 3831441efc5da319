// Composes Parley's symbols as SVG text: outline = message type, colour = role, drawing = subject,
// corner badge = state. One source for the map's pictures and for the list. Every code renders:
// what has no drawing of its own, private use included, gets its family's. It reads nothing but
// its arguments and puts none of them into the SVG: they only choose from the tables here.

import { PICTOGRAMS, word } from "/js/pictograms.js";

/** Fill and glyph per role; apart from each other in normal and in colour-blind sight. */
export const ROLES = {
  danger: { fill: "#C1121F", glyph: "#FFFFFF" },
  caution: { fill: "#FFB000", glyph: "#111111" },
  protection: { fill: "#1F4E9E", glyph: "#FFFFFF" },
  ok: { fill: "#7FC8A9", glyph: "#111111" },
  neutral: { fill: "#4A4A4A", glyph: "#FFFFFF" },
  flag: { fill: "#FFFFFF", glyph: "#222222" },
  past: { fill: "#B9BDC1", glyph: "#3A3F44" },
  test: { fill: "#F6D5F1", glyph: "#7A0F6B" },
};

/** Outline on a 48 by 48 grid, with the centre and scale of the 24 by 24 drawing inside. */
const OUTLINES = {
  D: { path: "M24 3L45 24L24 45L3 24Z", x: 24, y: 24, scale: 0.86 },
  P: { path: "M6 6H42V42H6Z", x: 24, y: 24, scale: 1.15 },
  E: { path: "M6 43V22A18 18 0 0 1 42 22V43Z", x: 24, y: 25, scale: 1.05 },
  S: { path: "M3 8H31L45 24L31 40H3L12 24Z", x: 25, y: 24, scale: 0.98 },
  I: { path: "M3 10H45V38H3Z", x: 24, y: 24, scale: 0.95 },
  M: { path: "M6 5H42V27L24 45L6 27Z", x: 24, y: 20.5, scale: 0.98 },
  Q: { path: "M9 5H39Q43 5 43 9V30Q43 34 39 34H24L13 44V34H9Q5 34 5 30V9Q5 5 9 5Z", x: 24, y: 19.5, scale: 0.95 },
  F: { path: "M5 12H31L44 24L31 36H5Z", x: 20, y: 24, scale: 0.75 },
  R: { path: "M5 12H31L44 24L31 36H5Z", x: 20, y: 24, scale: 0.75 },
  A: { path: "M7 5H41Q45 5 45 9V39Q45 43 41 43H7Q3 43 3 39V9Q3 5 7 5Z", x: 24, y: 24, scale: 1.2 },
  K: { path: "M7 5H41Q45 5 45 9V39Q45 43 41 43H7Q3 43 3 39V9Q3 5 7 5Z", x: 24, y: 24, scale: 1.2 },
};
const OTHER_OUTLINE = { path: "M24 4A20 20 0 1 1 23.99 4Z", x: 24, y: 24, scale: 1 };
/** Conflict hazards (D2x) carry bars above and below, so that they differ without colour. */
const HAZARD_BARS = "M14 2H34V6H14ZM14 42H34V46H14Z";

/**
 * Drawing by subject, longest match first: "D21", then "D2", then "D". The entry under the type
 * alone is the fallback that also serves reserved and private codes.
 */
const DRAWINGS = {
  D: "exclamation", D1: "burst", D11: "rifle", D12: "shell", D13: "bomb", D14: "plane",
  D1A: "flask", D1B: "biohazard", D1C: "trefoil", D2: "exclamation", D21: "skull", D22: "dud",
  D23: "flask", D24: "biohazard", D25: "trefoil", D26: "trefoil", D27: "missile",
  D3: "car", D31: "plane", D32: "train", D34: "boat", D4: "factory", D41: "leak", D42: "burst",
  D43: "flask", D44: "trefoil", D45: "burst", D46: "leak", D47: "rain", D48: "smoke",
  D5: "group", D51: "mask", D52: "crowd", D53: "displaced", D54: "bowl",
  DA: "quake", DA2: "tsunami", DA3: "volcano", DA4: "rocks", DA5: "rocks", DA6: "avalanche",
  DA7: "subsidence", DB: "storm", DB2: "cyclone", DB3: "wind", DC: "flood", DC2: "wave",
  DC3: "tsunami", DC4: "rocks", DC5: "rocks", DC6: "avalanche", DC7: "subsidence", DD: "sun",
  DD2: "snow", DD3: "snow", DD4: "drought", DD5: "flame", DD6: "flame", DE: "virus",
  DE7: "insect", DE8: "hoof",
  P: "flag", P02: "bubbles", P03: "surrender", P1: "letterRC", P12: "letterRCr", P13: "letterRX",
  P2: "letterUN", P3: "zone", P31: "hospital", P32: "fence", P33: "fence", P4: "triangle",
  P5: "heritage", P51: "monument", P6: "dots",
  E: "siren", E01: "sos", E02: "exclamation", E1: "siren", E11: "patient", E12: "flame",
  E13: "badge", E14: "helmet",
  S: "personTick", S1: "person", S11: "personTick", S12: "personBubble", S13: "personHand",
  S2: "question", S21: "box", S22: "boxTick", S23: "boxCracked", S24: "boxCrossed",
  S25: "boxCrossed", S26: "boxCracked", S28: "boxBroken",
  I: "tower", I1: "road", I12: "bus", I13: "rail", I14: "wave", I15: "anchor",
  I16: "lighthouse", I17: "plane", I2: "bolt", I22: "gasPipe", I23: "oilPipe", I24: "oilPlant",
  I25: "gasPlant", I26: "factory", I27: "trefoil", I28: "dam", I29: "steam", I2A: "sun",
  I2B: "turbine", I2C: "wave", I2D: "leaf", I3: "drop", I31: "waterPipe", I32: "tank",
  I34: "leak", I35: "gate", I37: "dam", I38: "wave", I4: "tower", I41: "envelope", I42: "phone",
  I43: "phone", I45: "screen", I47: "network", I48: "network", I49: "network", I5: "monument",
  I51: "hospital", I52: "school", I53: "badge", I54: "flame", I6: "bin", I63: "smoke",
  I64: "recycle", I65: "skull",
  M: "handWith", M21: "eye", M22: "fence", M23: "care", M24: "box", M25: "food", M26: "care",
  M27: "tent", M28: "family", M29: "tools", M2A: "bubbles", M2B: "paper", M2C: "truck",
  M3: "helmet", M4: "scales", M43: "eye", M5: "monument", M6: "badge", M7: "handshake",
  M8: "chevrons",
  Q: "bubbles", Q1: "ceasefire", Q2: "access",
  F: "lines", R: "link", A: "card", K: "key",
};

/** Role by subject, longest match first as above. */
const ROLE_OF = {
  D: "danger", D3: "caution", D4: "caution", D5: "caution", DA: "caution", DB: "caution",
  DC: "caution", DD: "caution", DE: "caution", P: "protection", P0: "flag", P1: "flag", P2: "flag",
  E: "danger", S: "ok", S13: "danger", S20: "caution", S23: "caution", S26: "caution",
  S24: "danger", S25: "danger", S28: "danger", I: "neutral", M: "protection", M8: "neutral",
  Q: "protection", F: "neutral", R: "neutral", A: "neutral", K: "neutral",
};

const longestMatch = (table, code, subject) =>
  table[code + subject] ?? table[code + subject.slice(0, 1)] ?? table[code];

/** A type and subject that are safe as table keys: one capital letter, two hexadecimal digits. */
function known(code, subject) {
  const type = /^[A-Z]$/.test(code) ? code : "?";
  const digits = String(subject ?? "").toUpperCase();
  return [type, /^[0-9A-F]{2}$/.test(digits) ? digits : ""];
}

/**
 * The colour role of a signal. A conflict hazard (D2x) that nobody has confirmed is "caution":
 * reported, not established.
 */
export function roleOf(code, subject, state) {
  const [type, digits] = known(code, subject);
  if (state === "test") return "test";
  if (state === "expired" || state === "discontinued") return "past";
  const suspected = type === "D" && digits[0] === "2" && state !== "confirmed";
  return suspected ? "caution" : (longestMatch(ROLE_OF, type, digits) ?? "neutral");
}

const BADGE = (drawing, fill) =>
  `<g transform="translate(36 36)"><circle r="11" fill="#fff"/><circle r="9.5" fill="${fill}"/>` +
  `<g fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round">${drawing}</g></g>`;
/** What the corner shows per state; colours differ, and so do the drawings. */
const BADGES = {
  confirmed: BADGE(`<path d="M-5 0L-1.5 4L5 -4"/>`, "#1B6E3C"),
  queued: BADGE(`<path d="M0 -5V0L4 3"/>`, "#333"),
  discontinued: BADGE(`<path d="M-4 -4L4 4M4 -4L-4 4"/>`, "#333"),
};
/** Own signals carry a small disc in the other corner. */
const OWN = `<circle cx="9" cy="39" r="7" fill="#fff"/><circle cx="9" cy="39" r="4.6" fill="#0B7A75"/>`;
const TEST_RIBBON =
  `<rect x="2" y="32" width="44" height="14" rx="2" fill="#7A0F6B" stroke="#fff" stroke-width="1.5"/>` +
  `<g transform="translate(12 27)" fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round">${word("TEST", 26)}</g>`;

function outline(shape, hazard, role, dashed) {
  const path = hazard ? shape.path + HAZARD_BARS : shape.path;
  const dash = dashed ? ` stroke-dasharray="5 3"` : "";
  const edge = role === "flag" || dashed ? `<path d="${path}" fill="none" stroke="#222" stroke-width="2.2"${dash}/>` : "";
  const halo = dashed ? "#8A8F94" : "#1A1A1A";
  return (
    `<g stroke-linejoin="round"><path d="${path}" fill="${halo}" stroke="${halo}" stroke-width="6"/>` +
    `<path d="${path}" fill="#fff" stroke="#fff" stroke-width="4"/>` +
    `<path d="${path}" fill="${ROLES[role].fill}"/>${edge}</g>`
  );
}

/**
 * One symbol as SVG text, 56 by 56 units with its halo.
 *
 * `code` is the message type's letter, `subject` its two hexadecimal digits or "". `opts`:
 * `state` (current, unconfirmed, confirmed, expired, queued, test, discontinued), `own`, and
 * `size` in CSS pixels (default 40).
 */
export function symbolSvg(code, subject, opts = {}) {
  const [type, digits] = known(code, subject);
  const shape = OUTLINES[type] ?? OTHER_OUTLINE;
  const role = roleOf(type, digits, opts.state);
  const drawing = PICTOGRAMS[longestMatch(DRAWINGS, type, digits) ?? "question"];
  const dashed = opts.state === "expired" || opts.state === "discontinued" || opts.state === "test";
  const size = Number(opts.size) || 40;
  const at = `translate(${shape.x - 12 * shape.scale} ${shape.y - 12 * shape.scale}) scale(${shape.scale})`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="-4 -4 56 56" aria-hidden="true">` +
    outline(shape, type === "D" && digits[0] === "2", role, dashed) +
    `<g transform="${at}" color="${ROLES[role].glyph}" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${drawing}</g>` +
    (opts.own ? OWN : "") +
    (BADGES[opts.state] ?? "") +
    (opts.state === "test" ? TEST_RIBBON : "") +
    `</svg>`
  );
}

/** The colour of a signal's area, its edge and its cluster ring, as a CSS colour. */
export const areaColour = (code, subject, state) => {
  const role = roleOf(code, subject, state);
  return role === "flag" ? ROLES.protection.fill : ROLES[role].fill;
};
