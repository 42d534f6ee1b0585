/** Characters that would not be seen, or would make their neighbours be seen elsewhere. Written down by hand, by range. */
const HIDDEN: [number, number][] = [
  [0x00, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180e, 0x180e],
  [0x2000, 0x200f],
  [0x2028, 0x202f],
  [0x205f, 0x206f],
  [0x2800, 0x2800],
  [0x3000, 0x3000],
  [0x3164, 0x3164],
  [0xe000, 0xf8ff],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff9, 0xfffb],
  [0xe0000, 0xe0fff],
];
const PICTURES = ["❤", "☎", "🔑"];

const isHidden = (character: string, before: string) => {
  const code = character.codePointAt(0) ?? 0;
  if (code === 0xfe0f && PICTURES.includes(before)) return false;
  return HIDDEN.some(([first, last]) => code >= first && code <= last);
};

/** A text as it is to be drawn: cut after `limit` characters, hidden ones by their code. */
export function drawn(text: string, limit: number): string {
  const characters = [...text];
  const seen = characters
    .slice(0, limit)
    .map((character, at) =>
      isHidden(character, characters[at - 1] ?? "")
        ? `‹U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}›`
        : character,
    );
  return seen.join("") + (characters.length > limit ? "…" : "");
}

/** As a pattern for the page: any hidden character, but for the space that our own text keeps lines together with. */
export const HIDDEN_PATTERN = `[${HIDDEN.filter(([first]) => ![0x00, 0xfe00].includes(first))
  .map(([first, last]) => `\\u{${first.toString(16)}}-\\u{${last.toString(16)}}`)
  .join("")}\\u{1}-\\u{9}\\u{b}-\\u{1f}\\u{fe00}-\\u{fe0e}]`;

/** The same numbers in every run. */
function* numbers(): Generator<number, never> {
  let state = 20_261_122;
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state;
  }
}

const HTML = [
  "<img src=x onerror='window.__pwned=1'>",
  "<img/src='http://elsewhere.example/x.png'>",
  "<iframe src='javascript:window.__pwned=1'></iframe>",
  "<a href='javascript:window.__pwned=1' autofocus onfocus='window.__pwned=1'>go</a>",
  "<b onmouseover=window.__pwned=1>bold</b>",
  "<input autofocus onfocus=window.__pwned=1>",
  "<details open ontoggle=window.__pwned=1>",
  "</title></style></textarea></script><h1>out</h1>",
  "<!--<img src='--><img src=x onerror=window.__pwned=1>",
  "&lt;script&gt;&#x3c;img&#62; &amp; &nbsp;",
  "<style>*{display:none!important}</style>",
  "<base href='http://elsewhere.example/'><link rel=stylesheet href=//elsewhere.example/x.css>",
  "<meta http-equiv=refresh content='0;url=http://elsewhere.example/'>",
];
const SCRIPT = [
  "<script>window.__pwned=1</script>",
  "<script src=//elsewhere.example/x.js></script>",
  "</script><script>alert(1)</script>",
  "';window.__pwned=1;//",
  '");alert(1);("',
  "`${window.__pwned=1}`",
];
const SVG = [
  "<svg onload=window.__pwned=1>",
  "<svg><script>window.__pwned=1</script></svg>",
  "<svg><use href='data:image/svg+xml,<svg id=x onload=alert(1)>#x'/></svg>",
  "<svg><animate onbegin=window.__pwned=1 attributeName=x dur=1s>",
  "<math><mtext></table><mglyph><style><img src=x onerror=window.__pwned=1>",
];
const TEMPLATE = [
  "{@html '<img src=x onerror=window.__pwned=1>'}",
  "{window.__pwned = 1}",
  "{{constructor.constructor('window.__pwned=1')()}}",
  "${window.__pwned=1}",
  "{#if true}{/if}",
  "<%= window.__pwned %>",
  "{name} {host} {reason}",
  "%s %d %n {0}",
];
const ADDRESS = [
  "javascript:window.__pwned=1",
  "http://elsewhere.example/pixel.png",
  "//elsewhere.example/x",
  "data:text/html,<script>window.__pwned=1</script>",
  "../../etc/passwd",
  "%2e%2e%2f",
  "file:///etc/passwd",
  "a/b?c=d#e",
];
const BIDI = ["\u202e", "\u202d", "\u2066", "\u2067", "\u2069", "\u200f", "\u061c"];
const ZERO = ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u034f", "\u115f", "\u3164", "\u{e0061}"];
const CONTROL = [
  "\u0000",
  "\u0001",
  "\u0007",
  "\u0008",
  "\u0009",
  "\u000a",
  "\u000d",
  "\u001b[31m",
  "\u007f",
  "\u0085",
  "\u2028",
];
const RTL = ["مفتاح الإنتاج", "מפתח ייצור", "مفتاح-prod-7", "כרטיס (test)", "\u0627\u064b\u0651"];
const PICTURE = ["❤️", "🔑", "👩\u200d👩\u200d👧", "🇳🇱", "☎️ x\ufe0f", "👍🏽", "1️⃣"];
const NAMES = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "valueOf",
  "length",
  "undefined",
  "null",
  "NaN",
  "then",
];
const BLANK = ["", " ", "   ", "\u3000", "-", "–", ".", "…", "•", "‹U+202E›", "(no label)"];

const pick = <T>(from: readonly T[], number: number): T => from[number % from.length] as T;

type Maker = (at: number, number: number) => string;

/** What each kind of label looks like; `at` makes it one of a kind. */
const KINDS: Record<string, Maker> = {
  html: (at, n) => `${pick(HTML, n)}${String(at)}`,
  script: (at, n) => `${pick(SCRIPT, n)}${String(at)}`,
  svg: (at, n) => `${pick(SVG, n)}${String(at)}`,
  template: (at, n) => `${pick(TEMPLATE, n)}${String(at)}`,
  address: (at, n) => `${pick(ADDRESS, n)}${String(at)}`,
  bidi: (at, n) => `pay${pick(BIDI, n)}${String(at)}${pick(BIDI, n >>> 8)}roll`,
  zero: (at, n) => `bill${pick(ZERO, n)}ing${String(at)}${pick(ZERO, n >>> 8)}`,
  control: (at, n) => `log${pick(CONTROL, n)}${String(at)}${pick(CONTROL, n >>> 8)}line`,
  rtl: (at, n) => `${pick(RTL, n)} ${String(at)}`,
  picture: (at, n) => `${pick(PICTURE, n)}${String(at)}`,
  long: (at, n) => `${pick(["w", "long word ", "長", "<b>"], n).repeat(60 + (n % 700))}${String(at)}`,
  heaped: (at, n) => `Z${"\u0300\u0301\u0316".repeat(n % 20)}algo${String(at)}`,
  alike: (at, n) => `${pick(["pаypal", "аdmin", "ⅼogin", "ａdmin", "rnarkt"], n)}${String(at)}`,
  name: (at, n) => (at < 150 ? pick(NAMES, at / 15) : `${pick(NAMES, n)}${String(at)}`),
  blank: (at, n) => (at < 165 ? pick(BLANK, at / 15) : `${pick(BLANK, n)}${String(at)}`),
};

/** `count` hostile texts, the kinds in turn. */
export function hostile(count: number): string[] {
  const source = numbers();
  const kinds = Object.values(KINDS);
  return Array.from({ length: count }, (_, at) => {
    const make = kinds[at % kinds.length] as Maker;
    return make(Math.floor(at / kinds.length) * kinds.length, source.next().value >>> 3);
  });
}
