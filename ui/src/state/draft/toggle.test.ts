import { describe, expect, it } from "vitest";
import type { CellView } from "../../ipc/generated/ipc";
import { ALL, NONE } from "./cells";
import { tri, turn, type Mix } from "./toggle";

const rule: CellView = { state: "fields", only: ["a"], except: null };

describe("a toggle", () => {
  it("is all, none, or mixed; a rule is neither", () => {
    expect(tri([ALL, ALL])).toBe("all");
    expect(tri([NONE])).toBe("none");
    expect(tri([])).toBe("none");
    expect(tri([ALL, NONE])).toBe("mixed");
    expect(tri([rule])).toBe("mixed");
  });

  it("goes from the mix to all, to none, and back to the original mix", () => {
    const start = [ALL, NONE, rule];
    let cells: CellView[] = start;
    let mix: Mix | null = null;
    const went = [1, 2, 3, 4].map(() => {
      const step = turn("read", cells, mix);
      ({ cells, mix } = step);
      return step.to;
    });
    expect(went).toEqual(["all", "none", "mix", "all"]);
    const back = turn("read", [NONE, NONE, NONE], { scope: "read", cells: start, left: "none" });
    expect(back.cells).toEqual(start);
  });

  it("has no mix to go back to when there was none, or when it was another toggle's", () => {
    expect(turn("read", [ALL, ALL], null)).toMatchObject({ to: "none", mix: null });
    expect(turn("read", [NONE, NONE], null).to).toBe("all");
    const other: Mix = { scope: "write", cells: [ALL, NONE], left: "none" };
    expect(turn("read", [NONE, NONE], other).to).toBe("all");
  });
});
