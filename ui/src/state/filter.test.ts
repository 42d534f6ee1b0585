import { describe, expect, it } from "vitest";
import { deployments } from "../ipc/sample/people";
import { EVERYTHING, onlyProduction, read } from "./filter";

const list = deployments([]);

describe("typed words", () => {
  it("stay text while a token is being typed", () => {
    expect(read("env:production", EVERYTHING, list, false)).toEqual({ ...EVERYTHING, text: "env:production" });
  });

  it("become a filter with the space after them, or when finished", () => {
    expect(read("env:production ", EVERYTHING, list, false)).toEqual({ ...EVERYTHING, environment: "production" });
    expect(read("deployment:shop-eu", EVERYTHING, list, true)).toEqual({ ...EVERYTHING, deployment: "d1" });
    expect(read("cron env:test ", EVERYTHING, list, false)).toEqual({
      ...EVERYTHING,
      text: "cron ",
      environment: "test",
    });
  });

  it("stay text when they name nothing", () => {
    expect(read("env:moon deployment:none ", EVERYTHING, list, true).text).toBe("env:moon deployment:none ");
  });

  it("never ask for a deployment outside its environment", () => {
    const before = { ...EVERYTHING, deployment: "d1" };
    expect(read("env:staging ", before, list, false)).toEqual({ ...EVERYTHING, environment: "staging" });
    expect(read("env:production ", before, list, false)).toEqual({ ...before, environment: "production" });
  });
});

describe("only production", () => {
  it("is what the frame says", () => {
    expect(onlyProduction(EVERYTHING, list)).toBe(false);
    expect(onlyProduction({ ...EVERYTHING, environment: "production" }, list)).toBe(true);
    expect(onlyProduction({ ...EVERYTHING, deployment: "d1" }, list)).toBe(true);
    expect(onlyProduction({ ...EVERYTHING, deployment: "d4" }, list)).toBe(false);
    expect(onlyProduction(EVERYTHING, [])).toBe(false);
  });
});
