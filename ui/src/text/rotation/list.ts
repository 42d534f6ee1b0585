import type { RotationRow } from "../../ipc/generated/ipc";
import { visible } from "../draw/hidden";
import { environments } from "../en";
import { count, number, spoken } from "../time";
import { key, purposes, stateWord } from "./steps";

/** The list of operations, and the ways into one. */
export const listText = {
  title: "Rotations",
  nav: "Rotations",
  navWaiting: (n: number) => `Rotations, ${n === 1 ? "1 waits" : `${number(n)} wait`} for you`,
  search: "Search",
  searchLabel: "Search rotations by key or deployment",
  show: "Which ones",
  steps: "Steps",
  shows: { open: "Open", waiting: "Wait for you", all: "All" },
  columns: {
    label: "Key",
    purpose: "What",
    state: "Where it stands",
    deployment: "Deployment",
    began: "Began",
    grade: "Grade",
  },
  emergency: "emergency",
  waits: "waits for you",
  empty: "No key has been rotated yet",
  emptyWhy:
    "A rotation makes a key with exactly the same rights, proves that it works, waits until your applications use it, and proves that the old one is dead. Open a key in the list and choose Rotate. Until step 8 everything can be taken back.",
  emptyButton: "Go to the keys",
  nothing: "Nothing to show",
  nothingOpen: "Nothing is under way. What has ended is under “All”.",
  nothingWaits: "Nothing waits for you.",
  nothingMatches: (text: string) => `Nothing has “${visible(text, 60)}” in its name.`,
  all: "Show all",
  count: (shown: number, all: number) =>
    shown === all
      ? count(all, "operation", "operations")
      : `${number(shown)} of ${count(all, "operation", "operations")}`,
  waiting: (n: number) => (n === 1 ? "1 waits for you" : `${number(n)} wait for you`),

  rotate: "Rotate…",
  revoke: "Revoke…",
  create: "New key…",
  goTo: "Go to the rotations",
  rotateKey: (label: string) => `Rotate ${key(label)}…`,
  revokeKey: (label: string) => `Revoke ${key(label)}…`,
  createOn: (name: string) => `New key on ${visible(name, 80)}…`,
  showOne: (row: Pick<RotationRow, "label" | "purpose">) =>
    `Show the ${purposes[row.purpose].toLowerCase()} of ${key(row.label)}`,
  gone: "The server no longer has this key",
  admin: "An admin key: the provider makes and rotates one of them itself, and no call tells which",
  busy: "A rotation of this key is under way",

  which: "On which deployment?",
  whichWhy: "A key belongs to one deployment.",
};

/** The row as a sentence, for a screen reader. */
export function rotationSentence(row: RotationRow, now: number): string {
  const parts = [
    row.label === "" ? "no label" : visible(row.label),
    purposes[row.purpose].toLowerCase(),
    row.emergency ? listText.emergency : "",
    stateWord(row.state, row.purpose),
    row.waits_for_you ? listText.waits : "",
    `on ${visible(row.deployment_name)}`,
    environments[row.environment],
    `began ${spoken(now - row.began_at)} ago`,
    row.grade === null ? "" : `grade ${row.grade}`,
  ];
  return parts.filter((part) => part !== "").join(", ");
}
