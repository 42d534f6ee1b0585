/* eslint svelte/prefer-svelte-reactivity: "off" -- nothing here is drawn */
// A stand-in for the core's machine: the same states, acts and rail, on made-up evidence. It decides nothing that the
// product relies on.
import type {
  Act,
  CheckKind,
  CheckView,
  Failure,
  KeyCard,
  RailStep,
  RotationPlan,
  RotationView,
  RotationWish,
  Step,
} from "../../generated/ipc";
import * as people from "../people";
import { ADVICE, hex } from "./plan";

export type Fault = "none" | "unproved" | "failed" | "unknown" | "orphan" | "guarded" | "refused" | "waits";

/** What the pretended server does with a rotation; `?rotate=` in the page's address. */
export const pretend = { fault: (new URLSearchParams(location.search).get("rotate") ?? "none") as Fault, ms: 400 };

export interface Op {
  id: string;
  wish: RotationWish;
  plan: RotationPlan;
  view: RotationView;
  /** When a state was entered first. */
  entered: Map<string, number>;
  skipped: boolean;
}

const begun = Date.now();
export const now = () => people.NOW + (Date.now() - begun);

const CREATE: Step[] = ["plan", "create", "verify", "deliver"];
const ALL: Step[] = [...CREATE, "adopt", "pause", "soak", "revoke", "proof"];
export const stepsOf = { create: CREATE, rotate: ALL, revoke: ["plan", "revoke", "proof"] as Step[] };
const DONE: Record<Step, string[]> = {
  plan: ["creating", "revoking"],
  create: ["created"],
  verify: ["verified"],
  deliver: ["delivered"],
  adopt: ["adopted"],
  pause: ["paused"],
  soak: ["soaking"],
  revoke: ["revoked"],
  proof: ["closed"],
};

export function placeOf({ view, plan, skipped }: Op): Step {
  const unpaused = plan.pause_why_not !== null || skipped;
  switch (view.state) {
    case "planned":
      return view.purpose === "revoke" ? "revoke" : "create";
    case "equipped":
    case "rolled_back":
      return "verify";
    case "verified":
      return "deliver";
    case "delivered":
      return view.purpose === "create" ? "deliver" : "adopt";
    case "adopted":
      return unpaused || view.paused ? "soak" : "pause";
    case "pausing":
    case "restoring":
      return "pause";
    case "paused":
      return "soak";
    case "soaking":
      return view.soak_until === null || view.soak_until <= now() ? "revoke" : "soak";
    case "revoking":
    case "revoke_unknown":
      return "revoke";
    case "revoked":
    case "closed":
      return view.purpose === "create" ? "deliver" : "proof";
    case "needs_you":
      return view.failure?.code === "check_failed" ? "verify" : "create";
    default:
      return "create";
  }
}

function actsOf(op: Op): Act[] {
  const { view, plan, skipped } = op;
  const emergency: Act[] = view.emergency ? ["revoke"] : [];
  switch (view.state) {
    case "planned":
      return view.purpose === "revoke" ? ["revoke", "abandon"] : ["again", "abandon"];
    case "create_refused":
      return ["again", "abandon"];
    case "create_unknown":
    case "revoke_unknown":
    case "revoked":
      return ["again"];
    case "orphan":
      return ["revoke_orphan", "abandon"];
    case "created":
      return ["again", "roll_back"];
    case "equipped":
      return ["verify", "roll_back"];
    case "verified":
      return [
        "deliver",
        "verify",
        "roll_back",
        ...(view.purpose === "create" ? (["finish"] as const) : []),
        ...emergency,
      ];
    case "delivered":
      return [view.purpose === "create" ? "finish" : "confirm", "deliver", "verify", "roll_back", ...emergency];
    case "adopted":
      if (view.paused) return ["pause", "restore", "verify", "deliver", ...emergency];
      if (plan.pause_why_not === null && !skipped)
        return ["pause", "skip_pause", "withdraw", "verify", "deliver", ...emergency];
      return ["begin_soak", "withdraw", "verify", "deliver", ...emergency];
    case "paused":
      return ["begin_soak", "restore", "verify", ...emergency];
    case "soaking":
      return [
        view.soak_until === null || view.soak_until <= now() ? "revoke" : "skip_soak",
        ...(view.paused ? (["restore"] as const) : []),
        "verify",
      ];
    case "needs_you":
      return ["again", "roll_back", "abandon"];
    default:
      return [];
  }
}

function rail(op: Op): RailStep[] {
  const { view, entered } = op;
  const steps = stepsOf[view.purpose];
  const at = steps.indexOf(placeOf(op));
  const over = view.state === "closed";
  return steps.map((step, n) => {
    const time = DONE[step].map((word) => entered.get(word)).find((one) => one !== undefined) ?? null;
    const passed = over || n < at;
    const skipped = step === "pause" ? !view.paused : ["deliver", "adopt", "soak"].includes(step) && time === null;
    const status = passed ? (skipped ? "skipped" : "done") : n === at && !over ? "now" : "ahead";
    return { step, status, at: passed ? time : null, permanent: step === "revoke" };
  });
}

/** The view with everything that follows from the state. */
export function shown(op: Op): RotationView {
  const acts = actsOf(op);
  const ended = ["closed", "rolled_back", "abandoned"].includes(op.view.state);
  const clipboard = op.view.clipboard_until;
  return {
    ...op.view,
    rail: rail(op),
    acts,
    running: acts.length === 0 && !ended && op.view.waits === null,
    clipboard_until: clipboard !== null && clipboard > now() ? clipboard : null,
    has_certificate: op.view.state === "closed",
  };
}

export function check(kind: CheckKind, seen: string, more: Partial<CheckView> = {}): CheckView {
  return { kind, verdict: "passed", mark: "shown", seen, at: now(), ...more };
}

export function newChecks(fault: Fault): CheckView[] {
  return [
    check("sealed", "a90d 41c7"),
    check("authenticates", "POST /api/auth/token 200"),
    check("identified", "label"),
    check("rights_equal", "40 of 40 cells, 3 rules", {
      mark: "declared",
      ...(fault === "failed" ? { verdict: "failed", seen: "39 of 40 cells, 3 rules" } : {}),
    }),
    check("own_rights", "GET /api/auth/permissions 200"),
    check("denied", fault === "unproved" ? "GET /api/keys 503" : "GET /api/keys 403", {
      verdict: fault === "unproved" ? "not_proved" : "passed",
    }),
    check("negative_control", "POST /api/auth/token 401"),
  ];
}

export function deathChecks(held: boolean): CheckView[] {
  const unheld = { verdict: "not_proved" as const, seen: "the old secret is not at hand" };
  return [
    check("old_works", "POST /api/auth/token 200", held ? {} : unheld),
    check("old_refused", "POST /api/auth/token 401", held ? {} : unheld),
    check("old_session_refused", "GET /api/auth/permissions 401", held ? {} : unheld),
    check("absent", "148 keys read", { mark: "declared" }),
  ];
}

function oldCard(key: string | null, plan: RotationPlan, created: number | null): KeyCard | null {
  if (key === null || plan.old_label === null) return null;
  const { old_label: label, old_id: id, old_fingerprint: fingerprint } = plan;
  return { key, label, id, fingerprint, prefix: "led_prod_9f", created_at: created };
}

export function begin(
  id: string,
  wish: RotationWish,
  plan: RotationPlan,
  deployment: string,
  created: number | null,
): Op {
  const label = plan.new_label;
  const old = oldCard(wish.purpose === "create" ? null : wish.key, plan, created);
  return {
    id,
    wish,
    plan,
    skipped: false,
    entered: new Map(),
    view: {
      id,
      purpose: wish.purpose,
      emergency: wish.purpose === "rotate" && wish.emergency,
      state: "planned",
      deployment,
      deployment_name: plan.deployment_name,
      environment: plan.environment,
      provider: plan.provider,
      rail: [],
      old,
      new:
        label === null
          ? null
          : { key: `new-${id}`, label, id: null, fingerprint: null, prefix: null, created_at: null },
      acts: [],
      running: false,
      failure: null,
      waits: null,
      steps: [],
      new_checks: [],
      paused_checks: [],
      death_checks: [],
      deliveries: [],
      confirmed_by: null,
      pause_why_not: plan.pause_why_not,
      paused: false,
      soak_until: null,
      confirmation: plan.confirmation,
      rollback_confirmation: label,
      honoured: plan.lossless ? true : null,
      lags: false,
      variables: ["LEDGER_API_KEY", "API_KEY"],
      advice: ADVICE,
      clipboard_until: null,
      grade: null,
      has_certificate: false,
      began_at: now(),
      closed_at: null,
    },
  };
}

export function enter(op: Op, state: string, part: Partial<RotationView> = {}) {
  if (!op.entered.has(state)) op.entered.set(state, now());
  op.view = { ...op.view, failure: null, ...part, state };
}

export function born(op: Op) {
  const card = op.view.new;
  if (card === null) return;
  op.view.new = {
    ...card,
    id: `b20c41d6${hex(op.id).slice(0, 24)}`,
    fingerprint: `a90d41c7${hex(op.id).slice(8)}`,
    prefix: "led_ks_b2",
    created_at: now(),
  };
}

export const failed = (code: Failure["code"], params: Record<string, string> = {}): Failure => ({ code, params });
