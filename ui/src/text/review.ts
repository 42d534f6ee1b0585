import type { CellView, OperationView, Review, ReviewChange, Risk, StepOutcome } from "../ipc/generated/ipc";
import { visible } from "./draw/hidden";
import { rightCell } from "./rights";
import { count, number } from "./time";

type Tone = ReviewChange["tone"];

const named = (label: string) => (label === "" ? "this key" : visible(label, 80));
const changes = (n: number) => count(n, "change", "changes");

export const reviewText = {
  title: (n: number, label: string) => `Review ${changes(n)} to ${named(label)}`,
  preparing: "Working out the exact calls",
  close: "Close and keep editing",
  keep: "Keep editing",
  save: (n: number, deployment: string) => `Save ${changes(n)} to ${visible(deployment, 60)}`,
  saveNothing: "Nothing to save",
  canUndo: "Can be undone after saving",
  unchanged: (n: number) => `${number(n)} unchanged`,
  tones: {
    added: "added",
    widened: "widened",
    changed: "changed",
    narrowed: "narrowed",
    removed: "removed",
  } satisfies Record<Tone, string>,
  tally: (tone: Tone, n: number) => `${number(n)} ${reviewText.tones[tone]}`,
  becomes: "becomes",
  changes: "Changes",
  callCount: (n: number) => count(n, "call", "calls"),
  calls: (n: number) => `${count(n, "call", "calls")}, in this order`,
  noCalls: "No call is needed.",
  how: (deployment: string) =>
    `Before the first call ${visible(deployment, 60)} is read again; if it has changed, nothing is sent. Every call is read back; the first that fails stops the rest.`,
  risks: {
    first_access: "first access",
    gains_write: "gains write",
    gains_delete: "gains delete",
    widens_fields: "more fields",
    sensitive_fields: "sensitive fields",
  } satisfies Record<Risk, string>,
  hides: (n: number) => `hides ${count(n, "field", "fields")}`,
  checking: (deployment: string) => `Reading ${visible(deployment, 60)} once more`,
  checkingWhy: "Nothing is sent if it has changed since this draft was begun.",
  failed: "Nothing was saved.",
};

export const conflictText = {
  title: (label: string) => `${named(label)} has changed on the server`,
  why: "Nothing was sent. Somebody changed these rights since this draft was begun.",
  table: "What is different",
  name: "Name",
  column: "Right",
  base: "when the draft began",
  theirs: "on the server now",
  mine: "in your draft",
  rebase: "Take theirs as the new base",
  rebaseWhy: "Your changes stay and are reviewed again, against what the server has now.",
};

const DONE: Record<OperationView["state"], (n: number, deployment: string) => string> = {
  applying: (n, deployment) => `Saving ${changes(n)} to ${deployment}`,
  reading_back: (_, deployment) => `Reading back what ${deployment} stored`,
  done: (_, deployment) => `Verified: ${deployment} stores exactly this`,
  differs: (_, deployment) => `${deployment} stored something else`,
  stopped: () => "Stopped before the end",
  unknown: () => "It is not known whether the last call arrived",
};

export const resultText = {
  title: (state: OperationView["state"], calls: number, deployment: string) =>
    DONE[state](calls, visible(deployment, 60)),
  more: {
    applying: "Closing this is safe: the work goes on, and the status line leads back here.",
    reading_back: "Closing this is safe: the work goes on, and the status line leads back here.",
    done: "Every call was read back and compared.",
    differs: "Every call was answered, but what was read back is not what was sent.",
    stopped: "The calls after it were not sent.",
    unknown: "Nothing is sent again. It will be checked at the next complete list.",
  } satisfies Record<OperationView["state"], string>,
  progress: (done: number, total: number) => `${number(done)} of ${count(total, "call", "calls")} applied`,
  steps: "Calls",
  outcomes: {
    waiting: "waiting",
    sending: "sending",
    applied: "applied",
    refused: "refused",
    unknown: "not known",
  } satisfies Record<StepOutcome, string>,
  differences: "Cells that differ",
  before: "before",
  stored: "stored",
  wanted: "asked for",
  undo: "Undo this change",
  undoPart: "Undo what was applied",
  undoWhy: "makes the opposite draft, for review",
  done: "Done",
  close: "Close",
  next: "Next unfinished change",
  dialog: (label: string) => `Change of ${named(label)}`,
};

/** "2 of 14 fields", "all", "none". */
export function rightWords(view: CellView, fields: string[] | null): string {
  const { word } = rightCell(view, fields);
  return view.state === "fields" && /\d of \d/.test(word) ? `${word} fields` : word;
}

/** How many known fields a narrowed right hides; 0 when it cannot be said. */
export function hidden(change: ReviewChange, fields: string[] | null): number {
  const { before, after } = change;
  if (change.tone !== "narrowed" || before.state !== "all" || after.state !== "fields") return 0;
  if (after.only === null) return after.except?.length ?? 0;
  return fields === null ? 0 : fields.filter((field) => !(after.only?.includes(field) ?? true)).length;
}

const ORDER: Tone[] = ["added", "widened", "changed", "narrowed", "removed"];

/** What the dialog counts: each tone that occurs, in the order of the list. */
export function tally({ changes }: Review): { tone: Tone; n: number }[] {
  return ORDER.map((tone) => ({ tone, n: changes.filter((change) => change.tone === tone).length })).filter(
    ({ n }) => n > 0,
  );
}

export function ordered({ changes }: Review): ReviewChange[] {
  return [...changes].sort((a, b) => ORDER.indexOf(a.tone) - ORDER.indexOf(b.tone));
}

/** Method and path of a call; a body, where the core tells it, stays behind the path. */
export function callParts(call: string): { method: string; rest: string } {
  const [method = "", ...rest] = call.split(" ");
  return { method, rest: rest.join(" ") };
}
