import { describe, expect, it } from "vitest";
import { pieces, visible } from "./hidden";

describe("visible", () => {
  it.each([
    ["billing\u202Ereknow", "billing‹U+202E›reknow"],
    ["a\u200Bb", "a‹U+200B›b"],
    ["\uFEFFkey", "‹U+FEFF›key"],
    ["tab\tand\nline", "tab‹U+0009›and‹U+000A›line"],
    ["nbsp\u00A0here", "nbsp‹U+00A0›here"],
    ["tag\u{E0041}", "tag‹U+E0041›"],
    ["hangul\u3164filler", "hangul‹U+3164›filler"],
    ["lone\uD800", "lone‹U+D800›"],
    ["a\uFE0F", "a‹U+FE0F›"],
    ["isolate\u2066x\u2069", "isolate‹U+2066›x‹U+2069›"],
  ])("shows what hides in %j", (text, shown) => expect(visible(text)).toBe(shown));

  it.each(["billing-worker", "clé d’été", "مفتاح", "鍵 1", "❤️ prod"])("leaves %s alone", (text) =>
    expect(visible(text)).toBe(text),
  );

  it("cuts by characters, never inside one", () => {
    expect(visible("😀😀😀", 2)).toBe("😀😀…");
    expect(visible("abc", 3)).toBe("abc");
  });

  it("shows nothing for nothing", () => expect(pieces("", 10)).toEqual([]));
});
