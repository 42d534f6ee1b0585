import type { PlannedCall, Purpose, RotationPlan, Stage } from "../../ipc/generated/ipc";
import { visible } from "../draw/hidden";
import { count, number } from "../time";
import { key } from "./steps";

const place = (name: string) => visible(name, 60);

/** Minutes as people say them: "24 h", "3 d", "45 min", "no wait". */
export function minutes(n: number): string {
  if (n === 0) return "no wait";
  if (n % 1440 === 0 && n >= 2880) return `${number(n / 1440)} d`;
  return n % 60 === 0 ? `${number(n / 60)} h` : `${number(n)} min`;
}

export const planText = {
  title: (purpose: Purpose, label: string) =>
    ({ create: `New key ${key(label)}`, rotate: `Rotate ${key(label)}`, revoke: `Revoke ${key(label)}` })[purpose],
  reading: (name: string) => `Reading ${place(name)} afresh`,
  readingWhy: "The plan is made from what the server has now, not from the copy.",
  lead: {
    create: "Nothing has been sent yet. This is what will be.",
    rotate: "Read afresh just now. Nothing has been changed yet. This is what will be.",
    revoke: "Read afresh just now. Nothing has been changed yet. This is what will be.",
  } satisfies Record<Purpose, string>,
  refused: "This cannot be begun.",
  facts: "What the plan rests on",
  key: "Key",
  newKey: "New key",
  rights: "Rights",
  cells: (cells: number, rules: number) =>
    `${count(cells, "right", "rights")}${rules === 0 ? "" : `, ${count(rules, "of them a field rule", "of them field rules")}`}`,
  noCells: "none at all",
  snapshot: "Snapshot",
  secret: "Old secret",
  secretHeld: "at hand: its death can be shown",
  secretNot: "not at hand: that it is gone from the list is all that can be proved, grade B",
  id: "Id",
  fingerprint: "Fingerprint",
  unknown: "the server does not say",
  budget: "Requests",
  budgetOf: (needed: number, most: number | null) =>
    most === null
      ? `about ${number(needed)}; the server does not say how many it allows`
      : `about ${number(needed)} of ${number(most)} a minute`,
  answer: "A lost answer",
  lossless: "loses nothing: the secret is chosen here and sealed before it is sent",
  lossy: "may cost one attempt: the server makes the secret. A key left behind is found by its mark",
  calls: (n: number) => (n === 1 ? "1 call" : `${count(n, "call", "calls")}, each at its step`),
  permanent: "permanent",
  stages: {
    create: "Create",
    equip: "Create",
    pause: "Pause",
    revoke: "Revoke",
  } satisfies Record<Stage, string>,
  pauseNot: (why: string) => `The old key is not paused before it is revoked: ${lower(why)}.`,
  pauseWasNot: (why: string) => `It was left out: ${lower(why)}.`,
  soak: "Watch the old key for",
  soakWhy: "After the switch is confirmed. Counted on while Keystead is closed; it can be cut short.",
  soaks: {
    usual: "as usual here",
    none: "no wait",
    hour: "1 h",
    day: "24 h",
    days: "3 d",
    week: "7 d",
  },
  emergency: "This key has leaked",
  emergencyWhy:
    "The old key may be revoked once the new secret is delivered: neither the confirmed switch nor the wait is required. Applications that still use it stop working then.",
  undoTitle: "What cannot be undone",
  undo: {
    rotate: "Step 8, Revoke, and nothing before it. It asks for the key’s name.",
    revoke: "The revocation itself. It asks for the key’s name. No call brings the key back.",
    create: "Nothing: the new key can be revoked again until you finish.",
  } satisfies Record<Purpose, string>,
  begin: { create: "Create the key", rotate: "Begin the rotation", revoke: "Go on to Revoke" } satisfies Record<
    Purpose,
    string
  >,
  beginning: "Beginning…",
  beginNote: {
    create: "makes the key on the server",
    rotate: "makes the new key; the old one is untouched",
    revoke: "sends nothing yet: the typed confirmation follows",
  } satisfies Record<Purpose, string>,
  cancel: "Cancel",
  back: "Change it",
  again: "Read again",
};

const lower = (text: string) => {
  const said = visible(text.replace(/\.$/, ""), 300);
  return said.charAt(0).toLowerCase() + said.slice(1);
};

/** Calls in one line each, the step they belong to, and whether they end something for good. */
export function stageOf(call: PlannedCall): { word: string; permanent: boolean } {
  return { word: planText.stages[call.stage], permanent: call.permanent };
}

/** The plan's label: the key that is meant. */
export function planLabel(plan: RotationPlan): string {
  return plan.old_label ?? plan.new_label ?? "";
}

/** The form of a new key. */
export const formText = {
  title: (name: string) => `New key on ${place(name)}`,
  label: "Label",
  labelPlaceholder: "billing-worker",
  labelHint: "How the key is told apart; no other key of the deployment may have it.",
  description: "Description",
  descriptionPlaceholder: "What it is for, and whom to ask",
  rights: "Rights",
  like: "Like key",
  likeNone: "None",
  likeHint: "Type the name of a key to begin with its rights",
  likeWord: (label: string) => `Begin with the rights of ${key(label)}`,
  likeFrom: (label: string) => `Rights as ${key(label)} has them`,
  likeNoMatch: "No key of this deployment has that name.",
  likeClear: "Begin with no rights",
  allowed: (n: number) => (n === 0 ? "Nothing is allowed yet" : `${count(n, "right", "rights")} allowed`),
  missing: "Give it a label.",
  whyNot: "No key can be made here.",
  next: "Review the plan",
  cancel: "Cancel",
  filter: (n: number) => `Filter ${count(n, "row", "rows")}`,
  note: "Nothing is sent before you have seen every call.",
  nothing: "The deployment lists nothing that a key could have rights on.",
  grid: "Rights of the new key",
};
