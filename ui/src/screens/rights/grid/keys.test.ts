import { describe, expect, it } from "vitest";
import { actOf, type Pressed } from "./keys";

const size = { rows: 10, columns: 4, page: 5 };
const at = { row: 2, column: 1 };

function pressed(key: string, more: Partial<Pressed> = {}, actions = ["read", "write", "delete", "admin"]) {
  const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
  return actOf({ key, ...none, ...more }, at, size, actions);
}

describe("a key in the grid", () => {
  it("cycles a cell, a row, a column", () => {
    expect(pressed(" ")).toEqual({ kind: "cycle" });
    expect(pressed(" ", { shiftKey: true })).toEqual({ kind: "row" });
    expect(pressed(" ", { ctrlKey: true })).toEqual({ kind: "column" });
  });

  it.each([
    ["r", 0],
    ["W", 1],
    ["d", 2],
    ["a", 3],
  ])("%s stands for a column", (key, column) => expect(pressed(key)).toEqual({ kind: "letter", column }));

  it("N is none and * is all, unless a column begins with N", () => {
    expect(pressed("n")).toEqual({ kind: "none" });
    expect(pressed("*", { shiftKey: true })).toEqual({ kind: "all" });
    expect(pressed("n", {}, ["notify"])).toEqual({ kind: "letter", column: 0 });
  });

  it("opens the fields with Enter and F2", () => {
    expect(pressed("Enter")).toEqual({ kind: "open" });
    expect(pressed("F2")).toEqual({ kind: "open" });
  });

  it("moves", () => expect(pressed("ArrowDown")).toEqual({ kind: "move", to: { row: 3, column: 1 } }));

  it("leaves the rest to others", () => {
    expect(pressed("Enter", { ctrlKey: true })).toBeNull();
    expect(pressed("z", { ctrlKey: true })).toBeNull();
    expect(pressed("ArrowDown", { altKey: true })).toBeNull();
    expect(pressed("/")).toBeNull();
    expect(pressed("Escape")).toBeNull();
  });
});
