import { describe, expect, it } from "vitest";
import { count, date, exact, number, relative, remaining, span, spoken } from "./time";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("span", () => {
  it.each([
    [0, "now"],
    [59_999, "now"],
    [MINUTE, "1 min"],
    [59 * MINUTE, "59 min"],
    [4 * HOUR, "4 h"],
    [47 * HOUR, "47 h"],
    [2 * DAY, "2 d"],
    [88 * DAY + 5 * HOUR, "88 d"],
    [1204 * DAY, "1,204 d"],
    [-3 * HOUR, "3 h"],
  ])("of %i ms is %s", (ms, words) => expect(span(ms)).toBe(words));
});

describe("spoken", () => {
  it("knows one from many", () => {
    expect(spoken(MINUTE)).toBe("1 minute");
    expect(spoken(2 * HOUR)).toBe("2 hours");
    expect(spoken(90 * DAY)).toBe("90 days");
  });
});

describe("relative", () => {
  it("looks both ways", () => {
    expect(relative(0, 2 * MINUTE)).toBe("2 min ago");
    expect(relative(21 * DAY, 0)).toBe("in 21 d");
    expect(relative(30_000, 0)).toBe("just now");
  });
});

describe("what is left of a wait", () => {
  it.each([
    [30_000, "now"],
    [4 * MINUTE, "4 min"],
    [24 * HOUR, "24 h"],
    [24 * HOUR - MINUTE, "23 h 59 min"],
    [3 * DAY + 2 * HOUR + 5 * MINUTE, "3 d 2 h"],
  ])("%i", (ms, words) => expect(remaining(ms)).toBe(words));
});

describe("count", () => {
  it.each([
    [0, "0 keys"],
    [1, "1 key"],
    [2, "2 keys"],
    [50_000, "50,000 keys"],
  ])("%i", (n, words) => expect(count(n, "key", "keys")).toBe(words));
});

describe("dates and numbers", () => {
  const dates = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
  const exactly = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });
  const numbers = new Intl.NumberFormat("en-GB");

  it("are those of the language, of every month", () => {
    for (let month = 0; month < 12; month += 1) {
      const at = new Date(2026, month, 3 + month, 4 + month, 5, 6).getTime();
      expect(date(at)).toBe(dates.format(at));
      expect(exact(at)).toBe(exactly.format(at));
    }
  });

  it.each([0, 7, 999, 1_000, 12_345, 999_999, 1_000_000])("%i", (n) => expect(number(n)).toBe(numbers.format(n)));
});
