/** A run of plain text, or one character that would not be seen, named by its code. */
export type Piece = { plain: string } | { code: string };

// Control, format (bidi, zero-width, tags), surrogate, private and unassigned characters, the two separators, every
// space that is not U+0020, and letters and signs that are drawn as nothing.
const HIDDEN =
  /[\p{C}\p{Zl}\p{Zp}\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000\u034F\u115F\u1160\u17B4\u17B5\u180B-\u180F\u2800\u3164\uFFA0\uFE00-\uFE0F]|[\u{E0000}-\u{E0FFF}]/u;

// An emoji may be followed by the selector that gives it its colour.
const PICTURE = /\p{Extended_Pictographic}/u;

/** Nothing but what every keyboard has: most labels, and none of them needs a closer look. */
const PLAIN = /^[\x20-\x7e]+$/;

/** Text from a server, cut after `limit` characters, with everything invisible made visible. */
export function pieces(text: string, limit: number): Piece[] {
  if (text.length <= limit && PLAIN.test(text)) return [{ plain: text }];
  const found: Piece[] = [];
  let plain = "";
  let taken = 0;
  let before = "";
  for (const character of text) {
    if (taken === limit) {
      plain += "…";
      break;
    }
    taken += 1;
    const seen = !HIDDEN.test(character) || (character === "\uFE0F" && PICTURE.test(before));
    before = character;
    if (seen) {
      plain += character;
      continue;
    }
    if (plain !== "") found.push({ plain });
    plain = "";
    found.push({ code: `‹U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}›` });
  }
  if (plain !== "") found.push({ plain });
  return found;
}

/** The same as one string, for titles and labels that are read aloud. */
export function visible(text: string, limit = 300): string {
  return pieces(text, limit)
    .map((piece) => ("plain" in piece ? piece.plain : piece.code))
    .join("");
}
