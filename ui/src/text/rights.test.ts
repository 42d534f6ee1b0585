import { describe, expect, it } from "vitest";
import type { CellView, DraftColumn, DraftRow, ReviewChange } from "../ipc/generated/ipc";
import { callParts, hidden, ordered, reviewText, rightWords, tally } from "./review";
import { cellName, fieldText, names, rightCell, rightsText, several, stepName } from "./rights";

const write: DraftColumn = { action: "write", title: "write", locked: null, only: true, except: false };
const read: DraftColumn = { action: "read", title: "read", locked: null, only: true, except: true };
const ALL: CellView = { state: "all" };
const NONE: CellView = { state: "none" };
const row: DraftRow = {
  ...{ kind: "collection", resource: "orders", exists: true, fields: null, locked: null },
  base: [ALL, NONE],
  now: [ALL, ALL],
};

describe("toggles", () => {
  it("say which rows they act on", () => {
    expect(rightsText.toggleColumn("all", "read", 42, 1000, "collection")).toBe(
      "Allow read on 42 shown of 1,000 collections",
    );
    expect(rightsText.toggleColumn("none", "read", 21, 21, "collection")).toBe("Take read away on all 21 collections");
    expect(rightsText.toggleColumn("mix", null, 3, 9, "")).toBe("Put every right back as it was on 3 shown of 9 rows");
    expect(rightsText.toggleColumn("all", "read", 1, 1, "index")).toBe("Allow read on 1 index");
  });
  it("find the plural of the adapter's words", () => {
    expect(["collection", "KV prefix", "index", "category", "key"].map(several)).toEqual([
      "collections",
      "KV prefixes",
      "indexes",
      "categories",
      "keys",
    ]);
  });
});

describe("a cell", () => {
  it("is named with what it was", () => {
    expect(cellName(row, write, 1, ALL, true, null, null)).toBe("orders, write, allowed, was not allowed");
    expect(cellName(row, read, 0, ALL, false, null, null)).toBe("orders, read, allowed");
    expect(cellName(row, read, 0, { state: "locked", why: "internal" }, false, null, "internal")).toBe(
      "orders, read, fixed, locked: internal",
    );
    const some: CellView = { state: "fields", only: ["a"], except: null };
    expect(cellName(row, read, 0, some, false, ["a", "b"], null)).toBe("orders, read, 1 of 2 fields");
  });
  it("tells the empty list from none", () => {
    expect(rightCell({ state: "fields", only: [], except: null }, ["a"])).toMatchObject({
      glyph: "some",
      word: "no field",
    });
    expect(rightCell({ state: "inherited", from: "write" }, null)).toMatchObject({ glyph: "same", word: "by write" });
  });
});

describe("sentences", () => {
  it("know one from many", () => {
    expect(rightsText.review(1)).toBe("Review 1 change");
    expect(reviewText.save(7, "shop-eu")).toBe("Save 7 changes to shop-eu");
    expect(rightsText.unfinishedCount(2)).toBe("2 changes unfinished");
    expect(rightsText.bulkText(31)).toBe("31 cells change in the draft. Nothing is sent to the server yet.");
    expect(stepName([{ resource: "orders", column: "write" }])).toBe("orders, write");
    expect(stepName([])).toBe("0 cells");
    expect(names(["a"])).toBe("a");
    expect(names(["a", "b"])).toBe("a and b");
    expect(names(["a", "b", "c", "d", "e"])).toBe("a, b, c and 2 more");
  });
  it("about tomorrow speak of the column", () => {
    expect(fieldText.tomorrow(read, false).join("")).toBe("A field added tomorrow will be hidden");
    expect(fieldText.tomorrow(write, false).join("")).toBe("A field added tomorrow will not be writable");
  });
  it("about what is stored keep the empty list apart", () => {
    expect(fieldText.stores({ state: "fields", only: [], except: null })).toBe("only an empty list, so no field");
    expect(fieldText.stores(NONE)).toBe("nothing allowed");
  });
});

describe("the review", () => {
  const change = (tone: ReviewChange["tone"], before: CellView, after: CellView): ReviewChange => ({
    ...{ kind: "collection", resource: tone, column: "read", risks: [] },
    ...{ before, after, tone },
  });
  const review = {
    changes: [change("removed", ALL, NONE), change("added", NONE, ALL), change("added", NONE, ALL)],
    ...{ unchanged: 4, calls: [], plan: "p" },
  };
  it("counts and orders what is gained before what is lost", () => {
    expect(tally(review)).toEqual([
      { tone: "added", n: 2 },
      { tone: "removed", n: 1 },
    ]);
    expect(ordered(review).map(({ tone }) => tone)).toEqual(["added", "added", "removed"]);
  });
  it("says how many fields a narrowed right hides, when it can", () => {
    const only = change("narrowed", ALL, { state: "fields", only: ["a"], except: null });
    expect(hidden(only, ["a", "b", "c"])).toBe(2);
    expect(hidden(only, null)).toBe(0);
    expect(hidden(change("narrowed", ALL, { state: "fields", only: null, except: ["a"] }), null)).toBe(1);
    expect(rightWords({ state: "fields", only: ["a"], except: null }, ["a", "b"])).toBe("1 of 2 fields");
  });
  it("takes method and path apart", () => {
    expect(callParts("PATCH /a/b c")).toEqual({ method: "PATCH", rest: "/a/b c" });
  });
});
