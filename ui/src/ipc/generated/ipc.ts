// Generated from src-tauri/crates/app/src/commands.rs by `make types`. Do not edit.

/**
 * How many resources an action is allowed on.
 */
export type ActionCount = { 
/**
 * The column's heading.
 */
action: string, 
/**
 * Resources on which it is allowed, wholly or in part.
 */
count: number, };

/**
 * What the window needs before anything else.
 */
export type AppState = { 
/**
 * The program's version.
 */
version: string, 
/**
 * The profile's name.
 */
profile: string, 
/**
 * The sample profile: only servers on this machine, data key in a file.
 */
sample: boolean, 
/**
 * How the window looks.
 */
settings: Settings, 
/**
 * Milliseconds since 1970, by the core's clock.
 */
now: number, };

/**
 * A part of the data that screens look at.
 */
export type Area = "deployments" | "keys" | "resources" | "settings" | "drafts" | "operations";

/**
 * A cell of the grid.
 */
export type CellView = { "state": "none" } | { "state": "all" } | { "state": "fields", 
/**
 * These only; an empty list is none at all.
 */
only: Array<string> | null, 
/**
 * All but these.
 */
except: Array<string> | null, } | { "state": "inherited", 
/**
 * The other column.
 */
from: string, } | { "state": "locked", 
/**
 * The reason.
 */
why: string, };

/**
 * Every error and notice that the core can name.
 */
export type Code = "bad_request" | "unknown_command" | "internal" | "profile_in_use" | "data_folder_unusable" | "database_newer" | "database_damaged" | "disk_full" | "audit_unwritable" | "vault_key_missing" | "vault_key_wrong" | "deployment_unknown" | "key_unknown" | "url_refused" | "plain_http_refused" | "not_loopback" | "certificate_refused" | "host_unreachable" | "timed_out" | "connection_broken" | "credential_refused" | "credential_lacks_rights" | "rate_limited" | "server_failed" | "redirect_refused" | "reply_not_json" | "reply_encoded" | "reply_too_large" | "reply_malformed" | "wrong_server" | "request_refused" | "key_id_unusable" | "key_unidentified" | "label_cut" | "label_hidden_characters" | "label_empty" | "sync_cancelled" | "samples_failed";

/**
 * A column of the grid, in the adapter's order.
 */
export type Column = { 
/**
 * The action's word in the database.
 */
action: string, 
/**
 * The heading, drawn verbatim.
 */
title: string, };

/**
 * A deployment in the sidebar.
 */
export type DeploymentView = { 
/**
 * Local id.
 */
id: string, 
/**
 * The name that a person gave it.
 */
name: string, 
/**
 * What it is for.
 */
environment: Environment, 
/**
 * The provider's name as it spells itself, drawn verbatim.
 */
provider: string, 
/**
 * Host and port.
 */
host: string, 
/**
 * Keys that the last complete list had.
 */
keys: number, 
/**
 * How far the copy can be trusted.
 */
freshness: Freshness, 
/**
 * A synchronisation is under way.
 */
syncing: boolean, 
/**
 * The last complete list, ms since 1970.
 */
synced_at: number | null, 
/**
 * Why the last try failed; `null` when it went well.
 */
failure: Failure | null, 
/**
 * The server asked to wait until then, ms since 1970.
 */
not_before: number | null, 
/**
 * What the server said of itself, in the adapter's words.
 */
facts: Array<Fact>, };

/**
 * Nothing to say.
 */
export type Empty = Record<symbol, never>;

/**
 * What a deployment is for. Always shown as colour *and* word.
 */
export type Environment = "production" | "staging" | "development" | "test";

/**
 * One thing that happened.
 */
export type Event = { "kind": "changed", 
/**
 * What changed.
 */
area: Area, 
/**
 * Grows with every commit since the program started.
 */
revision: number, } | { "kind": "progress", 
/**
 * What kind of work: `sync`.
 */
task: string, 
/**
 * For which deployment.
 */
deployment: string, 
/**
 * Steps behind it.
 */
done: number, 
/**
 * All its steps.
 */
total: number, } | { "kind": "attention", 
/**
 * What.
 */
failure: Failure, } | { "kind": "locked" };

/**
 * When a key ends.
 */
export type Expiry = { "kind": "at", 
/**
 * Milliseconds since 1970.
 */
at: number, } | { "kind": "never" } | { "kind": "unsupported" };

/**
 * One line of "name: value". The words are the adapter's and are drawn verbatim.
 */
export type Fact = { 
/**
 * What it is about, for example "Version".
 */
name: string, 
/**
 * The value, or why there is none.
 */
value: FactValue, };

/**
 * The value of a [`Fact`]. "The server does not say" is an answer.
 */
export type FactValue = { "kind": "text", 
/**
 * Drawn as it is.
 */
text: string, } | { "kind": "time", 
/**
 * Milliseconds since 1970.
 */
at: number, } | { "kind": "unknown", 
/**
 * The reason, a short clause such as "the server does not say".
 */
why: string, };

/**
 * What the screen gets instead of an answer.
 */
export type Failure = { 
/**
 * Which.
 */
code: Code, 
/**
 * What its sentence mentions. Never a secret, never foreign text.
 */
params: { [key in string]: string }, };

/**
 * How far a deployment's copy can be trusted.
 */
export type Freshness = "never" | "fresh" | "stale";

/**
 * One key in the side panel.
 */
export type KeyDetail = { 
/**
 * What the list shows.
 */
row: KeyRow, 
/**
 * The provider's name, drawn verbatim.
 */
provider: string, description: string, 
/**
 * The server's id.
 */
remote_id: string | null, 
/**
 * SHA-256 of its secret, hex.
 */
fingerprint: string | null, 
/**
 * The part of its secret that may be shown.
 */
prefix: string | null, 
/**
 * The first complete list that had it, ms since 1970.
 */
first_seen: number, 
/**
 * The last complete list that had it, ms since 1970; `null` when it is gone.
 */
seen_at: number | null, 
/**
 * Why the server's keys have no end; `null` where they can have one.
 */
no_expiry: string | null, 
/**
 * Tab "Limits": each with its value or the reason why there is none.
 */
limits: Array<Fact>, 
/**
 * Tab "Life": likewise.
 */
life: Array<Fact>, columns: Array<Column>, 
/**
 * Rows of its rights grid.
 */
resources: number, 
/**
 * Members that the adapter does not understand; kept, shown by name.
 */
extras: Array<string>, };

/**
 * A part of the list.
 */
export type KeyPage = { rows: Array<KeyRow>, 
/**
 * Matching keys before the first row.
 */
offset: number, 
/**
 * Keys that match.
 */
total: number, 
/**
 * All keys that the last complete lists had.
 */
all: number, };

/**
 * Names a key by its local id.
 */
export type KeyRef = { key: string, };

/**
 * A row of the key list.
 */
export type KeyRow = { 
/**
 * Local id.
 */
id: string, 
/**
 * The label, as the server has it.
 */
label: string, 
/**
 * Whose key it is: local id.
 */
deployment: string, 
/**
 * That deployment's name.
 */
deployment_name: string, 
/**
 * That deployment's environment.
 */
environment: Environment, 
/**
 * Its rights in one line.
 */
rights: RightsSummary, 
/**
 * When the server made it, ms since 1970.
 */
created_at: number | null, 
/**
 * When it ends.
 */
expires: Expiry, 
/**
 * Set when the last complete list no longer had the key, ms since 1970.
 */
gone_at: number | null, 
/**
 * What a person should know about it.
 */
notices: Array<Failure>, };

/**
 * What the list sorts by.
 */
export type KeySort = "name" | "deployment" | "rights" | "age" | "expires";

/**
 * Which keys, in which order, which part of them.
 */
export type KeysQuery = { 
/**
 * Words that must all occur in label, description, id, prefix or deployment name.
 */
text: string, 
/**
 * Of this deployment only.
 */
deployment: string | null, 
/**
 * Of this environment only.
 */
environment: Environment | null, 
/**
 * What the list sorts by.
 */
sort: KeySort, 
/**
 * The other way round.
 */
descending: boolean, 
/**
 * Matching keys to skip.
 */
offset: number, 
/**
 * At most 200.
 */
limit: number, };

/**
 * A resource's fields.
 */
export type ResourceFields = { 
/**
 * `null` when the server cannot be asked now and nobody asked before.
 */
fields: Array<string> | null, };

/**
 * Names a resource of a deployment.
 */
export type ResourceRef = { deployment: string, resource: string, };

/**
 * A part of a key's rights grid.
 */
export type RightsPage = { rows: Array<RightsRow>, offset: number, 
/**
 * Rows that match.
 */
total: number, };

/**
 * Which part of a key's rights grid.
 */
export type RightsQuery = { key: string, 
/**
 * Part of a resource's name.
 */
text: string, offset: number, 
/**
 * At most 200.
 */
limit: number, };

/**
 * One resource of a key's grid.
 */
export type RightsRow = { 
/**
 * Its name on the server.
 */
resource: string, 
/**
 * The adapter's word for its kind, for example "collection".
 */
kind: string, 
/**
 * False when the deployment's own list does not have it.
 */
exists: boolean, 
/**
 * A cell for each of the key's columns.
 */
cells: Array<CellView>, 
/**
 * All fields of the resource, when known.
 */
fields: Array<string> | null, };

/**
 * A key's rights in one line.
 */
export type RightsSummary = { 
/**
 * The key may do everything.
 */
admin: boolean, 
/**
 * On how many resources each action is allowed, in column order, zeros left out.
 */
counts: Array<ActionCount>, 
/**
 * Resources under a field rule.
 */
restricted: number, };

/**
 * What a person chose for the window.
 */
export type Settings = { 
/**
 * Light, dark, or what the system says.
 */
theme: Theme, 
/**
 * Width of the side panel, px.
 */
panel_width: number, 
/**
 * The side panel is open.
 */
panel_open: boolean, };

/**
 * One deployment, or all.
 */
export type SyncRequest = { deployment: string | null, };

/**
 * The colours of the window.
 */
export type Theme = "system" | "light" | "dark";

/** name: [effect, request, response] */
export type Commands = {
  app_state: ["read", Empty, AppState],
  deployments_list: ["read", Empty, Array<DeploymentView>],
  keys_list: ["read", KeysQuery, KeyPage],
  key_show: ["read", KeyRef, KeyDetail],
  key_rights: ["read", RightsQuery, RightsPage],
  resource_fields: ["write", ResourceRef, ResourceFields],
  sync_start: ["write", SyncRequest, Empty],
  sync_cancel: ["write", SyncRequest, Empty],
  settings_save: ["write", Settings, Settings],
  samples_open: ["write", Empty, Empty],
  draft_open: ["write", KeyRef, DraftView],
  draft_rows: ["read", DraftRowsQuery, DraftRows],
  draft_save: ["write", DraftSave, DraftView],
  draft_rebase: ["write", KeyRef, DraftView],
  rights_review: ["read", KeyRef, Review],
  rights_apply: ["write", ApplyRequest, Applied],
  operation_show: ["read", OperationRef, OperationView],
  operations_open: ["read", Empty, Array<OperationView>],
  operation_undo: ["write", OperationRef, DraftView],
};

export const EFFECTS: { [N in keyof Commands]: Commands[N][0] } = {
  app_state: "read",
  deployments_list: "read",
  keys_list: "read",
  key_show: "read",
  key_rights: "read",
  resource_fields: "write",
  sync_start: "write",
  sync_cancel: "write",
  settings_save: "write",
  samples_open: "write",
  draft_open: "write",
  draft_rows: "read",
  draft_save: "write",
  draft_rebase: "write",
  rights_review: "read",
  rights_apply: "write",
  operation_show: "read",
  operations_open: "read",
  operation_undo: "write",
};

// ---- seed for the rights editor; the same shapes are generated from the core later ----

export type CellEdit = { "state": "none" } | { "state": "all" } | { "state": "fields", only: Array<string> | null, except: Array<string> | null };

/** A key's rights open for editing. */
export type DraftView = {
  key: string, label: string, deployment_name: string, environment: Environment,
  columns: Array<DraftColumn>,
  /** Why nothing can be edited, drawn verbatim; null when it can. */
  why_not: string | null,
  /** Rows: every resource that the deployment lists or the key names. */
  total: number,
  /** Rows that the draft changes. */
  changed: number,
  /** When the draft was saved last, ms since 1970; null while there is none. */
  saved_at: number | null,
  /** The key changed on the server since the draft was begun. */
  stale: boolean,
  /** An operation on this key that is not finished, by id. */
  open_operation: string | null,
};
export type DraftColumn = { action: string, title: string,
  /** Why cells of this column cannot be edited, drawn verbatim; null when they can. */
  locked: string | null,
  /** Which field rules a cell of this column can carry. */
  only: boolean, except: boolean, };
export type DraftRowsQuery = { key: string, offset: number, limit: number, };
export type DraftRows = { rows: Array<DraftRow>, offset: number, total: number, };
export type DraftRow = { kind: string, resource: string, exists: boolean,
  /** As the server had it when the draft was begun. */
  base: Array<CellView>,
  /** As the draft wants it. */
  now: Array<CellView>,
  fields: Array<string> | null,
  /** Why this row cannot be edited; null when it can. */
  locked: string | null, };
export type DraftChange = { kind: string, resource: string, cells: Array<CellEdit>, };
/** Replaces the whole draft of a key; an empty list of changes discards it. */
export type DraftSave = { key: string, changes: Array<DraftChange>, };

export type Risk = "first_access" | "gains_write" | "gains_delete" | "widens_fields" | "sensitive_fields";
export type ReviewChange = { kind: string, resource: string, column: string, before: CellView, after: CellView,
  tone: "added" | "removed" | "narrowed" | "widened" | "changed", risks: Array<Risk>, };
export type Review = {
  changes: Array<ReviewChange>,
  /** Cells that stay as they are. */
  unchanged: number,
  /** The exact calls, method and path, in order. */
  calls: Array<string>,
  /** Stands for exactly this plan; given back to rights_apply. */
  plan: string,
};
export type ApplyRequest = { key: string, plan: string, };
export type Applied = { "kind": "started", operation: string } | { "kind": "conflict", cells: Array<ConflictCell> };
export type ConflictCell = { kind: string, resource: string, column: string, base: CellView, theirs: CellView, mine: CellView, };
export type OperationRef = { operation: string, };
export type OperationState = "applying" | "reading_back" | "done" | "differs" | "stopped" | "unknown";
export type OperationView = { id: string, key: string, label: string, deployment_name: string, environment: Environment,
  state: OperationState, steps: Array<StepView>,
  /** What the server stored instead, when it differs. */
  differences: Array<ConflictCell>,
  /** Why it stopped or is unknown. */
  failure: Failure | null,
  /** Undo makes the inverse draft. */
  can_undo: boolean, };
export type StepOutcome = "waiting" | "sending" | "applied" | "refused" | "unknown";
export type StepView = { call: string, resource: string, outcome: StepOutcome, failure: Failure | null, };
