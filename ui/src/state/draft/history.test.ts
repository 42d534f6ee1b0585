import { describe, expect, it } from "vitest";
import { ALL, NONE } from "./cells";
import { EMPTY, pushed, redone, taken, undone, type History } from "./history";

const step = (row: number) => [{ row, before: [NONE], after: [ALL] }];

describe("the way back", () => {
  it("is as long as what was done, and leads forth again", () => {
    let rows = Array.from({ length: 300 }, () => ({ now: [NONE] as (typeof NONE | typeof ALL)[] }));
    const start = rows;
    let history: History = EMPTY;
    for (let row = 0; row < 300; row += 1) {
      history = pushed(history, step(row));
      rows = taken(rows, step(row)) as typeof rows;
    }
    expect(rows.every(({ now }) => now[0] === ALL)).toBe(true);
    for (let back = undone(history); back !== null; back = undone(history)) {
      history = back.history;
      rows = taken(rows, back.step) as typeof rows;
    }
    expect(rows).toEqual(start);
    const forth = redone(history);
    expect(forth?.step).toEqual(step(0));
    expect(redone(forth?.history ?? EMPTY)?.step).toEqual(step(1));
  });

  it("forgets what was undone once something new is done", () => {
    const back = undone(pushed(EMPTY, step(1)));
    expect(back?.step).toEqual([{ row: 1, before: [ALL], after: [NONE] }]);
    expect(redone(pushed(back?.history ?? EMPTY, step(2)))).toBeNull();
    expect(undone(EMPTY)).toBeNull();
  });
});
