import type {
  CellView,
  DeploymentView,
  Environment,
  Expiry,
  KeyRow,
  KeySort,
  RightsSummary,
} from "../ipc/generated/ipc";
import { count, date, exact, number, relative, span, spoken } from "./time";
import { visible } from "./draw/hidden";

export const t = {
  product: "Keystead",
  keys: "Keys",
  allKeys: "All keys",
  search: "Search or filter",
  searchLabel: "Search keys",
  clearSearch: "Clear the search",
  noLabel: "(no label)",
  gone: "gone",
  admin: "admin",
  never: "never",
  none: "–",
  tryAgain: "Try again",
  copyDetails: "Copy details",
  copied: "Details copied",
  copyFailed: "The details could not be copied.",
  dismiss: "Dismiss",
  cancel: "Cancel",
  close: "Close",
  closePanel: "Close the panel",
  resizePanel: "Width of the panel",
  statusLine: "Status",
  palette: "Commands",
  paletteHint: "Go to a deployment or run a command",
  paletteEmpty: "No command has all of these words.",
  shortcuts: "Keyboard shortcuts",
  refreshing: "Syncing",
  cancelSync: "Cancel the sync",
  loading: "Loading",
  masked: "secret, hidden",
  noDeployments: "No deployments",
  noneYet: "None yet",
  deploymentsLabel: "Deployments",
  sampleProfile: "Sample profile: secrets are sealed with a key kept in a file",

  keyCount: (n: number) => count(n, "key", "keys"),
  deploymentCount: (n: number) => count(n, "deployment", "deployments"),
  // Keys that are gone from their server are listed, and not counted.
  countOf: (shown: number, all: number) =>
    shown >= all ? count(all, "key", "keys") : `${number(shown)} of ${count(all, "key", "keys")}`,
  progress: (done: number, total: number) => (total > 0 ? `${number(done)} of ${number(total)}` : number(done)),
  syncedAgo: (at: number, now: number) => `Synced ${relative(at, now)}`,
  neverSynced: "Never synced",
  notUpToDate: (n: number) =>
    n === 1 ? "1 deployment is not up to date" : `${number(n)} deployments are not up to date`,
  refreshTitle: (scope: string | null, at: number | null) =>
    `Sync ${scope ?? "all deployments"} (R). ${at === null ? "Never synced." : `Last: ${exact(at)}`}`,
  refreshName: (scope: string | null, shown: string) =>
    `Sync ${scope ?? "all deployments"}${shown === "Sync" ? "" : `, last: ${shown}`}`,
  refresh: "Sync",
  removeFilter: (word: string) => `Remove the filter ${word}`,
  refreshed: (n: number) => count(n, "key matches", "keys match"),
  paletteKey: (mac: boolean) => (mac ? "⌘K" : "Ctrl K"),
  paletteButton: (mac: boolean) => `${mac ? "⌘K" : "Ctrl K"}, commands`,
};

export const columns: Record<KeySort | "environment" | "notices", string> = {
  name: "Name",
  deployment: "Deployment",
  environment: "Environment",
  rights: "Rights",
  age: "Age",
  expires: "Expires",
  notices: "Notices",
};

export const environments: Record<Environment, string> = {
  production: "production",
  staging: "staging",
  development: "development",
  test: "test",
};

export const firstRun = {
  title: "Which keys do you answer for?",
  lead: "Keystead reads the keys and rights of your servers into a local copy. You search, compare and plan without a connection.",
  sampleTitle: "Try it with sample servers",
  sampleText:
    "Three servers on this machine with made-up keys: production, staging and development. Nothing leaves the machine.",
  sampleGet: ["Every key in one list", "Rights down to the field", "Works when a server is off"],
  sampleButton: "Start sample servers",
  sampleBusy: "Starting sample servers…",
  addTitle: "Add a deployment",
  addText: "A server that you manage. You will need its address and a credential that may list keys.",
  addVault: "First choose where the key is kept that seals its credential.",
  addButton: "Add a deployment",
  stays: "Everything stays on this machine. There is no account.",
  reads: "Nothing is sent to a server before you have seen the exact calls.",
  sealed: "The sample profile seals its secrets with a key that it keeps in a file.",
};

export const empty = {
  nothingMatches: "No key matches",
  nothingMatchesWhy: (filter: string) => `No key has ${filter}.`,
  clear: "Clear the filter",
  neverSynced: (name: string) => `${name} has never been synced`,
  neverSyncedWhy: "Its keys will be listed here after the first complete sync.",
  neverSyncedAll: "Nothing has been synced yet",
  neverSyncedAllWhy: "The keys of every deployment will be listed here after its first complete sync.",
  syncing: "Reading the keys",
  syncingWhy: "They will be listed here once the list is complete.",
  noKeys: (name: string) => `${name} has no keys`,
  noKeysAll: "There are no keys",
  noKeysWhy: "The last sync was complete and found none.",
  sync: (name: string | null) => `Sync ${name ?? "all deployments"}`,
};

/** What the list is narrowed to, as a clause: `the words “a b” in production`. */
export function filterClause(text: string, environment: Environment | null, deployment: string | null): string {
  const words = text.trim() === "" ? "" : `the words “${visible(text.trim(), 60)}”`;
  const places = [
    deployment === null ? "" : `on ${visible(deployment, 60)}`,
    environment === null ? "" : `in ${environments[environment]}`,
  ];
  const place = places.filter((part) => part !== "").join(" ");
  if (words === "") return `a place ${place}`;
  return place === "" ? words : `${words} ${place}`;
}

/** "16 read · 5 write", or with more actions "12 get · 17 create +2". */
export function rights(summary: RightsSummary, most = 2): string {
  const parts = summary.counts.map(({ action, count }) => `${number(count)} ${visible(action, 40)}`);
  if (parts.length === 0) return summary.admin ? "" : "no rights";
  const more = parts.length > most ? ` +${number(parts.length - most)}` : "";
  return parts.slice(0, most).join(" · ") + more;
}

/** All of it, with what a rule narrows to fields. */
export function allRights(summary: RightsSummary): string {
  const narrowed = summary.restricted > 0 ? `${number(summary.restricted)} narrowed to fields` : "";
  return [rights(summary, Infinity), narrowed].filter((part) => part !== "").join(", ");
}

export interface Worded {
  text: string;
  title: string;
  tone: "" | "dim" | "warning" | "danger";
}

const SOON = 7 * 24 * 3_600_000;

export function age(createdAt: number | null, now: number): Worded {
  if (createdAt === null) return { text: "–", title: "The server does not say when this key was created", tone: "dim" };
  return { text: span(now - createdAt), title: `Created ${exact(createdAt)}`, tone: "" };
}

export function expiry(expires: Expiry, now: number): Worded {
  switch (expires.kind) {
    case "unsupported":
      return { text: "–", title: "Keys on this server cannot expire", tone: "dim" };
    case "never":
      return { text: "never", title: "This key never expires", tone: "dim" };
    case "at":
      if (expires.at <= now) return { text: "expired", title: `Expired ${exact(expires.at)}`, tone: "danger" };
      return {
        text: span(expires.at - now),
        title: `Expires ${exact(expires.at)}`,
        tone: expires.at - now <= SOON ? "warning" : "dim",
      };
  }
}

/** The row as a sentence, for a screen reader. */
export function rowSentence(row: KeyRow, now: number): string {
  const parts = [
    row.label === "" ? "no label" : visible(row.label),
    row.gone_at === null ? "" : "gone from the server",
    `on ${visible(row.deployment_name)}`,
    environments[row.environment],
    row.rights.admin ? "admin" : "",
    allRights(row.rights),
    row.created_at === null ? "age unknown" : `${spoken(now - row.created_at)} old`,
    row.expires.kind === "at"
      ? row.expires.at <= now
        ? "expired"
        : `expires in ${spoken(row.expires.at - now)}`
      : row.expires.kind === "never"
        ? "never expires"
        : "",
    row.notices.length === 0 ? "" : count(row.notices.length, "notice", "notices"),
  ];
  return parts.filter((part) => part !== "").join(", ");
}

/** How far a deployment's copy can be trusted: its dot, and a word when it is not simply up to date. */
export interface Trust {
  dot: "filled" | "half" | "hollow";
  word: string | null;
  title: string;
}

const OFFLINE = new Set(["host_unreachable", "timed_out", "connection_broken"]);
const REFUSED = new Set(["credential_refused", "credential_lacks_rights", "certificate_refused"]);

export function trust(deployment: DeploymentView, now: number): Trust {
  const { freshness, failure, synced_at, not_before, syncing } = deployment;
  const since = synced_at === null ? "Never synced" : `Synced ${exact(synced_at)}`;
  const dot =
    freshness === "fresh"
      ? "filled"
      : freshness === "never"
        ? "hollow"
        : failure !== null && OFFLINE.has(failure.code)
          ? "hollow"
          : "half";
  if (syncing) return { dot, word: "syncing", title: since };
  if (not_before !== null && not_before > now) return { dot, word: `waits ${span(not_before - now)}`, title: since };
  if (freshness === "fresh") return { dot, word: null, title: since };
  if (freshness === "never") {
    return {
      dot,
      word:
        failure === null ? "never synced" : failure.code === "sync_cancelled" ? "never synced" : trouble(failure.code),
      title: since,
    };
  }
  // Below a minute there is no age worth a word.
  const old = synced_at === null || now - synced_at < 60_000 ? "" : ` ${span(now - synced_at)}`;
  return {
    dot,
    word: `${failure === null ? "copy" : trouble(failure.code)}${old}${failure === null ? " old" : ""}`,
    title: since,
  };
}

function trouble(code: string): string {
  if (OFFLINE.has(code)) return "offline";
  if (REFUSED.has(code)) return "refused";
  return "failed";
}

export const panel = {
  name: (label: string) => (label === "" ? "Key without a label" : visible(label)),
  active: "active",
  gone: "gone from the server",
  goneSince: (at: number, now: number) =>
    `The last complete list no longer had this key (${relative(at, now)}). It is kept here for the record.`,
  key: "Key",
  fingerprint: "Fingerprint",
  id: "Id",
  created: "Created",
  expires: "Expires",
  seen: "Last seen",
  goneAt: "Gone",
  noFingerprint: "not known: the server hides the value",
  noPrefix: "prefix not known",
  noId: "the server gives none",
  noCreated: "the server does not say",
  ago: (at: number, now: number) => relative(at, now),
  onDate: (at: number) => date(at),
  tabs: { rights: "Rights", limits: "Limits", life: "Life" },
  about: "What is known of this key",
  tabsLabel: "About this key",
  filterRights: "Filter",
  filterRightsLabel: "Filter the rights by name",
  noRights: "This key has no rights on anything by name.",
  noRightsMatch: (text: string) => `Nothing has “${visible(text, 60)}” in its name.`,
  adminAll: "This key may do everything. What is listed below does not narrow it.",
  missing: (short: boolean) => (short ? "missing" : "not on the server"),
  missingTitle: "The deployment’s own list does not have this name; the right is kept on the key",
  noFacts: "There is nothing to show here.",
  extras: (names: string[]) =>
    `${names.length === 1 ? "One more setting is" : `${number(names.length)} more settings are`} kept as the server sent ${names.length === 1 ? "it" : "them"}:`,
  rightsOf: (label: string) => `Rights of ${label === "" ? "this key" : visible(label)}`,
  resource: "Name",
};

export interface Cell {
  glyph: "none" | "all" | "some" | "same" | "locked";
  word: string;
  /** For tables with many columns. */
  short?: string;
  title: string;
}

/** What a cell of the rights table says; `fields` are all fields of the resource, when known. */
export function cell(view: CellView, fields: string[] | null): Cell {
  switch (view.state) {
    case "none":
      return { glyph: "none", word: "none", title: "" };
    case "all":
      return { glyph: "all", word: "all", title: "" };
    case "inherited":
      return { glyph: "same", word: "inherited", title: `Inherited from ${visible(view.from)}` };
    case "locked":
      return { glyph: "locked", word: "fixed", title: visible(view.why) };
    case "fields":
      return restricted(view.only, view.except, fields);
  }
}

function restricted(only: string[] | null, except: string[] | null, fields: string[] | null): Cell {
  const total = fields?.length ?? null;
  const lines = [listed("Only", only), listed("Not", except)].filter((line) => line !== "").join("\n");
  if (fields !== null && total !== null) {
    const open = fields.filter((field) => (only?.includes(field) ?? true) && !(except?.includes(field) ?? false));
    // A rule may name fields the resource does not list; then the rule's own count is the honest one.
    const strange = [...(only ?? []), ...(except ?? [])].some((field) => !fields.includes(field));
    if (!strange) {
      const word = `${number(open.length)} of ${number(total)}`;
      return {
        glyph: "some",
        word,
        short: `${number(open.length)}/${number(total)}`,
        title: `${word} fields\n${lines}`,
      };
    }
  }
  if (only !== null) {
    return { glyph: "some", word: count(only.length, "field", "fields"), short: number(only.length), title: lines };
  }
  const but = number(except?.length ?? 0);
  return { glyph: "some", word: `all but ${but}`, short: `−${but}`, title: lines };
}

function listed(word: string, names: string[] | null): string {
  if (names === null) return "";
  const shown = names.slice(0, 40).map((name) => visible(name, 80));
  if (names.length > 40) shown.push(`and ${number(names.length - 40)} more`);
  return `${word}: ${shown.join(", ")}`;
}

export const commands = {
  allKeys: "Go to all keys",
  deployment: (name: string) => `Go to ${visible(name, 80)}`,
  environment: (word: string) => `Go to everything in ${word}`,
  search: "Search keys",
  refreshAll: "Sync all deployments",
  refreshOne: (name: string) => `Sync ${visible(name, 80)}`,
  cancel: "Cancel the sync",
  clear: "Clear the filter",
  panel: (open: boolean) => (open ? "Close the panel" : "Open the panel"),
  theme: { system: "Theme: as the system", light: "Theme: light", dark: "Theme: dark" },
  shortcuts: "Keyboard shortcuts",
  now: "now",
};

/** The shortcut sheet, group by group: keys, meaning. `Mod` is ⌘ or Ctrl. */
export const sheet: { title: string; rows: [string[], string][] }[] = [
  {
    title: "Everywhere",
    rows: [
      [["Mod", "K"], "Commands"],
      [["/"], "Search"],
      [["R"], "Sync what is shown"],
      [["G"], "Rotations, and back to the keys"],
      [["N"], "New key"],
      [["Mod", "Shift", "L"], "Lock"],
      [["?"], "This sheet"],
      [["Esc"], "Close what is on top"],
    ],
  },
  {
    title: "List",
    rows: [
      [["↑", "↓"], "One row"],
      [["Page ↑", "Page ↓"], "One page"],
      [["Home", "End"], "First, last row"],
      [["Enter"], "Open the panel"],
      [["E"], "Edit the rights of the key"],
      [["O"], "Rotate the key"],
    ],
  },
  {
    title: "Rights",
    rows: [
      [["Space"], "The right: all, none, its rule again"],
      [["R", "W", "D", "A"], "The column that begins so, in this row"],
      [["N"], "None"],
      [["*"], "All"],
      [["Shift", "Space"], "The row"],
      [["Mod", "Space"], "The column of the rows shown"],
      [["Enter"], "The fields; back with Esc"],
      [["Alt", "↓"], "The next change"],
      [["Mod", "Z"], "Undo; with Shift redo"],
      [["Mod", "Enter"], "Review the changes"],
    ],
  },
  {
    title: "Panel",
    rows: [
      [["←", "→"], "Another tab, or the width of the panel from its edge"],
      [["Esc"], "Close the panel"],
    ],
  },
];
