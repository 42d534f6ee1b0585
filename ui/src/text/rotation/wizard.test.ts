import { describe, expect, it } from "vitest";
import { stepText } from "./wizard";

const card = { key: "k", label: "k", id: "1", fingerprint: "a90d", prefix: null, created_at: 1 };
const { leaveText } = stepText;

describe("what leaving it as it is says", () => {
  it("names the new key only where there is one", () => {
    expect(leaveText({ new: card, acts: ["abandon"], state: "verified" })).toContain("the new one too");
    for (const none of [null, { ...card, fingerprint: null }])
      expect(leaveText({ new: none, acts: ["abandon"], state: "planned" })).not.toContain("the new one");
  });

  it("warns of an old key that is left without its rights, and only then", () => {
    expect(leaveText({ new: card, acts: ["abandon"], state: "adopted" })).not.toContain("without its rights");
    expect(leaveText({ new: card, acts: ["restore", "abandon"], state: "needs_you" })).toContain("without its rights");
    expect(leaveText({ new: card, acts: ["again", "abandon"], state: "restoring" })).toContain("without its rights");
  });
});
