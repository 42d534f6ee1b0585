import { describe, expect, it } from "vitest";
import css from "./tokens.css?raw";

type Colour = [lightness: number, chroma: number, hue: number];

const declared = new Map(
  [...css.matchAll(/--([\w-]+):\s*light-dark\(oklch\(([^)]+)\),\s*oklch\(([^)]+)\)\)/g)].map(
    ([, name, light, dark]) => [name, { light: parse(light), dark: parse(dark) }] as const,
  ),
);

function parse(text = ""): Colour {
  const [l = 0, c = 0, h = 0] = text.split(/[\s/]+/).map(Number);
  return [l, c, h];
}

/** Relative luminance of an OKLCH colour, by way of linear sRGB. */
function luminance([l, c, h]: Colour): number {
  const a = c * Math.cos((h * Math.PI) / 180);
  const b = c * Math.sin((h * Math.PI) / 180);
  const x = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const y = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const z = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const inside = (value: number) => Math.min(1, Math.max(0, value));
  const red = inside(4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z);
  const green = inside(-1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z);
  const blue = inside(-0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(ink: string, ground: string, theme: "light" | "dark"): number {
  const [one, other] = [ink, ground].map((name) => {
    const colour = declared.get(name);
    if (colour === undefined) throw new Error(`no colour --${name}`);
    return luminance(colour[theme]) + 0.05;
  }) as [number, number];
  return Math.max(one, other) / Math.min(one, other);
}

const GROUNDS = ["surface", "raised", "sunken", "hover", "selected"];
const TEXT = 4.5;
const GLYPH = 3;

const pairs: [ink: string, grounds: string[], least: number][] = [
  ["text", [...GROUNDS, "tint", "warning-tint", "danger-tint", "good-tint", "info-tint"], TEXT],
  ["text-dim", [...GROUNDS, "tint", "warning-tint", "danger-tint"], TEXT],
  ["accent", [...GROUNDS, "warning-tint"], TEXT],
  ["danger", [...GROUNDS, "danger-tint"], TEXT],
  ["warning", [...GROUNDS, "warning-tint"], TEXT],
  ["good", [...GROUNDS, "good-tint"], TEXT],
  ["info", [...GROUNDS, "info-tint"], TEXT],
  ["on-fill", ["accent-fill", "danger-fill"], TEXT],
  ["glyph", GROUNDS, GLYPH],
  ["warning-glyph", [...GROUNDS, "warning-tint"], GLYPH],
  ["focus", GROUNDS, GLYPH],
];

describe.each(["light", "dark"] as const)("colours, %s", (theme) => {
  it.each(pairs)("--%s can be read on %s", (ink, grounds, least) => {
    for (const ground of grounds) {
      expect(contrast(ink, ground, theme), `--${ink} on --${ground}`).toBeGreaterThanOrEqual(least);
    }
  });
});

describe("tokens", () => {
  it("agree with the design table", () => {
    expect(contrast("text", "surface", "light")).toBeCloseTo(16, 0);
    expect(contrast("text-dim", "surface", "dark")).toBeCloseTo(6.9, 1);
  });

  it("are the only place that names a colour", () => {
    const sources = import.meta.glob<string>("../**/*.{svelte,css}", { query: "?raw", import: "default", eager: true });
    const strangers = Object.entries(sources).filter(
      ([file, text]) =>
        !file.endsWith("tokens.css") && /#[0-9a-f]{3,8}\b(?=[;\s,)])|rgba?\(|hsla?\(|oklch\(/i.test(text),
    );
    expect(strangers.map(([file]) => file)).toEqual([]);
  });
});
