import { describe, expect, it } from "vitest";
import { readBody } from "./body";

const check = { kind: "absent", verdict: "passed", mark: "declared", seen: "148 keys read", at: 1 };
const body = {
  format: 1,
  operation: "o",
  purpose: "revoke",
  mode: "planned",
  deployment: "shop",
  environment: "test",
  provider: "P",
  host: "h",
  old: { generation: 1, label: "a", id: null, fingerprint: null, prefix: null, rights: "ab" },
  new: null,
  grade: "B",
  checks: { new: [], paused: [], death: [check] },
  deliveries: [{ to: "clipboard", at: 1 }],
  adoption: null,
  pause: null,
  began_at: 1,
  closed_at: 2,
  events: 3,
};
const read = (change: object) => readBody(JSON.stringify({ ...body, ...change }));

describe("a certificate's body", () => {
  it("is read when it has the form that is known", () => {
    expect(read({})?.checks.death[0]?.kind).toBe("absent");
  });

  it.each([
    ["no JSON", "{"],
    ["nothing", "null"],
    ["another form", JSON.stringify({ ...body, format: 2 })],
    ["a grade of its own", JSON.stringify({ ...body, grade: "S" })],
    [
      "a verdict of its own",
      JSON.stringify({ ...body, checks: { new: [], paused: [], death: [{ ...check, verdict: "fine" }] } }),
    ],
    ["no checks", JSON.stringify({ ...body, checks: null })],
    ["a delivery to nowhere", JSON.stringify({ ...body, deliveries: [{ to: "moon", at: 1 }] })],
    ["a key that is text", JSON.stringify({ ...body, old: "key" })],
  ])("is not drawn when it is %s", (_, text) => expect(readBody(text)).toBeNull());
});
