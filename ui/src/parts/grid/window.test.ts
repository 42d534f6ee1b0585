import { describe, expect, it } from "vitest";
import { destination, reveal, visibleRows } from "./window";

describe("visible rows", () => {
  it("are those in view and a few around", () => {
    expect(visibleRows(0, 320, 32, 1000)).toEqual([0, 17]);
    expect(visibleRows(32_000, 320, 32, 50_000)).toEqual([992, 1017]);
    expect(visibleRows(0, 320, 32, 3)).toEqual([0, 2]);
    expect(visibleRows(0, 320, 32, 0)).toEqual([0, -1]);
  });
});

describe("reveal", () => {
  it("scrolls as little as possible", () => {
    expect(reveal(5, 0, 320, 32)).toBe(0);
    expect(reveal(10, 0, 320, 32)).toBe(32);
    expect(reveal(2, 320, 320, 32)).toBe(64);
  });
});

describe("keys", () => {
  it.each([
    ["ArrowDown", 5, 6],
    ["ArrowDown", 99, 99],
    ["ArrowUp", 0, 0],
    ["PageDown", 5, 14],
    ["PageUp", 5, 0],
    ["Home", 50, 0],
    ["End", 50, 99],
    ["a", 5, undefined],
  ])("%s from %i", (key, from, to) => expect(destination(key, from, 100, 10)).toBe(to));
});
