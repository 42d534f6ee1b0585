import type { DeliveryView, Purpose, RotationView, Step } from "../../ipc/generated/ipc";
import { visible } from "../draw/hidden";
import { count, number, remaining } from "../time";
import { key, stepNames } from "./steps";

const place = (name: string) => visible(name, 60);

export const wizardText = {
  back: "Rotations",
  began: (view: Pick<RotationView, "purpose" | "emergency">, time: string) =>
    `${{ create: "New key", rotate: view.emergency ? "Emergency rotation" : "Planned rotation", revoke: "Revocation" }[view.purpose]}, began ${time}`,
  steps: "Steps",
  close: "Close for now",
  closeDone: "Close",
  goTo: (step: Step) => `Continue to ${stepNames[step]}`,
  look: (step: Step) => `Look at ${stepNames[step]}`,
  running: "Under way",
  runningWhy: "Closing is safe: the work goes on, and the list of rotations leads back here.",
  waits: "It waits, and goes on by itself.",
  unknownTitle: "It is not known what became of the last call.",
  unknownWhy: "Nothing is sent again blindly. Two complete lists tell what the server has.",
  orphanWhy: "Nothing is revoked without you.",
  lags: "The server says that the new key has not reached all of it yet.",
  lagsWhy: "Some of its nodes may still refuse the new secret. Check again before you go on.",
  honouredNot: "The server did not take the value that was chosen here.",
  honouredNotWhy: "It made its own, which is sealed now. A later lost answer could cost an attempt.",
  noSteps: "The one call gave everything; nothing else had to be set.",
  calls: "Calls",
  cards: {
    one: "One key, two secrets",
    only: "The key",
    old: "old",
    new: "new",
    key: "Key",
    fingerprint: "Fingerprint",
    id: "Id",
    created: "Created",
    state: "State",
    none: "–",
    stands: "Where this stands",
  },
  states: {
    active: "active",
    paused: "paused",
    pausing: "being paused",
    restoring: "being restored",
    partly: "partly paused",
    ending: "being revoked",
    unsure: "not known",
    gone: "revoked",
    soon: "not made yet",
  },
  rollBackNote: { create: "revokes the new key", rotate: "revokes the new key; the old one is untouched", revoke: "" },
  notBegun: "Nothing has been sent yet",
  safe: "Safe to close: what was begun goes on, after a restart too",
  abandonNote: "what is on the server stays as it is",
  shortNote: "The key has leaked: its old secret may be ended at once",
};

export const deliverText = {
  targets: "Targets",
  done: "Delivered",
  none: "Nothing is delivered yet.",
  file: "Into a file of variables",
  fileWhy: "Written whole or not at all, readable by you alone; a copy of what was there stays beside it.",
  choose: "Choose a file…",
  other: "Choose another…",
  variable: "Variable",
  preview: "Show what changes",
  write: (variable: string) => `Write ${visible(variable, 40)}`,
  writing: "Writing…",
  lines: "What changes in the file",
  fates: { kept: "stays", removed: "goes", added: "comes" },
  fresh: "The file is new.",
  existing: "A copy of the file is kept beside it.",
  versioned: "A version control system would take this file, or the copy that is kept of it.",
  versionedWhy:
    "Secrets would get into its history. Have it ignore both, for example with the line .env*, or choose another file.",
  kept: (n: number) => `${count(n, "line stays", "lines stay")} as ${n === 1 ? "it is" : "they are"}`,
  clipboard: "On the clipboard",
  clipboardWhy: "For half a minute, and out of its history. It is taken away then, if it still lies there.",
  copy: "Lay it on the clipboard",
  lies: (seconds: number) =>
    `On the clipboard for ${seconds === 1 ? "1 more second" : `${number(seconds)} more seconds`}`,
  cleared: "The clipboard was cleared.",
  notCleared: "The clipboard was not cleared: something else lay there, or the desktop refused.",
  person: "A person was told",
  personWhy: "You handed it over by means of your own, for example out of your secrets manager.",
  who: "Who was told",
  tell: "Note it",
  advice: "The provider’s advice",
  toFile: (variable: string, path: string) => `${visible(variable, 60)} in ${visible(path, 200)}`,
  backup: (path: string) => `copy of what was there: ${visible(path, 200)}`,
  toClipboard: "Laid on the clipboard",
  toPerson: (name: string) => `Told ${visible(name, 80)}`,
  another: "Deliver to another target",
};

export function deliveryWords(delivery: DeliveryView): string {
  switch (delivery.to) {
    case "env_file":
      return deliverText.toFile(delivery.variable, delivery.path);
    case "clipboard":
      return deliverText.toClipboard;
    case "person":
      return deliverText.toPerson(delivery.name);
  }
}

export const stepText = {
  adoptWho: "Who says so",
  adoptHint: "Your name, or of the one who told you. It stands on the certificate as attested, grade C.",
  adoptPlaceholder: "M. Kovač, Payments",
  confirmedBy: (name: string) => `Confirmed by ${visible(name, 80)}`,
  delivered: (n: number) => count(n, "delivery", "deliveries"),
  paused: "The old key is paused.",
  pausedWhy: "It keeps its secret and has no rights.",
  pausedNext: "Go on when nothing has broken; or give the rights back with one click.",
  wasPaused: "The old key was paused before its end.",
  notPaused: "The old key is not paused.",
  wasNotPaused: "The old key was not paused before its end.",
  pauseNext:
    "Pausing takes every right of the old key away and reads it back. Applications that still use it are refused, and can be helped at once.",
  skipTitle: "Go on without a pause?",
  skipText:
    "Nobody will notice an application that still uses the old key before it is revoked. The reason stands on the certificate.",
  skipWhy: "Reason",
  skipYes: "Go on without a pause",
  soakNot: "The wait has not begun.",
  soakNotWhy: "Its length was set in the plan. It is counted from when a pause is seen by every session.",
  soakLeft: (until: number, now: number) =>
    until - now < 60_000 ? "Less than a minute left" : `${remaining(until - now)} left`,
  soakUntil: (time: string) => `until ${time}`,
  soakOver: "The wait is over.",
  soakOverWhy: "Nothing stands between here and the end of the old key but your confirmation.",
  shortTitle: "Cut the wait short?",
  shortText:
    "The old key may be revoked at once then. An application that uses it seldom may not have been noticed yet.",
  shortYes: "Cut it short",
  revokeBefore:
    "Before the call, all of this is looked at again: the new key is verified, both keys are read from a complete list, and the rights are compared.",
  revokeOpen: (label: string) => `Revoke ${key(label, 32)}…`,
  finishUndelivered: "Finish without delivering",
  deathLead: "Until every one of these has passed, the old key does not count as dead.",
  certificate: "Show the certificate",
  grade: "Grade",
  issued: "This is what stays of it:",
  rolledBack: "The new key was revoked again, and nothing else was changed.",
  abandoned: "You ended it where it stood. Whatever is on the server was left as it is.",
  finished: "The key is in use. Its secret stays in the vault of this machine.",
  finishedUndelivered: "Nobody was given its secret. It stays in the vault of this machine.",
  leaveTitle: "Leave it as it is?",
  leaveText: ({ new: made, acts, state }: Pick<RotationView, "new" | "acts" | "state">) =>
    [
      `It ends here, without a certificate. Keys that are on the server stay there${
        made === null || made.fingerprint === null ? "" : ", the new one too"
      }.`,
      // Only where giving them back was tried: until then it cannot be left.
      ...(acts.includes("restore") || state === "restoring"
        ? ["The old key may be left without its rights, and a later rotation would copy only what it has then."]
        : []),
    ].join(" "),
  leaveYes: "Leave it as it is",
};

type End = "old" | "new" | "orphan";

/** The dialog that ends a key. */
export const endText = {
  title: (of: End, label: string) =>
    of === "new"
      ? `Revoke the new key ${key(label, 60)}`
      : of === "orphan"
        ? "Revoke the key left behind"
        : `Revoke ${key(label, 60)}`,
  permanent: "permanent",
  permanentWhy: (of: End, purpose: Purpose) =>
    of === "new"
      ? purpose === "rotate"
        ? "The new key ends for good. The old one stays as it was. Whoever has the new secret already is refused from then on."
        : "The key ends for good. Whoever has its secret already is refused from then on."
      : of === "orphan"
        ? "The key that an attempt left behind ends for good. Its value is lost, so nobody can be using it."
        : purpose === "rotate"
          ? "The old key ends for good. Applications that still use it are refused from then on. Only another key with the same rights can be made."
          : "The key ends for good. Applications that use it are refused from then on. No call brings it back.",
  name: "Name",
  id: "Id",
  fingerprint: "Fingerprint",
  deployment: "Deployment",
  unknown: "not known",
  type: (text: string) => `Type ${visible(text, 80)} to confirm`,
  button: (of: End, label: string) => (of === "orphan" ? "Revoke it for good" : `Revoke ${key(label, 32)} for good`),
  busy: "Revoking…",
  on: (name: string) => place(name),
};
