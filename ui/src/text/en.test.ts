import { describe, expect, it } from "vitest";
import type { DeploymentView, Failure } from "../ipc/generated/ipc";
import { age, cell, expiry, filterClause, rights, t, trust } from "./en";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = 1_000 * DAY;

function deployment(change: Partial<DeploymentView>): DeploymentView {
  return {
    id: "d",
    name: "shop",
    environment: "production",
    provider: "P",
    host: "h",
    keys: 4,
    freshness: "fresh",
    syncing: false,
    synced_at: NOW - 3 * HOUR,
    failure: null,
    not_before: null,
    facts: [],
    ...change,
  };
}

const failed = (code: Failure["code"]): Failure => ({ code, params: {} });

describe("trust in a copy", () => {
  it.each([
    ["up to date: no word", {}, "filled", null],
    ["offline", { freshness: "stale", failure: failed("host_unreachable") }, "hollow", "offline 3 h"],
    ["refused", { freshness: "stale", failure: failed("credential_refused") }, "half", "refused 3 h"],
    ["failed", { freshness: "stale", failure: failed("reply_malformed") }, "half", "failed 3 h"],
    ["old", { freshness: "stale" }, "half", "copy 3 h old"],
    ["never", { freshness: "never", synced_at: null }, "hollow", "never synced"],
    ["never, and why", { freshness: "never", synced_at: null, failure: failed("timed_out") }, "hollow", "offline"],
    ["waiting", { freshness: "stale", not_before: NOW + 5 * 60_000 }, "half", "waits 5 min"],
    ["syncing", { syncing: true }, "filled", "syncing"],
  ] as [string, Partial<DeploymentView>, string, string | null][])("%s", (_, change, dot, word) => {
    expect(trust(deployment(change), NOW)).toMatchObject({ dot, word });
  });
});

describe("ages and ends", () => {
  it("say what is not known", () => {
    expect(age(null, NOW)).toMatchObject({ text: "–", tone: "dim" });
    expect(age(NOW - 88 * DAY, NOW).text).toBe("88 d");
    expect(expiry({ kind: "unsupported" }, NOW).title).toBe("Keys on this server cannot expire");
  });

  it.each([
    [NOW - DAY, "expired", "danger"],
    [NOW + 5 * DAY, "5 d", "warning"],
    [NOW + 21 * DAY, "21 d", "dim"],
  ])("end at %i", (at, text, tone) => {
    expect(expiry({ kind: "at", at }, NOW)).toMatchObject({ text, tone });
  });
});

describe("rights in a row", () => {
  const counts = [
    { action: "get", count: 12 },
    { action: "create", count: 17 },
    { action: "delete", count: 1 },
  ];
  it("name two and count the rest", () => {
    expect(rights({ admin: false, counts, restricted: 0 })).toBe("12 get · 17 create +1");
    expect(rights({ admin: false, counts: [], restricted: 0 })).toBe("no rights");
    expect(rights({ admin: true, counts: [], restricted: 0 })).toBe("");
  });
});

describe("a cell under a field rule", () => {
  const only = { state: "fields" as const, only: ["a", "b"], except: null };
  it("counts against all fields, when they are known", () => {
    expect(cell(only, ["a", "b", "c"])).toMatchObject({ glyph: "some", word: "2 of 3", short: "2/3" });
    expect(cell(only, null).word).toBe("2 fields");
    expect(cell({ ...only, only: ["a"] }, null).word).toBe("1 field");
    expect(cell({ state: "fields", only: null, except: ["a"] }, ["a", "b", "c"]).word).toBe("2 of 3");
    expect(cell({ state: "fields", only: null, except: ["a"] }, null).word).toBe("all but 1");
  });
  it("does not count fields the resource does not list", () => {
    expect(cell(only, ["a", "x"]).word).toBe("2 fields");
  });
  it("names the fields", () => expect(cell(only, null).title).toBe("Only: a, b"));
  it("gives the reason of a fixed cell", () => {
    expect(cell({ state: "locked", why: "Set by the role" }, null)).toMatchObject({
      word: "fixed",
      title: "Set by the role",
    });
  });
});

describe("counts and filters", () => {
  it("are whole sentences", () => {
    expect(t.countOf(1, 1)).toBe("1 key");
    expect(t.countOf(41, 40)).toBe("40 keys");
    expect(t.countOf(73, 412)).toBe("73 of 412 keys");
    expect(t.notUpToDate(1)).toBe("1 deployment is not up to date");
    expect(t.notUpToDate(2)).toBe("2 deployments are not up to date");
    expect(filterClause("a b", "staging", "shop")).toBe("the words “a b” on shop in staging");
  });
});
