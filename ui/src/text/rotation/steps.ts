import type { Act, Purpose, Step, StepStatus } from "../../ipc/generated/ipc";
import { visible } from "../draw/hidden";

export const key = (label: string, limit = 80) => (label === "" ? "this key" : visible(label, limit));

export const stepNames: Record<Step, string> = {
  plan: "Plan",
  create: "Create",
  verify: "Verify",
  deliver: "Deliver",
  adopt: "Adopt",
  pause: "Pause",
  soak: "Soak",
  revoke: "Revoke",
  proof: "Proof",
};

export const statusWords: Record<StepStatus, string> = {
  done: "done",
  now: "now",
  ahead: "ahead",
  skipped: "skipped",
};

/** What a leak lets be left out, in the rail. */
export const inEmergency: Partial<Record<Step, string>> = { adopt: "optional", pause: "optional", soak: "optional" };

export const purposes: Record<Purpose, string> = { create: "New key", rotate: "Rotation", revoke: "Revocation" };

/** Where an operation stands, in the list. */
const STATES: Record<string, string | undefined> = {
  planned: "planned",
  creating: "creating the key",
  create_unknown: "not known whether it was made",
  create_refused: "refused",
  orphan: "a key is left behind",
  created: "created",
  equipping: "setting its rights",
  equipped: "to be verified",
  verified: "to be delivered",
  delivered: "to be adopted",
  adopted: "adopted",
  pausing: "pausing the old key",
  paused: "paused",
  restoring: "restoring the old key",
  soaking: "soaking",
  revoking: "revoking",
  revoke_unknown: "not known whether it was revoked",
  revoked: "to be proved",
  closed: "done",
  rolled_back: "rolled back",
  needs_you: "needs you",
  abandoned: "left as it was",
};

export function stateWord(state: string, purpose: Purpose): string {
  if (purpose === "create" && state === "delivered") return "delivered";
  if (purpose === "revoke" && state === "planned") return "to be confirmed";
  return STATES[state] ?? visible(state, 40);
}

const HEADINGS: Record<Step, Record<Purpose, string>> = {
  plan: { create: "The plan", rotate: "The plan", revoke: "The plan" },
  create: { create: "Create the key", rotate: "Create the new key", revoke: "" },
  verify: { create: "Verify the key", rotate: "Verify the new key", revoke: "" },
  deliver: { create: "Hand the secret over", rotate: "Deliver the new secret", revoke: "" },
  adopt: { create: "", rotate: "Confirm the switch", revoke: "" },
  pause: { create: "", rotate: "Pause the old key", revoke: "" },
  soak: { create: "", rotate: "Watch before the end", revoke: "" },
  revoke: { create: "", rotate: "Revoke the old key", revoke: "Revoke the key" },
  proof: { create: "Proof", rotate: "Proof", revoke: "Proof" },
};

export function heading(step: Step, purpose: Purpose, state: string): string {
  if (state === "closed") return purpose === "create" ? "The key is ready" : "Done, and proved";
  if (state === "rolled_back") return "Rolled back";
  if (state === "abandoned") return "Left as it was";
  return HEADINGS[step][purpose];
}

export const leads: Record<Step, string> = {
  plan: "",
  create:
    "The key is made by one call and gets the rest of its rights by the others. Its secret is sealed before anything else happens.",
  verify: "Read back from the vault and used against the server, without writing anything.",
  deliver: "The secret goes from the vault to where you choose, and never through this window.",
  adopt: "Say so when every application uses the new secret. From then on the old key can be taken out of use.",
  pause: "The old key loses its rights and keeps its secret. One click gives them back.",
  soak: "The old key is watched before it is ended. The time runs on while Keystead is closed.",
  revoke: "This ends the key for good. No call brings it back.",
  proof: "The server said that the key is gone. That is tried now.",
};

/** The button of an act, given where the operation stands. */
export function actWord(act: Act, state: string, purpose: Purpose): string {
  switch (act) {
    case "again":
      return AGAIN[state] ?? "Go on";
    case "verify":
      return "Verify now";
    case "deliver":
      return "Deliver";
    case "confirm":
      return "Confirm the switch";
    case "withdraw":
      return "Take the confirmation back";
    case "pause":
      return "Pause the old key";
    case "skip_pause":
      return "Do not pause…";
    case "restore":
      return "Restore its rights";
    case "begin_soak":
      return "Begin the wait";
    case "skip_soak":
      return "Cut the wait short…";
    case "revoke":
      return "Revoke…";
    case "roll_back":
      return purpose === "create" ? "Revoke it again…" : "Roll back…";
    case "revoke_orphan":
      return "Revoke the key left behind…";
    case "finish":
      return "Finish";
    case "abandon":
      return "Leave it as it is…";
  }
}

const AGAIN: Record<string, string | undefined> = {
  planned: "Create the key",
  create_refused: "Try again",
  create_unknown: "Ask the server again",
  revoke_unknown: "Ask the server again",
  revoked: "Prove it again",
  paused: "Check the pause",
  needs_you: "Go on where it stopped",
};

const CREATE: Step[] = ["plan", "create", "verify", "deliver"];

/** The rail before there is an operation, and in lists. */
export function stepsOf(purpose: Purpose): Step[] {
  if (purpose === "create") return CREATE;
  return purpose === "revoke" ? ["plan", "revoke", "proof"] : [...CREATE, "adopt", "pause", "soak", "revoke", "proof"];
}
