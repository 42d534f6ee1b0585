import { describe, expect, it } from "vitest";
import { cellDestination } from "./cells";

const size = { rows: 100, columns: 4, page: 10 };

describe("keys", () => {
  it.each([
    ["ArrowDown", false, [5, 1], [6, 1]],
    ["ArrowDown", false, [99, 1], [99, 1]],
    ["ArrowUp", false, [0, 2], [-1, 2]],
    ["ArrowUp", false, [-1, 2], [-1, 2]],
    ["ArrowRight", false, [3, 3], [3, 3]],
    ["ArrowLeft", false, [3, 1], [3, 0]],
    ["Home", false, [3, 3], [3, 0]],
    ["End", false, [3, 0], [3, 3]],
    ["Home", true, [50, 3], [0, 0]],
    ["End", true, [0, 0], [99, 3]],
    ["PageDown", false, [5, 1], [14, 1]],
    ["PageDown", false, [-1, 1], [9, 1]],
    ["PageUp", false, [5, 1], [0, 1]],
  ] as const)("%s, with Ctrl %s", (key, ctrl, [row, column], [toRow, toColumn]) => {
    expect(cellDestination(key, ctrl, { row, column }, size)).toEqual({ row: toRow, column: toColumn });
  });

  it("that do not move lead nowhere", () => {
    expect(cellDestination("a", false, { row: 0, column: 0 }, size)).toBeUndefined();
    expect(cellDestination("ArrowDown", true, { row: 0, column: 0 }, size)).toBeUndefined();
  });

  it("stay in the head of an empty grid", () => {
    expect(cellDestination("ArrowDown", false, { row: -1, column: 1 }, { ...size, rows: 0 })?.row).toBe(-1);
  });
});
