import { describe, expect, it } from "vitest";
import type { CellView, DraftRow } from "../../ipc/generated/ipc";
import { ALL, NONE } from "./cells";
import { allows, lints, mode, namesOf, tomorrow, withField, withMode } from "./fields";

const FIELDS = ["id", "name", "tax_id"];
const BOTH = { only: true, except: true };
const ONLY = { only: true, except: false };
const only = (...names: string[]): CellView => ({ state: "fields", only: names, except: null });
const except = (...names: string[]): CellView => ({ state: "fields", only: null, except: names });

describe("a field rule", () => {
  it("has a name, and an answer for a field added tomorrow", () => {
    const seen = [NONE, ALL, only("id"), only(), except("id"), { state: "fields", only: ["id"], except: ["id"] }];
    expect((seen as CellView[]).map((cell) => [mode(cell), tomorrow(cell)])).toEqual([
      ["none", false],
      ["all", true],
      ["only", false],
      ["only", false],
      ["except", true],
      ["both", false],
    ]);
    expect(mode({ state: "locked", why: "x" })).toBe("fixed");
  });

  it("keeps the same fields when its kind changes", () => {
    expect(withMode(except("tax_id"), "only", FIELDS)).toEqual(only("id", "name"));
    expect(withMode(only("id", "name"), "except", FIELDS)).toEqual(except("tax_id"));
    expect(withMode(ALL, "only", FIELDS)).toEqual(only(...FIELDS));
    expect(withMode(ALL, "except", FIELDS)).toEqual(except());
    expect(withMode(NONE, "only", FIELDS)).toEqual(only());
  });

  it("excludes from all where the column can, else lists the rest", () => {
    expect(withField(ALL, "tax_id", false, FIELDS, BOTH)).toEqual(except("tax_id"));
    expect(withField(ALL, "tax_id", false, FIELDS, ONLY)).toEqual(only("id", "name"));
    expect(withField(NONE, "id", true, FIELDS, ONLY)).toEqual(only("id"));
  });

  it("becomes the empty list when the last field goes, never none", () => {
    expect(withField(only("id"), "id", false, FIELDS, BOTH)).toEqual(only());
    expect(withField(only(), "id", true, FIELDS, BOTH)).toEqual(only("id"));
  });

  it("is no rule any more when nothing is excluded any more", () => {
    expect(withField(except("id"), "id", true, FIELDS, BOTH)).toEqual(ALL);
    expect(withField(except("id"), "name", false, FIELDS, BOTH)).toEqual(except("id", "name"));
  });

  it("that selects and excludes is left as simple as it can be", () => {
    const both: CellView = { state: "fields", only: ["id", "tax_id"], except: ["tax_id"] };
    expect(allows(both, "tax_id")).toBe(false);
    expect(withField(both, "tax_id", true, FIELDS, BOTH)).toEqual(only("id", "tax_id"));
    expect(withField(both, "id", false, FIELDS, BOTH)).toEqual({ ...both, only: ["tax_id"] });
    expect(withField(both, "id", true, FIELDS, BOTH)).toBe(both);
  });
});

describe("names", () => {
  it("are the declared fields and those a rule names", () => {
    const row = { base: [except("old")], now: [only("name", "later")] } as DraftRow;
    expect(namesOf(row, FIELDS).map(({ name, declared }) => `${name} ${declared}`)).toEqual([
      "id true",
      "name true",
      "tax_id true",
      "later false",
      "old false",
    ]);
    expect(namesOf(row, null).every(({ declared }) => declared)).toBe(true);
  });
});

describe("lints", () => {
  const found = (cells: CellView[], names = FIELDS) => lints(cells, 0, 1, names);
  it("find what can be written but not seen", () => {
    expect(found([except("tax_id"), only("tax_id", "name")])).toEqual([{ kind: "unseen", fields: ["tax_id"] }]);
    expect(found([except("tax_id"), ALL])).toEqual([{ kind: "unseen", fields: ["tax_id"] }]);
    expect(found([ALL, only("tax_id")])).toEqual([]);
    expect(found([NONE, ALL])).toEqual([]);
  });
  it("find what is both selected and excluded", () => {
    const both: CellView = { state: "fields", only: ["id", "name"], except: ["name"] };
    expect(found([both, NONE])).toEqual([{ kind: "contradiction", column: 0, fields: ["name"] }]);
  });
  it("find fields that sound sensitive where nothing is excluded", () => {
    const names = ["id", "password_hash", "api_token", "SSN", "session_name"];
    expect(found([ALL, NONE], names)).toEqual([{ kind: "sensitive", fields: ["password_hash", "api_token", "SSN"] }]);
    expect(found([except(), NONE], names)[0]?.kind).toBe("sensitive");
    expect(found([except("password_hash"), NONE], names)).toEqual([]);
    expect(found([NONE, NONE], names)).toEqual([]);
  });
});
