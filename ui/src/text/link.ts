import type { LinkStep, PlaceClass, StepName } from "../ipc/generated/ipc";
import { visible } from "./draw/hidden";
import { count } from "./time";

/** Adding, editing and removing a deployment. */
export const link = {
  add: "Add deployment",
  addTitle: "Add a deployment",
  editTitle: (name: string) => `Edit ${visible(name, 80)}`,
  addNamed: (name: string) => (name.trim() === "" ? "Add deployment" : `Add ${visible(name.trim(), 32)}`),
  adding: (name: string) => (name.trim() === "" ? "Adding…" : `Adding ${visible(name.trim(), 32)}…`),
  save: (name: string) => `Save ${visible(name.trim(), 32)}`,
  saving: "Saving…",
  test: "Test connection",
  testing: "Testing…",
  remove: "Remove…",
  added: (name: string) => `${visible(name, 60)} added`,
  saved: (name: string) => `${visible(name, 60)} saved`,
  removed: (name: string) => `${visible(name, 60)} removed`,
  footAdd: "Tested before it is saved. Nothing changes on the server.",
  loading: "Loading",

  provider: "Provider",
  name: "Name",
  namePlaceholder: "shop-eu",
  environment: "Environment",
  address: "Address",
  credential: "Credential",
  credentialOf: (word: string) => word.charAt(0).toUpperCase() + word.slice(1),
  paste: "Paste from clipboard",
  typed: (word: string) => `or type the ${word}`,
  typedLabel: (word: string) => `Type the ${word}`,
  taken: "taken, hidden",
  fingerprint: (hex: string) => `SHA-256 ${hex.slice(0, 8)}…${hex.slice(-4)}`,
  cleared: "Clipboard cleared",
  notCleared: "The clipboard has changed meanwhile and was left alone",
  replace: "Replace",
  savedStays: "The saved one stays.",
  savedNeeded: "A new address or trust needs it again: the saved one goes only where it was saved for.",

  tls: "Encryption",
  tlsSummary: (own: boolean, minimum: string, plain: boolean) =>
    plain ? "None, on this machine only" : `${own ? "Own authority" : "System’s authorities"}, ${minimum} or newer`,
  trust: "Trust",
  trustSystem: "What this system trusts",
  trustOwn: "Only this authority",
  pem: "Certificate authority, PEM",
  pemPlaceholder: "-----BEGIN CERTIFICATE-----",
  minimum: "At least",
  minimums: { tls12: "TLS 1.2", tls13: "TLS 1.3" },
  plain: "Allow http:// to this machine",

  missing: {
    name: "Give it a name.",
    environment: "Choose what it is for.",
    url: "Give its address.",
    credential: "Paste or type the credential.",
  },

  steps: "Connection test",
  stepsLive: (done: number, total: number) => `Step ${done} of ${total}`,
  stepsOk: "The connection works.",
  stepsFailed: "The connection does not work yet.",

  edit: (name: string) => `Edit ${visible(name, 80)}`,
  editCommand: (name: string) => `Edit ${visible(name, 80)}…`,
  removeCommand: (name: string) => `Remove ${visible(name, 80)}…`,
  addCommand: "Add a deployment…",
};

export const removal = {
  title: (name: string) => `Remove ${visible(name, 80)}`,
  goes: "What goes",
  stays: "What stays",
  keys: (keys: number, resources: number) =>
    `${count(keys, "key", "keys")} and ${count(resources, "resource", "resources")} in the local copy`,
  credential: "The saved credential, for good",
  secrets: (n: number) => `${count(n, "sealed value", "sealed values")} of keys made here, for good`,
  server: "Every key on the server: nothing is revoked there",
  audit: "What the audit log says of it",
  confirm: (name: string) => `Type ${visible(name, 80)} to confirm`,
  button: (name: string) => `Remove ${visible(name, 32)}`,
  busy: "Removing…",
};

export const stepNames: Record<StepName, string> = {
  address: "Address",
  connection: "Connection and certificate",
  log_in: "Log-in",
  list_keys: "May list keys",
  server: "Kind of server",
  known: "Not added before",
};

export const STEPS = Object.keys(stepNames) as StepName[];

export const stepStates: Record<LinkStep["state"] | "waiting" | "running", string> = {
  ok: "ok",
  warning: "note",
  failed: "failed",
  skipped: "not tried",
  waiting: "waiting",
  running: "under way",
};

const places: Record<PlaceClass, string> = {
  loopback: "this machine",
  link_local: "link-local network",
  private: "private network",
  public: "internet",
};

/** What a step found, in a few words. */
export function found({ detail }: Pick<LinkStep, "detail">): string {
  switch (detail?.kind) {
    case undefined:
      return "";
    case "address": {
      const where = detail.places.map(({ ip, class: kind }) => `${ip}, ${places[kind]}`).join(" · ");
      return detail.international ? `asked for as ${detail.host} · ${where}` : where;
    }
    case "connection":
      return detail.encrypted ? "encrypted, certificate trusted" : "not encrypted, on this machine";
    case "keys":
      return count(detail.count, "key", "keys");
    case "server":
      return detail.facts
        .flatMap(({ name, value }) => (value.kind === "text" ? [`${name} ${value.text}`] : []))
        .join(" · ");
  }
}
