import { describe, expect, it } from "vitest";
import type { CellView, DraftColumn, DraftRow } from "../../ipc/generated/ipc";
import { ALL, NONE, changed, cycle, editable, effective, same } from "./cells";
import { changesOf } from "./changes";

const only = (...names: string[]): CellView => ({ state: "fields", only: names, except: null });
const column = (action: string, locked: string | null = null): DraftColumn => ({
  ...{ action, title: action, locked, only: true, except: true },
});
const COLUMNS = [column("read"), column("write"), column("delete", "counts as writing")];

function row(now: CellView[], base: CellView[] = now, locked: string | null = null): DraftRow {
  return { kind: "collection", resource: "orders", exists: true, base, now, fields: null, locked };
}

describe("the same right", () => {
  it("does not depend on the order of fields", () => expect(same(only("a", "b"), only("b", "a"))).toBe(true));
  it("tells an empty list from a missing one", () => {
    expect(same(only(), { state: "fields", only: null, except: null })).toBe(false);
    expect(same(only(), NONE)).toBe(false);
    expect(same({ state: "fields", only: null, except: [] }, ALL)).toBe(false);
  });
});

describe("Space", () => {
  it("goes from a rule to all, none, and the rule again", () => {
    const rule = only("a");
    expect(cycle(rule, rule)).toEqual(ALL);
    expect(cycle(ALL, rule)).toEqual(NONE);
    expect(cycle(NONE, rule)).toEqual(rule);
  });
  it("knows only all and none without a rule", () => {
    expect(cycle(NONE, NONE)).toEqual(ALL);
    expect(cycle(ALL, undefined)).toEqual(NONE);
  });
});

describe("a cell", () => {
  it("can be edited unless its row, its column or it itself is locked", () => {
    expect(editable(row([ALL, NONE, NONE]), COLUMNS, 0)).toBe(true);
    expect(editable(row([ALL, NONE, NONE]), COLUMNS, 2)).toBe(false);
    expect(editable(row([ALL, NONE, NONE], [ALL, NONE, NONE], "internal"), COLUMNS, 0)).toBe(false);
    expect(editable(row([{ state: "locked", why: "x" }, NONE, NONE]), COLUMNS, 0)).toBe(false);
    expect(editable(row([ALL]), COLUMNS, 1)).toBe(false);
  });
  it("that follows another column gives nothing when that one gives nothing", () => {
    const follows: CellView = { state: "inherited", from: "write" };
    expect(effective([ALL, NONE, follows], COLUMNS, 2)).toEqual(NONE);
    expect(effective([ALL, ALL, follows], COLUMNS, 2)).toEqual(follows);
  });
});

describe("the draft that is saved", () => {
  it("has the changed rows only, each whole", () => {
    const follows: CellView = { state: "inherited", from: "write" };
    const rows = [row([ALL, NONE, follows]), row([ALL, ALL, follows], [ALL, NONE, follows])];
    expect(changed(rows[1] as DraftRow, 1)).toBe(true);
    expect(changesOf(rows)).toEqual([{ kind: "collection", resource: "orders", cells: [ALL, ALL, NONE] }]);
    expect(changesOf([row([only()], [NONE])])[0]?.cells).toEqual([only()]);
  });
});
