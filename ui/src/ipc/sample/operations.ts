/* eslint svelte/prefer-svelte-reactivity: "off" -- nothing here is drawn */
import type { Applied, KeyRow, OperationView, StepOutcome } from "../generated/ipc";
import * as drafts from "./drafts";

/** What the pretended server does with the next change; `?apply=` in the page's address. */
export type Fault = "none" | "conflict" | "refused" | "differs" | "unknown" | "slow";

export const server = {
  fault: (new URLSearchParams(location.search).get("apply") ?? "none") as Fault,
  /** Of one call. */
  ms: 350,
};

const operations = new Map<string, OperationView>();
const before = new Map<string, Map<string, drafts.Cells>>();
let announce: (area: "operations" | "drafts" | "keys") => void = () => undefined;

export function onChange(listener: typeof announce) {
  announce = listener;
}

export const find = (id: string) => operations.get(id);
const over = (operation: OperationView) => ["done", "differs", "stopped"].includes(operation.state);
export const open = () => [...operations.values()].filter((operation) => !over(operation));
export const ofKey = (key: string) => open().find((operation) => operation.key === key)?.id ?? null;

export function apply(key: KeyRow): Applied {
  const draft = drafts.keptOf(key);
  if (server.fault === "conflict") {
    server.fault = "none";
    for (const row of draft.base.filter(({ locked }) => locked === null).slice(2, 4)) {
      draft.theirs.set(drafts.at(row), [{ state: "none" }, ...row.base.slice(1)]);
    }
  }
  const cells = drafts.conflicts(key);
  if (cells.length > 0) return { kind: "conflict", cells };
  const { calls } = drafts.review(key);
  const id = `operation-${operations.size + 1}`;
  const resources = [...draft.changes.keys()].map((name) => name.slice(name.indexOf("/") + 1));
  operations.set(id, {
    id,
    key: key.id,
    label: key.label,
    deployment_name: key.deployment_name,
    environment: key.environment,
    state: "applying",
    steps: calls.map((call, n) => ({ call, resource: resources[n] ?? "", outcome: "waiting", failure: null })),
    differences: [],
    failure: null,
    can_undo: false,
  });
  before.set(id, new Map());
  void run(id, key);
  return { kind: "started", operation: id };
}

const wait = (ms: number) => new Promise((next) => setTimeout(next, ms));

function change(id: string, part: Partial<OperationView>) {
  const old = operations.get(id);
  if (old !== undefined) operations.set(id, { ...old, ...part });
  announce("operations");
}

function step(id: string, n: number, outcome: StepOutcome) {
  const old = operations.get(id);
  const failure = outcome === "refused" ? { code: "request_refused", params: refusal } : null;
  const steps = old?.steps.map((one, at) => (at === n ? { ...one, outcome, failure } : one)) ?? [];
  change(id, { steps: steps as OperationView["steps"] });
}
const refusal = { host: "shop-eu.example", path: "/api/keys", status: "422" };

async function run(id: string, key: KeyRow) {
  const draft = drafts.keptOf(key);
  const { fault } = server;
  const ms = fault === "slow" ? 20_000 : server.ms;
  const wanted = [...draft.changes];
  const stop = Math.ceil(wanted.length / 2) - 1;
  for (const [n, [name, cells]] of wanted.entries()) {
    step(id, n, "sending");
    await wait(ms);
    if (fault === "refused" && n === Math.max(1, stop)) {
      step(id, n, "refused");
      end(id, key, { state: "stopped", failure: { code: "request_refused", params: refusal }, can_undo: n > 0 });
      return;
    }
    if (fault === "unknown" && n === stop) {
      step(id, n, "unknown");
      end(id, key, {
        state: "unknown",
        failure: { code: "timed_out", params: { host: "shop-eu.example", seconds: "30" } },
      });
      return;
    }
    before.get(id)?.set(name, draft.theirs.get(name) ?? cells);
    draft.theirs.set(name, cells);
    step(id, n, "applied");
  }
  change(id, { state: "reading_back" });
  await wait(ms);
  const first = drafts.review(key).changes[0];
  const base = first && { kind: first.kind, resource: first.resource, column: first.column, base: first.before };
  const differences =
    fault === "differs" && base && first ? [{ ...base, theirs: first.before, mine: first.after }] : [];
  end(id, key, { state: differences.length > 0 ? "differs" : "done", differences, can_undo: true });
}

function end(id: string, key: KeyRow, part: Partial<OperationView>) {
  drafts.rebase(key);
  const draft = drafts.keptOf(key);
  if (draft.changes.size === 0) draft.savedAt = null;
  change(id, part);
  announce("keys");
}

export function undo(id: string, key: KeyRow) {
  const draft = drafts.keptOf(key);
  draft.changes = new Map(before.get(id) ?? []);
  draft.savedAt = Date.now();
  drafts.rebase(key);
}
