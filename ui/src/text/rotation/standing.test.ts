import { describe, expect, it } from "vitest";
import type { RailStep, RotationView, Step, StepStatus } from "../../ipc/generated/ipc";
import { between, ending, standing } from "./standing";
import { stepsOf } from "./steps";

const card = { key: "k", label: "k", id: "1", fingerprint: "a90d", prefix: null, created_at: 1 };

/** A rotation that stands at a step of its rail. */
function view(state: string, here: Step, change: Partial<RotationView> = {}): RotationView {
  const steps = stepsOf("rotate");
  const at = steps.indexOf(here);
  const status = (n: number): StepStatus => (n < at ? "done" : n === at ? "now" : "ahead");
  const rail = steps.map((step, n): RailStep => ({ step, status: status(n), at: null, permanent: step === "revoke" }));
  const rest = {
    purpose: "rotate",
    acts: [],
    failure: null,
    emergency: false,
    old: card,
    new: card,
    pause_why_not: null,
    paused: false,
  };
  return { ...rest, state, rail, soak_until: null, closed_at: null, ...change } as RotationView;
}

const said = (shown: RotationView) =>
  standing(shown, 10)
    .map(({ text }) => text)
    .join(" ");

describe("where it stands", () => {
  it("is not permanent before the end of a key is asked for", () => {
    expect(ending(view("soaking", "revoke"))).toBeNull();
    expect(said(view("delivered", "adopt"))).toContain("Nothing so far is permanent. Both secrets work");
  });

  it("calls the old key gone only once the server said so", () => {
    expect(said(view("revoking", "revoke"))).toContain("The old key is being ended for good.");
    expect(said(view("revoked", "proof"))).toContain("The old key is gone for good.");
    expect(said(view("needs_you", "proof"))).toContain("The old key is gone for good.");
    expect(said(view("revoking", "revoke"))).not.toMatch(/gone|Nothing so far|Both secrets/);
  });

  it("does not know of a lost answer whether the old key has ended", () => {
    const lost = view("revoke_unknown", "revoke", { paused: true });
    expect(ending(lost)).toEqual({ of: "old", known: "unknown" });
    expect(said(lost)).toContain("It is not known yet whether the old key has ended.");
    expect(said(lost)).not.toMatch(/gone|Nothing so far|Both secrets|One click/);
  });

  it("never takes the end of the new key for that of the old one", () => {
    expect(said(view("revoking", "deliver"))).toContain("The new key is being ended for good. The old secret works");
    expect(said(view("revoke_unknown", "create"))).toContain("It is not known yet whether the new key has ended.");
    expect(said(view("revoked", "verify"))).toContain("The new key is gone for good. The old secret works");
    expect(ending(view("rolled_back", "verify"))).toEqual({ of: "new", known: "done" });
    for (const state of ["revoking", "revoke_unknown", "revoked", "rolled_back"]) {
      expect(said(view(state, "verify")), state).not.toMatch(/old key is (gone|being)|Nothing so far|Both secrets/);
    }
  });

  it("says of the old key's rights that they go or come while they do, and that some may be gone when it stopped", () => {
    const failure = { code: "timed_out", params: {} } as const;
    expect(said(view("pausing", "pause"))).toContain("The old key is losing its rights.");
    expect(said(view("restoring", "pause", { paused: true }))).toContain("The old key is getting its rights back.");
    expect(between(view("needs_you", "pause", { failure }))).toBe("partly");
    expect(between(view("adopted", "pause", { acts: ["pause", "restore"] }))).toBe("partly");
    for (const state of ["pausing", "restoring"])
      expect(said(view(state, "pause"))).not.toMatch(/Both secrets|One click/);
    expect(between(view("adopted", "pause", { acts: ["pause", "skip_pause"] }))).toBeNull();
    expect(between(view("paused", "soak", { paused: true, acts: ["restore"] }))).toBeNull();
    expect(said(view("adopted", "pause"))).toContain("Both secrets work until step 6");
  });

  it("counts down to step 8 only while the wait runs", () => {
    expect(said(view("soaking", "soak", { soak_until: 7_200_000 }))).toContain("Step 8 can be reached");
    expect(said(view("adopted", "pause", { soak_until: 7_200_000 }))).not.toContain("can be reached");
  });
});
