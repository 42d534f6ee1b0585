/* eslint svelte/prefer-svelte-reactivity: "off" -- nothing here is drawn */
import type {
  CertificateView,
  DeliverTo,
  DeliveryView,
  EnvPreview,
  PersonAct,
  RevokeTarget,
  RotationPlan,
  RotationRow,
  RotationView,
  RotationWish,
  StepView,
} from "../../generated/ipc";
import { hex } from "./plan";
import {
  begin,
  born,
  deathChecks,
  enter,
  failed,
  newChecks,
  now,
  placeOf,
  pretend,
  shown,
  check,
  type Op,
} from "./machine";

const all = new Map<string, Op>();
let announce: () => void = () => undefined;
let tell: (cleared: boolean) => void = () => undefined;
/** How long a secret lies on the clipboard, ms. */
export const clipboard = { ms: 30_000 };

export function onChange(changed: () => void, cleared: (cleared: boolean) => void) {
  announce = changed;
  tell = cleared;
}

export function forgetAll() {
  all.clear();
}

const wait = (ms: number) => new Promise((next) => setTimeout(next, ms));
const unknown = () => failed("operation_unknown");
function find(id: string): Op {
  const op = all.get(id);

  if (op === undefined) throw unknown();
  return op;
}

function to(op: Op, state: string, part: Partial<RotationView> = {}) {
  enter(op, state, part);
  announce();
}

export const show = (id: string) => shown(find(id));
export const openOf = (key: string) =>
  [...all.values()].find(({ view }) => view.closed_at === null && view.old?.key === key)?.id ?? null;

export function list(): RotationRow[] {
  return [...all.values()].reverse().map((op) => {
    const view = shown(op);
    return {
      id: op.id,
      purpose: view.purpose,
      emergency: view.emergency,
      label: view.old?.label ?? view.new?.label ?? "",
      deployment_name: view.deployment_name,
      environment: view.environment,
      state: view.state,
      step: placeOf(op),
      waits_for_you: view.acts.length > 0,
      grade: view.grade,
      began_at: view.began_at,
      closed_at: view.closed_at,
    };
  });
}

export function start(wish: RotationWish, plan: RotationPlan, deployment: string, created: number | null): string {
  const id = `rotation-${all.size + 1}`;
  const op = begin(id, wish, plan, deployment, created);
  all.set(id, op);
  enter(op, "planned");
  if (wish.purpose !== "revoke") void make(op);
  return id;
}

async function make(op: Op) {
  const { fault } = pretend;
  to(op, "creating");
  await wait(pretend.ms);
  const host = `${op.view.deployment_name}.example`;
  if (fault === "refused")
    return to(op, "create_refused", { failure: failed("rate_limited", { host, seconds: "40" }) });
  if (fault === "unknown") return to(op, "create_unknown", { failure: failed("timed_out", { host, seconds: "30" }) });
  if (fault === "orphan") return to(op, "orphan", { failure: failed("value_lost") });
  born(op);
  to(op, "created");
  await calls(
    op,
    "equipping",
    op.plan.calls.filter(({ stage }) => stage === "equip"),
  );
  to(op, "equipped");
  await verify(op, "verified");
}

async function calls(op: Op, state: string, planned: RotationPlan["calls"]) {
  const steps = (done: number): StepView[] =>
    planned.map(({ call }, n) => ({
      call,
      resource: call.slice(call.lastIndexOf("/") + 1),
      outcome: n < done ? "applied" : n === done ? "sending" : "waiting",
      failure: null,
    }));
  for (let n = 0; n < planned.length; n += 1) {
    to(op, state, { steps: steps(n) });
    await wait(pretend.ms);
  }
  op.view = { ...op.view, steps: steps(planned.length) };
}

async function verify(op: Op, next: string) {
  await wait(pretend.ms);
  const checks = newChecks(pretend.fault);
  const bad = checks.find(({ verdict }) => verdict === "failed");
  if (bad !== undefined) {
    return to(op, "needs_you", { new_checks: checks, failure: failed("check_failed", { check: bad.kind }) });
  }
  to(op, next, { new_checks: checks });
}

export async function act(id: string, act: PersonAct) {
  const op = find(id);

  if (!shown(op).acts.includes(act.act)) throw failed("not_now");
  const { view } = op;
  switch (act.act) {
    case "again":
      if (view.state === "needs_you") void verify(op, "verified");
      else if (view.state === "revoked") close(op);
      else void make(op);
      break;
    case "verify":
      await verify(op, view.state === "equipped" ? "verified" : view.state);
      break;
    case "confirm":
      to(op, "adopted", { confirmed_by: act.by });
      break;
    case "withdraw":
      to(op, "delivered", { confirmed_by: null });
      break;
    case "pause":
      void pause(op);
      break;
    case "skip_pause":
      op.skipped = true;
      to(op, "adopted", { pause_why_not: act.why });
      break;
    case "restore":
      void restore(op);
      break;
    case "begin_soak": {
      const until = now() + op.plan.soak_minutes * 60_000;
      to(op, "soaking", { soak_until: op.plan.soak_minutes === 0 ? null : until });
      break;
    }
    case "skip_soak":
      to(op, "soaking", { soak_until: null });
      break;
    case "finish":
      to(op, "closed", { closed_at: now(), grade: "A" });
      break;
    case "abandon":
      to(op, "abandoned", { closed_at: now() });
      break;
  }
}

async function pause(op: Op) {
  await calls(
    op,
    "pausing",
    op.plan.calls.filter(({ stage }) => stage === "pause"),
  );
  to(op, "paused", { paused: true, paused_checks: [check("powerless", "GET /api/auth/permissions 200, empty")] });
}

async function restore(op: Op) {
  await calls(
    op,
    "restoring",
    op.plan.calls.filter(({ stage }) => stage === "pause"),
  );
  to(op, "adopted", { paused: false, paused_checks: [], soak_until: null });
}

export async function revoke(id: string, of: RevokeTarget, typed: string) {
  const op = find(id);
  const wanted = of === "old" ? op.view.confirmation : op.view.rollback_confirmation;

  if (typed.trim() !== wanted) throw failed("confirmation_wrong", { name: wanted ?? "" });

  if (pretend.fault === "guarded") throw failed("revoke_guarded", { conditions: "fresh_list old_unchanged" });
  await wait(pretend.ms);
  if (of === "new") return to(op, "rolled_back", { closed_at: now() });
  if (of === "orphan") return void make(op);
  to(op, "revoking");
  void (async () => {
    await wait(pretend.ms);
    to(op, "revoked");
    await wait(pretend.ms);
    close(op);
  })();
}

function close(op: Op) {
  const held = op.plan.old_secret_held;
  to(op, "closed", { death_checks: deathChecks(held), closed_at: now(), grade: held ? "A" : "B" });
}

export function preview(path: string, variable: string): EnvPreview {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(variable)) {
    const reason = "a variable's name has letters, digits and underscores, and begins with no digit";

    throw failed("file_refused", { reason });
  }
  const mask = "••••••••";
  return {
    path,
    exists: true,
    versioned: path.includes("/repo/"),
    content: hex(variable),
    lines: [
      { fate: "kept", text: "# …" },
      { fate: "kept", text: `DATABASE_URL=${mask}` },
      { fate: "removed", text: `${variable}=${mask}` },
      { fate: "added", text: `${variable}=${mask}` },
      { fate: "kept", text: `SMTP_PASSWORD=${mask}` },
    ],
  };
}

export function deliver(id: string, target: DeliverTo, path: string) {
  const op = find(id);
  const delivery: DeliveryView =
    target.to === "env_file" ? { to: "env_file", path, variable: target.variable, backup: `${path}.bak-1` } : target;
  const until = target.to === "clipboard" ? now() + clipboard.ms : op.view.clipboard_until;
  if (target.to === "clipboard") setTimeout(() => tell(true), clipboard.ms);
  const next = op.view.state === "verified" ? "delivered" : op.view.state;
  to(op, next, { deliveries: [...op.view.deliveries, delivery], clipboard_until: until });
}

export function certificate(id: string): CertificateView {
  const op = find(id);
  const { view, plan } = op;
  const body = {
    format: 1,
    operation: id,
    purpose: view.purpose,
    mode: view.emergency ? "emergency" : "planned",
    deployment: view.deployment_name,
    environment: view.environment,
    provider: view.provider,
    host: `${view.deployment_name}.example`,
    old: view.old && { ...view.old, generation: 1, rights: plan.snapshot, dead_at: view.closed_at },
    new: view.new && { ...view.new, generation: 2, rights: plan.snapshot },
    grade: view.grade,
    checks: { new: view.new_checks, paused: view.paused_checks, death: view.death_checks },
    deliveries: view.deliveries.map((one) => ({ ...one, at: view.began_at })),
    adoption: view.confirmed_by === null ? null : { by: view.confirmed_by, at: view.began_at, grade: "C" },
    pause: view.purpose === "rotate" ? { paused: view.paused, why: view.pause_why_not } : null,
    began_at: view.began_at,
    closed_at: view.closed_at,
    events: 52,
  };
  const text = JSON.stringify(body, null, 2);
  return {
    operation: id,
    body: text,
    hash: hex(text.slice(0, 40)),
    audit_seq: 48_163,
    made_at: view.closed_at ?? now(),
    seal: "unaltered",
  };
}
