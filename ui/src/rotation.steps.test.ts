import { cleanup, render, screen } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Call } from "./ipc/client";
import { EFFECTS, type RailStep, type RotationView, type Step } from "./ipc/generated/ipc";
import { begin, check } from "./ipc/sample/rotation/machine";
import { planOf } from "./ipc/sample/rotation/plan";
import { transport } from "./ipc/sample/sample";
import { Console } from "./state/console.svelte";
import Generations from "./screens/rotations/certificate/Generations.svelte";
import type { Body } from "./state/rotation/body";
import WizardFoot from "./screens/rotations/wizard/WizardFoot.svelte";
import StepPage from "./screens/rotations/wizard/steps/StepPage.svelte";
import { stepsOf } from "./text/rotation/steps";

// What the page of one step says when the operation stands elsewhere.
const call = (async (name, args) => transport.call(EFFECTS[name], name, args)) as Call;
const NOW = 1_900_000_000_000;
let app: Console;

beforeEach(() => {
  app = new Console(call, async () => Promise.resolve());
  app.clock.start(NOW);
});

afterEach(() => {
  app.clock.stop();
  cleanup();
});

/** A rotation at a step of its rail; `null`: behind all of them. */
function view(state: string, here: Step | null, part: Partial<RotationView> = {}): RotationView {
  const wish = { purpose: "rotate", key: "d1-k6", emergency: false, soak_minutes: 60 } as const;
  const home = { name: "shop-eu", environment: "production", provider: "" } as const;
  const plan = { ...planOf(wish, null, home), old_label: "billing-worker", new_label: "billing-worker ~g2" };
  const { view } = begin("r1", wish, plan, "d1", null);
  const purpose = part.purpose ?? "rotate";
  const steps = stepsOf(purpose);
  const at = here === null ? steps.length : steps.indexOf(here);
  const rail = steps.map((step, n): RailStep => {
    const status = n < at ? "done" : n === at ? "now" : "ahead";
    return { step, status, at: null, permanent: step === "revoke" };
  });
  return { ...view, state, rail, closed_at: state === "closed" ? NOW : null, ...part };
}

const show = (step: Step, shown: RotationView, ended = false) =>
  render(StepPage, { app, view: shown, step, ended }).container.textContent;

describe("the creation", () => {
  it("is said to have taken one call only once it is behind", () => {
    expect(show("create", view("verified", "deliver"))).toContain("The one call gave everything");
    cleanup();
    for (const state of ["needs_you", "created", "equipping"]) {
      expect(show("create", view(state, "create"))).not.toContain("The one call");
      cleanup();
    }
  });
});

describe("the wait", () => {
  const until = NOW + 7_200_000;

  it("runs where it stands, also while something else wants a person", () => {
    expect(show("soak", view("soaking", "soak", { soak_until: until }))).toContain("2 h left");
    expect(show("soak", view("needs_you", "soak", { soak_until: until }))).toContain("2 h left");
    expect(screen.queryByText(/has not begun/)).toBeNull();
  });

  it("is over once it is behind, whatever came then", () => {
    for (const shown of [
      view("closed", null, { soak_until: NOW - 1 }),
      view("closed", null),
      view("needs_you", "revoke", { soak_until: NOW - 1 }),
      view("needs_you", "soak", { soak_until: NOW - 1 }),
      view("revoke_unknown", "revoke"),
    ]) {
      const said = show("soak", shown);
      expect(said).toContain("The wait is over.");
      expect(said).not.toMatch(/has not begun|but your confirmation|timer/);
      cleanup();
    }
    expect(show("soak", view("soaking", "revoke", { acts: ["revoke"] }))).toContain("but your confirmation");
  });

  it("has not begun before it did, though an earlier one left its end behind", () => {
    expect(show("soak", view("paused", "soak", { paused: true, soak_until: until }))).toContain("has not begun");
  });
});

describe("the pause", () => {
  const paused_checks = [check("powerless", "GET /api/auth/permissions 200, empty")];

  it("offers the rights back only while that can be done", () => {
    const stands = { paused: true, paused_checks };
    expect(show("pause", view("paused", "soak", { ...stands, acts: ["restore"] }))).toContain("with one click");
    cleanup();
    const waits = show("pause", view("needs_you", "revoke", { ...stands, acts: ["again"] }));
    expect(waits).toContain("The old key is paused. It keeps its secret and has no rights.");
    expect(waits).not.toContain("one click");
  });

  it("is of the past once the old key has ended or is being ended", () => {
    for (const shown of [
      view("closed", null, { paused: true }),
      view("revoking", "revoke", { paused: true }),
      view("revoke_unknown", "revoke", { paused: true }),
    ]) {
      for (const step of ["pause", "soak"] as const) {
        const said = show(step, shown);
        expect(said).toContain("The old key was paused before its end.");
        expect(said).not.toMatch(/is paused|one click|keeps its secret/);
        cleanup();
      }
    }
    const without = show("soak", view("closed", null, { pause_why_not: "It runs once a year." }));
    expect(without).toContain("The old key was not paused before its end. It was left out: it runs once a year.");
  });
});

describe("a new key that is finished", () => {
  const end = { purpose: "create", closed_at: NOW } as const;

  it("is in use only when its secret was given to somebody", () => {
    const given = show("deliver", view("closed", null, { ...end, deliveries: [{ to: "clipboard" }] }), true);
    expect(given).toContain("The key is in use.");
    cleanup();
    const kept = show("deliver", view("closed", null, end), true);
    expect(kept).toContain("Nobody was given its secret.");
    expect(kept).not.toContain("in use");
  });

  it("is called the same on its certificate", () => {
    const key = { generation: 1, label: "a", id: null, fingerprint: null, prefix: null, rights: "ab" };
    const body = { old: null, new: key, deliveries: [], closed_at: NOW } as unknown as Body;
    const { unmount } = render(Generations, { body });
    expect(screen.getByText("1 · not delivered")).toBeTruthy();
    unmount();
    render(Generations, { body: { ...body, deliveries: [{ to: "clipboard", at: NOW }] } });
    expect(screen.getByText("1 · in use")).toBeTruthy();
  });
});

describe("the foot", () => {
  const buttons = () => screen.getAllByRole("button").map((one) => one.textContent.trim());

  it("offers the end once, where it stands, unless the key has leaked", () => {
    app.wizard.view = view("soaking", "revoke", { acts: ["revoke", "verify"] });
    const here = render(WizardFoot, { app, view: app.wizard.view, onclose: () => undefined });
    expect(buttons()).toEqual(["Close for now", "Revoke billing-worker…"]);
    here.unmount();
    app.wizard.look("verify");
    const back = render(WizardFoot, { app, view: app.wizard.view, onclose: () => undefined });
    expect(buttons()).toEqual(["Close for now", "Continue to Revoke"]);
    back.unmount();
    app.wizard.view = view("delivered", "adopt", { acts: ["confirm", "revoke"], emergency: true });
    app.wizard.look(null);
    render(WizardFoot, { app, view: app.wizard.view, onclose: () => undefined });
    expect(screen.getByTitle(/^The key has leaked/)).toBeTruthy();
  });
});
