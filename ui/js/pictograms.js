// The drawings inside Parley's symbols, on a 24 by 24 grid, in one colour (currentColor).
// Own drawings. No red cross, crescent, crystal, or United Nations emblem is drawn anywhere:
// those signs are written in letters (Geneva Convention I art. 53; GA resolution 92(I)).
// Letters are strokes, not text, because an SVG used as a picture cannot load the app's fonts.

/** A stroked path. */
const line = (d) => `<path d="${d}"/>`;
/** A filled path. */
const solid = (d) => `<path d="${d}" fill="currentColor" stroke="none"/>`;
/** A filled disc. */
const dot = (x, y, r) => `<circle cx="${x}" cy="${y}" r="${r}" fill="currentColor" stroke="none"/>`;
/** A circle's edge. */
const ring = (x, y, r) => `<circle cx="${x}" cy="${y}" r="${r}"/>`;
/** The same drawing, moved and scaled. */
const placed = (drawing, x, y, scale) => `<g transform="translate(${x} ${y}) scale(${scale})">${drawing}</g>`;

/** Capital letters as strokes on a 6 by 10 grid; only those that are used. */
const LETTERS = {
  C: "M6 2Q5 0 3 0Q0 0 0 5T3 10Q5 10 6 8",
  E: "M6 0H0V10H6M0 5H5",
  F: "M6 0H0V10M0 5H5",
  H: "M0 0V10M6 0V10M0 5H6",
  N: "M0 10V0L6 10V0",
  O: "M3 0Q0 0 0 5T3 10T6 5T3 0Z",
  P: "M0 10V0H3Q6 0 6 3T3 6H0",
  R: "M0 10V0H3Q6 0 6 2.7T3 5.4H0M3 5.4L6 10",
  S: "M6 1.6Q5 0 3 0Q0 0 0 2.5T3 5T6 7.5T3 10Q1 10 0 8.4",
  T: "M0 0H6M3 0V10",
  U: "M0 0V7Q0 10 3 10T6 7V0",
  W: "M0 0L1.5 10L3 3L4.5 10L6 0",
  X: "M0 0L6 10M6 0L0 10",
  r: "M1 10V4M1 6Q2 4 5 4",
};

/** A short word centred on the grid, as wide as it may be. */
export function word(text, width = 24) {
  const letters = [...text].filter((letter) => LETTERS[letter]);
  const scale = Math.min(1.5, width / (letters.length * 8 - 2));
  const left = 12 - ((letters.length * 8 - 2) * scale) / 2;
  const drawn = letters.map((letter, i) => placed(line(LETTERS[letter]), left + i * 8 * scale, 12 - 5 * scale, scale));
  return drawn.join("");
}

const person = dot(12, 6, 3.2) + solid("M6 21V15Q6 10.5 12 10.5T18 15V21Z");
const flame = solid("M12 2Q19 8 19 14.5A7 7 0 0 1 5 14.5Q5 11 8 8Q8 11 10 11.5Q13 8 12 2Z");
const drop = solid("M12 2Q19 11 19 15A7 7 0 0 1 5 15Q5 11 12 2Z");
const bolt = solid("M14 1L4 14H11L9 23L20 9H13Z");
const plane = solid("M12 1Q14 1 14 5V9L22 14V17L14 14.5V19L17 21V23L12 21.5L7 23V21L10 19V14.5L2 17V14L10 9V5Q10 1 12 1Z");
const shell = solid("M12 1Q17 6 17 11V17H7V11Q7 6 12 1ZM7 18.5H17V20H7ZM9 21V23H15V21Z");
const heart = solid("M12 21Q2 13 2 8A5.2 5.2 0 0 1 12 6A5.2 5.2 0 0 1 22 8Q22 13 12 21Z");
const box = line("M4 8L12 4L20 8V17L12 21L4 17ZM4 8L12 12L20 8M12 12V21");
const rocks = line("M2 21L13 5L22 21Z") + dot(18, 6, 2.2) + dot(21, 11, 1.6);
const wave = "q2.5 -4 5 0t5 0t5 0t5 0";
const hand = line("M2 15Q7 12 11 15H15Q17 15 17 17H11M17 16L22 13M2 20Q9 23 15 21L22 16");
const building = line("M4 22V9L12 3L20 9V22Z");
const mast = line("M12 9L7 22H17ZM9 17H15M7.5 3.5Q4.5 7.5 7.5 11.5M16.5 3.5Q19.5 7.5 16.5 11.5") + dot(12, 7.5, 2);
const pipe = (drawing) => line("M1 19H23M6 16V22M18 16V22") + placed(drawing, 5, 0, 0.58);
const plant = (drawing) => line("M3 22V12L9 15V12L15 15V3H20V22Z") + placed(drawing, 0, 0, 0.42);
const trefoil =
  dot(12, 12, 2.3) +
  [0, 120, 240].map((turn) => `<path transform="rotate(${turn} 12 12)" d="M10 8.5L7 3.3A10 10 0 0 1 17 3.3L14 8.5A4 4 0 0 0 10 8.5Z" fill="currentColor" stroke="none"/>`).join("");
const biohazard =
  ring(12, 13, 3.4) +
  [0, 120, 240].map((turn) => `<path transform="rotate(${turn} 12 13)" d="M9 2.5A5.2 5.2 0 1 0 15 2.5"/>`).join("");
const flask = line("M9 2H15M10 2V9L4 20Q4 22 6 22H18Q20 22 20 20L14 9V2") + solid("M7.5 15H16.5L19 21H5Z");
const virus =
  dot(12, 12, 5.5) +
  [0, 45, 90, 135].map((turn) => `<path transform="rotate(${turn} 12 12)" d="M12 1.5V22.5M10.5 1.5H13.5M10.5 22.5H13.5"/>`).join("");

/** Every drawing by name. */
export const PICTOGRAMS = {
  exclamation: solid("M10 2H14L13.2 15H10.8Z") + dot(12, 19.5, 2.2),
  question: line("M7 8Q7 3 12 3T17 8Q17 11 12 13.5V16") + dot(12, 20.5, 1.8),
  burst: solid("M12 1L14.5 7.5L20 3.5L18 10L23.5 12L18 14.5L20.5 20.5L14 17L12 23L9.5 17L3.5 20.5L6 14L0.5 12L6.5 9.5L3.5 3.5L9.5 7Z"),
  rifle: line("M2 17L20 5M7 14L9 19M13 10L15 14"),
  shell,
  bomb: dot(11, 14, 7.5) + line("M16 8L18.5 5.5Q20 4 22 6") + dot(22, 3, 1.3),
  plane,
  flask,
  biohazard,
  trefoil,
  skull:
    `<path fill-rule="evenodd" d="M12 1.5A8.5 8.5 0 0 0 7 17V20.5H17V17A8.5 8.5 0 0 0 12 1.5ZM8.7 8.6A2.1 2.1 0 1 0 8.7 12.8A2.1 2.1 0 1 0 8.7 8.6ZM15.3 8.6A2.1 2.1 0 1 0 15.3 12.8A2.1 2.1 0 1 0 15.3 8.6ZM12 13.2L10.8 15.6H13.2Z" fill="currentColor" stroke="none"/>` +
    line("M3 23.2H21"),
  dud: placed(shell, 9, -3, 0.8).replace("scale", "rotate(35) scale") + line("M1 22H23"),
  missile: solid("M20 2Q21 9 15 13L11 9Q14 3 20 2ZM10.5 10L14 13.5L9 17L7 15ZM8 9.5L4 12L7.5 12.5ZM14.5 16L12 20L11.5 16.5Z") + line("M2 22L7 17"),
  train: line("M6 3H18Q20 3 20 5V15Q20 17 18 17H6Q4 17 4 15V5Q4 3 6 3ZM4 10H20M7 17L4 22M17 17L20 22") + dot(8, 13.5, 1.3) + dot(16, 13.5, 1.3),
  car: solid("M2 12L6 6H16L20 11L22 12V17H2Z") + dot(7, 18, 2.6) + dot(17, 18, 2.6),
  boat: solid("M2 14H22L18 20H6ZM11 2H13V13H11ZM14 4L20 12H14Z"),
  factory: solid("M2 22V11L8 14V11L14 14V3H19V22Z"),
  leak: line("M1 7H10V12M1 3H14V12M8.5 12H15.5") + placed(drop, 6.5, 13, 0.45),
  smoke: solid("M3 22V14H9V22ZM11 22V14H17V22Z") + line("M6 11Q3 7 7 5T9 1M14 11Q11 7 15 5T17 1"),
  rain: line("M6 13A4 4 0 0 1 7 5A6 6 0 0 1 18 6A4 4 0 0 1 18 13ZM7 17L6 21M12 17L11 21M17 17L16 21"),
  group: placed(person, 0, 5, 0.55) + placed(person, 10.8, 5, 0.55) + placed(person, 4.2, 0, 0.65),
  crowd: placed(person, -2, 8, 0.6) + placed(person, 11.6, 8, 0.6) + placed(person, 4.8, 8, 0.6) + line("M5 9L8 2M12 8V1M19 9L16 2"),
  mask: solid("M2 6Q12 2 22 6Q22 14 17 16Q14 15 12 12Q10 15 7 16Q2 14 2 6Z") + line("M6 20H18"),
  displaced: placed(person, -2, 2, 0.8) + placed(person, 7, 9, 0.5) + line("M15 6H22M19 3L22 6L19 9"),
  bowl: line("M2 12H22Q21 20 14 20H10Q3 20 2 12ZM8 8L16 4"),
  quake: line("M1 12H5L8 5L12 20L16 3L19 12H23"),
  wave: line(`M2 8${wave}M2 14${wave}M2 20${wave}`),
  tsunami: solid("M2 20Q2 4 14 4Q20 4 22 9Q17 7 15 10Q14 15 22 17V20Z"),
  volcano: solid("M2 22L9 10H15L22 22Z") + line("M12 8V3M8 7L6 4M16 7L18 4"),
  rocks,
  avalanche: line("M2 21L13 5L22 21Z") + line("M18 2V8M15 3.5L21 6.5M21 3.5L15 6.5"),
  subsidence: line("M1 8H7V18H17V8H23M12 3V13M9 10L12 13L15 10"),
  storm: line("M6 12A4 4 0 0 1 7 4A6 6 0 0 1 18 5A4 4 0 0 1 18 12Z") + placed(bolt, 6.5, 11.5, 0.48),
  cyclone: ring(12, 12, 3.5) + line("M15 4Q5 2 4 12M9 20Q19 22 20 12"),
  wind: line("M2 8H15Q18 8 18 5T15 3M2 13H20Q22 13 22 16T19 18M2 18H11Q14 18 14 20T11 22"),
  flood: building.replace("V22Z", "V14").replace("M4 22", "M4 14") + line(`M2 18${wave}M2 22${wave}`),
  sun: dot(12, 12, 4.5) + line("M12 1V4M12 20V23M1 12H4M20 12H23M4.2 4.2L6.3 6.3M17.7 17.7L19.8 19.8M19.8 4.2L17.7 6.3M6.3 17.7L4.2 19.8"),
  snow: line("M12 1V23M2.5 6.5L21.5 17.5M21.5 6.5L2.5 17.5M9 3L12 6L15 3M9 21L12 18L15 21"),
  drought: line("M1 6H23M4 6L8 12L6 22M8 12L14 15L13 22M14 15L20 11L18 6"),
  flame,
  virus,
  insect: `<ellipse cx="12" cy="14" rx="4.5" ry="7" fill="currentColor" stroke="none"/>` + dot(12, 5, 2.6) + line("M8 11L3 8M8 15H2M8 18L4 22M16 11L21 8M16 15H22M16 18L20 22M10 3L8 1M14 3L16 1"),
  hoof: solid("M3 20Q1 8 10 3L11 20ZM21 20Q23 8 14 3L13 20Z"),
  flag: line("M5 23V2") + solid("M6 3H21L17 8.5L21 14H6Z"),
  bubbles: line("M2 3H15V11H8L4 15V11H2Z") + solid("M10 13H17V6H22V18H20V22L16 18H10Z"),
  surrender: dot(12, 8, 3) + line("M5 2V9L9 13V22M19 2V9L15 13V22M9 13H15"),
  zone: line("M2 2H22V22H2ZM2 9L9 2M2 16L16 2M2 22L22 2M8 22L22 8M15 22L22 15"),
  fence: placed(person, 5, 0, 0.58) + line("M2 14V23M8.5 14V23M15.5 14V23M22 14V23M1 16H23M1 21H23"),
  triangle: solid("M12 3L22 21H2Z"),
  heritage: line("M4 2H20V11L12 22L4 11Z") + solid("M4 2L12 10L20 2ZM12 10L18.5 13L12 22L5.5 13Z"),
  monument: line("M2 22H22M4 19H20M5 19V10M10 19V10M14 19V10M19 19V10M3 8H21L12 2Z"),
  dots: dot(4.5, 12, 3.2) + dot(12, 12, 3.2) + dot(19.5, 12, 3.2),
  sos: word("SOS"),
  siren: solid("M6 20V12A6 6 0 0 1 18 12V20ZM4 21H20V23H4Z") + line("M12 4V1M5 6L3 4M19 6L21 4"),
  // A heart, not a plus: a white cross on red is an imitation of the Swiss arms (art. 53).
  patient: placed(person, -3, 1, 0.95) + placed(heart, 13.5, 2, 0.46),
  badge: solid("M12 1L15 4H20V9L23 12L20 15V20H15L12 23L9 20H4V15L1 12L4 9V4H9Z"),
  helmet: solid("M3 15A9 9 0 0 1 21 15ZM1 16.5H23V19H1ZM10.5 3H13.5V8H10.5Z"),
  person,
  personTick: placed(person, -3, 1, 0.95) + line("M14 13L17 17L23 8"),
  personBubble: placed(person, -3, 2, 0.95) + line("M14 2H23V9H18L15 12V9H14Z"),
  personHand: placed(person, -3, 2, 0.95) + line("M20 20V6M16 10V4M20 10V2M24 10V4"),
  box,
  boxTick: placed(box, -1, 2, 0.75) + line("M14 10L18 14L24 4"),
  boxCracked: box + line("M14 1L11 6L15 9L12 14"),
  boxCrossed: box + line("M2 2L22 22"),
  boxBroken: line("M3 12L9 15V22L3 19ZM21 12L15 15V22L21 19ZM6 8L10 4M18 8L14 4M12 2V9M9 11L15 13"),
  road: line("M7 2L3 22M17 2L21 22M12 2V6M12 10V14M12 18V22"),
  bus: line("M4 3H20V18H4ZM4 11H20M7 18V22M17 18V22"),
  rail: line("M8 2L5 22M16 2L19 22M7 6H17M6 12H18M5 18H19"),
  anchor: ring(12, 4.5, 2.5) + line("M12 7V22M7 11H17M3 14Q4 22 12 22T21 14"),
  lighthouse: solid("M9 9H15L17 22H7ZM9 3H15V8H9Z") + line("M18 5L23 3M6 5L1 3"),
  bolt,
  gasPipe: pipe(flame),
  oilPipe: pipe(drop),
  oilPlant: plant(drop),
  gasPlant: plant(flame),
  dam: solid("M3 3H9L14 21H3Z") + line("M14 14q2 -3 4 0t4 0M16 20q1.5 -3 3 0t3 0"),
  steam: line("M2 21H22M6 17Q3 13 6 10T6 3M12 17Q9 13 12 10T12 3M18 17Q15 13 18 10T18 3"),
  turbine: dot(12, 9, 1.8) + line("M12 9V2M12 9L18 13M12 9L6 13M12 12V23"),
  leaf: solid("M3 21Q1 5 21 3Q21 20 7 18L4 22Z"),
  drop,
  waterPipe: pipe(drop),
  tank: line("M4 4H20V18H4ZM4 10q2.7 -3 5.3 0t5.3 0t5.3 0M7 18V22M17 18V22"),
  gate: line("M3 3V22M21 3V22M3 8H21M3 14H21M9 3V19M15 3V19"),
  tower: mast,
  envelope: line("M2 5H22V19H2ZM2 6L12 14L22 6"),
  phone: line("M6 2L9 7L7 10Q9 15 14 17L17 15L22 18Q21 22 17 22Q3 20 2 6Q3 2 6 2Z"),
  screen: line("M2 6H22V19H2ZM8 1L12 6L16 1M8 22H16"),
  network: dot(12, 4, 2.6) + dot(4, 19, 2.6) + dot(20, 19, 2.6) + line("M12 4L4 19H20Z"),
  hospital: word("H"),
  school: solid("M1 8L12 3L23 8L12 13Z") + line("M5 11V17Q12 21 19 17V11M22 9V17"),
  bin: line("M3 6H21M9 6V3H15V6M5 6L6.5 22H17.5L19 6M10 10V18M14 10V18"),
  recycle: line("M8 8L12 2L16 8M20 13L21 20H14M4 13L3 20H10M12 2V6"),
  handWith: hand + dot(10, 7, 3.5),
  food: hand + line("M5 5H15Q15 11 10 11T5 5Z"),
  tent: line("M1 21L12 3L23 21ZM12 10L8 21M12 10L16 21"),
  care: hand + placed(heart, 4.5, 1, 0.48),
  family: placed(person, -1, 3, 0.62) + placed(person, 10, 3, 0.62) + line("M5 20H19") + placed(person, 7.5, 11, 0.4),
  eye: line("M1 12Q12 1 23 12Q12 23 1 12Z") + dot(12, 12, 3.2),
  tools: line("M4 20L14 10M13 3A5 5 0 0 0 20 11L22 6L18 8L15 5L18 2Q15 1 13 3Z"),
  truck: solid("M1 5H14V16H1ZM15 9H20L23 13V16H15Z") + dot(6, 18, 2.6) + dot(18, 18, 2.6),
  paper: line("M5 2H15L19 6V22H5ZM8 10H16M8 14H16M8 18H13"),
  scales: line("M12 2V22M6 22H18M3 6H21M3 6L0.5 14H6.5ZM21 6L17.5 14H23.5Z"),
  handshake: line("M1 8L6 6L12 9L18 6L23 8V15L20 16L14 21L11 19L4 15L1 16M12 9L8 13Q11 15 13 12L19 17"),
  chevrons: line("M3 8L12 3L21 8M3 15L12 10L21 15M3 22L12 17L21 22"),
  ceasefire: line("M3 21L17 4M7 20L3 16M21 21L7 4M17 20L21 16M2 12H22"),
  access: line("M3 2V22M21 2V22M3 6H8M21 6H16M12 22V9M8 13L12 9L16 13"),
  lines: line("M4 6H20M4 12H20M4 18H14"),
  link: line("M10 8L13 5Q17 2 20 5T19 12L16 14M14 16L11 19Q7 22 4 19T5 12L8 10M9 15L15 9"),
  card: line("M2 5H22V19H2ZM14 10H19M14 14H19") + placed(person, 1.5, 6, 0.55),
  key: ring(7, 12, 4.5) + line("M11.5 12H22V17M17 12V16"),
  letterRC: word("RC"),
  letterRCr: word("RCr"),
  letterRX: word("RX"),
  letterUN: word("UN"),
};
