// Generated from src-tauri/crates/app/src/commands.rs by `make types`. Do not edit.

/**
 * One thing that a person may do.
 */
export type Act = "again" | "verify" | "deliver" | "confirm" | "withdraw" | "pause" | "skip_pause" | "restore" | "begin_soak" | "skip_soak" | "revoke" | "roll_back" | "revoke_orphan" | "finish" | "abandon";

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
now: number, 
/**
 * Why no deployment can be added here; `null` where one can.
 */
no_vault: Failure | null, 
/**
 * Where its data key lives, and whether it is open.
 */
vault: VaultView, };

/**
 * What came of the wish to apply.
 */
export type Applied = { "kind": "started", 
/**
 * Its id.
 */
operation: string, } | { "kind": "conflict", 
/**
 * Where.
 */
cells: Array<ConflictCell>, };

/**
 * Applies what was reviewed.
 */
export type ApplyRequest = { key: string, 
/**
 * [`Review::plan`].
 */
plan: string, };

/**
 * A part of the data that screens look at.
 */
export type Area = "deployments" | "keys" | "resources" | "settings" | "drafts" | "operations";

/**
 * What a cell is to become.
 */
export type CellEdit = { "state": "none" } | { "state": "all" } | { "state": "fields", 
/**
 * These only; an empty list is none at all.
 */
only: Array<string> | null, 
/**
 * All but these.
 */
except: Array<string> | null, };

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
 * A certificate.
 */
export type CertificateView = { operation: string, 
/**
 * JSON, exactly as it was sealed.
 */
body: string, 
/**
 * SHA-256 of the body.
 */
hash: string, 
/**
 * The row of the audit log that carries it.
 */
audit_seq: number, made_at: number, seal: Seal, };

/**
 * What was tried.
 */
export type CheckKind = "sealed" | "authenticates" | "identified" | "rights_equal" | "own_rights" | "denied" | "negative_control" | "powerless" | "old_works" | "old_refused" | "old_session_refused" | "absent";

/**
 * One check with its evidence.
 */
export type CheckView = { kind: CheckKind, verdict: Verdict, mark: Mark, 
/**
 * Request and status, or figures; drawn verbatim.
 */
seen: string, at: number, };

/**
 * Every error and notice that the core can name.
 */
export type Code = "bad_request" | "unknown_command" | "internal" | "profile_in_use" | "data_folder_unusable" | "database_newer" | "database_damaged" | "disk_full" | "audit_unwritable" | "vault_key_missing" | "vault_key_wrong" | "deployment_unknown" | "key_unknown" | "url_refused" | "plain_http_refused" | "not_loopback" | "certificate_refused" | "host_unreachable" | "timed_out" | "connection_broken" | "credential_refused" | "credential_lacks_rights" | "rate_limited" | "server_failed" | "redirect_refused" | "reply_not_json" | "reply_encoded" | "reply_too_large" | "reply_malformed" | "wrong_server" | "request_refused" | "key_id_unusable" | "key_unidentified" | "label_cut" | "label_hidden_characters" | "label_empty" | "sync_cancelled" | "samples_failed" | "key_gone" | "operation_unknown" | "nothing_to_save" | "edit_refused" | "plan_outdated" | "changed_meanwhile" | "interrupted" | "no_vault" | "name_refused" | "name_taken" | "credential_unusable" | "credential_forgotten" | "credential_needed" | "clipboard_empty" | "clipboard_unreadable" | "authority_unreadable" | "origin_known" | "confirmation_wrong" | "vault_locked" | "keyring_unavailable" | "keyring_locked" | "keyring_silent" | "not_now" | "label_refused" | "value_lost" | "other_key_returned" | "marker_twice" | "attempts_spent" | "check_failed" | "stored_otherwise" | "revoke_guarded" | "key_missing" | "key_still_alive" | "file_refused" | "clipboard_unwritable" | "dialog_unavailable" | "certificate_unknown" | "passphrase_wrong" | "passphrase_too_short";

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
 * A cell in three views.
 */
export type ConflictCell = { kind: string, resource: string, column: string, base: CellView, theirs: CellView, mine: CellView, };

/**
 * What a new key's rights can be.
 */
export type CreateForm = { deployment: string, deployment_name: string, environment: Environment, columns: Array<DraftColumn>, 
/**
 * Every resource that the deployment lists, nothing allowed but what `like` may do.
 */
rows: Array<DraftRow>, 
/**
 * Why none can be made here; `null` when one can.
 */
why_not: string | null, 
/**
 * The provider's own advice, drawn verbatim.
 */
advice: Array<string>, };

/**
 * Names a deployment.
 */
export type CreateOn = { deployment: string, 
/**
 * The key whose rights are offered to begin with.
 */
like: string | null, };

/**
 * Where to.
 */
export type DeliverTo = { "to": "env_file", 
/**
 * [`PickedFile::handle`].
 */
file: string, 
/**
 * The variable's name.
 */
variable: string, 
/**
 * [`EnvPreview`]'s content.
 */
content: string, } | { "to": "clipboard" } | { "to": "person", 
/**
 * Who.
 */
name: string, };

/**
 * How the new secret was handed over.
 */
export type DeliveryView = { "to": "env_file", path: string, variable: string, backup: string | null, } | { "to": "clipboard" } | { "to": "person", name: string, };

/**
 * What was added.
 */
export type DeploymentAdded = { 
/**
 * Local id.
 */
deployment: string, };

/**
 * A deployment as it is to be.
 */
export type DeploymentEdit = { deployment: string, name: string, environment: Environment, link: LinkChoice, 
/**
 * Handle of an offered credential; `null` keeps the saved one.
 */
credential: string | null, };

/**
 * How a deployment is reached now.
 */
export type DeploymentLinkView = { 
/**
 * The provider's id.
 */
provider: string, link: LinkChoice, };

/**
 * A deployment to be added.
 */
export type DeploymentNew = { 
/**
 * 1–60 characters that no other deployment's name has.
 */
name: string, environment: Environment, 
/**
 * The provider's id.
 */
provider: string, link: LinkChoice, 
/**
 * Handle of the offered credential.
 */
credential: string, };

/**
 * Names a deployment by its local id.
 */
export type DeploymentRef = { deployment: string, };

/**
 * A removal, with the deployment's name as it was typed.
 */
export type DeploymentRemove = { deployment: string, confirmation: string, };

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
 * What one resource's cells are to become, in column order.
 */
export type DraftChange = { kind: string, resource: string, cells: Array<CellEdit>, };

/**
 * A column of the editor.
 */
export type DraftColumn = { action: string, title: string, 
/**
 * Why its cells cannot be edited, drawn verbatim; `null` when they can.
 */
locked: string | null, 
/**
 * A rule of "these fields only" can be set.
 */
only: boolean, 
/**
 * A rule of "all but these" can be set.
 */
except: boolean, };

/**
 * One row of the editor.
 */
export type DraftRow = { kind: string, resource: string, 
/**
 * False when the deployment's own list does not have it.
 */
exists: boolean, 
/**
 * As it was when the draft was begun.
 */
base: Array<CellView>, 
/**
 * As the draft wants it.
 */
now: Array<CellView>, 
/**
 * All fields of the resource, when known.
 */
fields: Array<string> | null, 
/**
 * Why this row cannot be edited; `null` when it can.
 */
locked: string | null, };

/**
 * A part of the editor's rows.
 */
export type DraftRows = { rows: Array<DraftRow>, offset: number, total: number, };

/**
 * Which part of the editor's rows.
 */
export type DraftRowsQuery = { key: string, offset: number, 
/**
 * At most 200.
 */
limit: number, };

/**
 * Replaces the whole draft of a key; an empty list of changes discards it.
 */
export type DraftSave = { key: string, changes: Array<DraftChange>, };

/**
 * A key's rights open for editing.
 */
export type DraftView = { key: string, label: string, deployment_name: string, environment: Environment, columns: Array<DraftColumn>, 
/**
 * Why nothing can be edited, drawn verbatim; `null` when it can.
 */
why_not: string | null, 
/**
 * Rows: every resource that the deployment lists or the key names.
 */
total: number, 
/**
 * Rows that the draft changes.
 */
changed: number, 
/**
 * When the draft was saved last, ms since 1970; `null` while there is none.
 */
saved_at: number | null, 
/**
 * The key changed since the draft was begun.
 */
stale: boolean, 
/**
 * An operation on this key that is not finished, by id.
 */
open_operation: string | null, };

/**
 * Nothing to say.
 */
export type Empty = Record<symbol, never>;

/**
 * What writing into a file would come to. Values are masked.
 */
export type EnvPreview = { 
/**
 * The file's path.
 */
path: string, 
/**
 * It is there already; a copy of it will be kept beside it.
 */
exists: boolean, 
/**
 * Its lines, and what becomes of them.
 */
lines: Array<PreviewLine>, 
/**
 * A version control system would take the file.
 */
versioned: boolean, 
/**
 * Stands for exactly this content; given back to write it.
 */
content: string, };

/**
 * A variable in a picked file.
 */
export type EnvTarget = { operation: string, 
/**
 * [`PickedFile::handle`].
 */
file: string, variable: string, };

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
failure: Failure, } | { "kind": "locked" } | { "kind": "clipboard", 
/**
 * It was taken away; else something else lay there already, or the desktop refused.
 */
cleared: boolean, };

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
 * How well a rotation, a creation or a revocation is proved.
 */
export type Grade = "A" | "B" | "C";

/**
 * Where the data key is, as the screen needs to know it.
 */
export type HomeWord = "unset" | "file" | "keyring" | "passphrase";

/**
 * One of the keys.
 */
export type KeyCard = { 
/**
 * Local id.
 */
key: string, label: string, id: string | null, fingerprint: string | null, prefix: string | null, created_at: number | null, };

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
 * What becomes of a line.
 */
export type LineFate = "kept" | "removed" | "added";

/**
 * How a deployment is reached, without its credential.
 */
export type LinkChoice = { url: string, trust: Trust, tls_minimum: TlsMinimum, 
/**
 * Plain http, to this machine only.
 */
allow_plain_loopback: boolean, };

/**
 * What a test of a link found.
 */
export type LinkReport = { 
/**
 * Nothing failed.
 */
ok: boolean, 
/**
 * All steps, in their order.
 */
steps: Array<LinkStep>, };

/**
 * One step of a test.
 */
export type LinkStep = { name: StepName, state: StepState, 
/**
 * What it found.
 */
detail: StepDetail | null, 
/**
 * Why it failed, or what it warns of.
 */
failure: Failure | null, };

/**
 * A link to be tested.
 */
export type LinkTest = { 
/**
 * The provider's id.
 */
provider: string, link: LinkChoice, 
/**
 * Handle of an offered credential; `null` takes the one saved with `deployment`.
 */
credential: string | null, 
/**
 * Whose link it is to be, when it is not a new one.
 */
deployment: string | null, };

/**
 * How it is known.
 */
export type Mark = "shown" | "declared" | "attested";

/**
 * What the screen gets in a secret's place.
 */
export type Offered = { 
/**
 * What later requests name it by; good once, for ten minutes.
 */
handle: string, 
/**
 * The part of it that may be shown.
 */
prefix: string | null, 
/**
 * SHA-256 of it, hex; `null` for one so short that a person may have chosen it.
 */
fingerprint: string | null, 
/**
 * Whether the clipboard that it came from was emptied of it; `null` when it came another way.
 */
clipboard_cleared: boolean | null, };

/**
 * Names an operation.
 */
export type OperationRef = { operation: string, };

/**
 * What was begun.
 */
export type OperationStarted = { operation: string, };

/**
 * Where an operation stands.
 */
export type OperationState = "applying" | "reading_back" | "done" | "differs" | "stopped" | "unknown";

/**
 * An operation as the screen shows it.
 */
export type OperationView = { id: string, key: string, label: string, deployment_name: string, environment: Environment, state: OperationState, steps: Array<StepView>, 
/**
 * What the server stored instead, when it differs.
 */
differences: Array<ConflictCell>, 
/**
 * Why it stopped or is unknown.
 */
failure: Failure | null, 
/**
 * Undo makes the inverse draft.
 */
can_undo: boolean, };

/**
 * What it is, with what it takes.
 */
export type PersonAct = { "act": "again" } | { "act": "verify" } | { "act": "confirm", 
/**
 * Who.
 */
by: string, } | { "act": "withdraw" } | { "act": "pause" } | { "act": "skip_pause", 
/**
 * The reason.
 */
why: string, } | { "act": "restore" } | { "act": "begin_soak" } | { "act": "skip_soak" } | { "act": "finish" } | { "act": "abandon" };

/**
 * A file that a person picked.
 */
export type PickedFile = { 
/**
 * What later requests name it by; `null` when the person changed their mind.
 */
handle: string | null, 
/**
 * Its path, to show.
 */
path: string | null, };

/**
 * One address that a name leads to.
 */
export type Place = { ip: string, class: PlaceClass, };

/**
 * How far away an address is.
 */
export type PlaceClass = "loopback" | "link_local" | "private" | "public";

/**
 * A call of the plan.
 */
export type PlannedCall = { stage: Stage, 
/**
 * Method and path.
 */
call: string, 
/**
 * It cannot be taken back.
 */
permanent: boolean, };

/**
 * A line as it is shown: never with a value.
 */
export type PreviewLine = { fate: LineFate, text: string, };

/**
 * A kind of server that can be added, in the adapter's words.
 */
export type ProviderChoice = { 
/**
 * The word in later requests.
 */
id: string, 
/**
 * Its name as it spells itself.
 */
name: string, 
/**
 * What its credential is called.
 */
credential: string, 
/**
 * Where that is found, one sentence.
 */
credential_found: string, 
/**
 * What an address looks like.
 */
url_example: string, 
/**
 * The oldest TLS to speak when nobody chose.
 */
tls_minimum: TlsMinimum, };

/**
 * What it is for. All three are the same machine; a creation has no old key, a revocation no new one.
 */
export type Purpose = "create" | "rotate" | "revoke";

/**
 * One step of the rail.
 */
export type RailStep = { step: Step, status: StepStatus, 
/**
 * When it was done.
 */
at: number | null, 
/**
 * It cannot be taken back.
 */
permanent: boolean, };

/**
 * What a removal takes away.
 */
export type RemovePreview = { name: string, environment: Environment, 
/**
 * Host and port.
 */
host: string, 
/**
 * Keys in the local copy, those included that have left the server.
 */
keys: number, 
/**
 * Resources in the local copy.
 */
resources: number, 
/**
 * Sealed values of keys that Keystead made.
 */
secrets: number, };

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
 * What a draft comes to.
 */
export type Review = { changes: Array<ReviewChange>, 
/**
 * Cells that stay as they are.
 */
unchanged: number, 
/**
 * The exact calls, method and path, in order.
 */
calls: Array<string>, 
/**
 * Stands for exactly this plan; given back to `rights_apply`.
 */
plan: string, };

/**
 * One cell that changes.
 */
export type ReviewChange = { kind: string, resource: string, column: string, before: CellView, after: CellView, tone: Tone, risks: Array<Risk>, };

/**
 * Which key.
 */
export type RevokeTarget = "old" | "new" | "orphan";

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
 * Why a [`CellChange`] deserves a second look.
 */
export type Risk = "first_access" | "gains_write" | "gains_delete" | "widens_fields" | "sensitive_fields";

/**
 * One thing that a person does with a rotation under way.
 */
export type RotationAct = { operation: string, act: PersonAct, };

/**
 * Begins what was looked at.
 */
export type RotationBegin = { wish: RotationWish, 
/**
 * [`RotationPlan::plan`].
 */
plan: string, };

/**
 * How the new secret is handed over.
 */
export type RotationDelivery = { operation: string, to: DeliverTo, };

/**
 * What a wish comes to.
 */
export type RotationPlan = { 
/**
 * Stands for exactly this plan; given back to `rotation_begin`.
 */
plan: string, purpose: Purpose, deployment_name: string, environment: Environment, provider: string, 
/**
 * The label of the key that is replaced or revoked.
 */
old_label: string | null, 
/**
 * Its id.
 */
old_id: string | null, 
/**
 * SHA-256 of its value.
 */
old_fingerprint: string | null, 
/**
 * Its value is at hand, so that its death can be shown and not only told.
 */
old_secret_held: boolean, 
/**
 * The label of the new key.
 */
new_label: string | null, 
/**
 * The new key's value is chosen here and sealed before it is sent: a lost answer loses nothing.
 */
lossless: boolean, 
/**
 * Cells of the snapshot that allow something, and field rules among them.
 */
cells: number, rules: number, 
/**
 * What the snapshot is recognised by.
 */
snapshot: string, calls: Array<PlannedCall>, 
/**
 * Why the old key is not paused; `null` when it is, or where there is none.
 */
pause_why_not: string | null, soak_minutes: number, 
/**
 * Requests that all of it takes, about.
 */
requests: number, 
/**
 * What the deployment allows in a minute, when it said so.
 */
requests_per_minute: number | null, 
/**
 * What is typed to end the old key.
 */
confirmation: string | null, };

/**
 * Ends a key for good.
 */
export type RotationRevoke = { operation: string, of: RevokeTarget, 
/**
 * What the person typed: [`RotationView::confirmation`].
 */
typed: string, };

/**
 * A rotation in a list.
 */
export type RotationRow = { id: string, purpose: Purpose, emergency: boolean, label: string, deployment_name: string, environment: Environment, state: string, step: Step, 
/**
 * A person is needed, or could go on.
 */
waits_for_you: boolean, grade: Grade | null, began_at: number, closed_at: number | null, };

/**
 * A rotation whole.
 */
export type RotationView = { id: string, purpose: Purpose, emergency: boolean, 
/**
 * The state's word: planned, creating, create_unknown, create_refused, orphan, created, equipping, equipped,
 * verified, delivered, adopted, pausing, paused, restoring, soaking, revoking, revoke_unknown, revoked, closed,
 * rolled_back, needs_you, abandoned.
 */
state: string, deployment: string, deployment_name: string, environment: Environment, provider: string, rail: Array<RailStep>, old: KeyCard | null, new: KeyCard | null, 
/**
 * What a person may do now, the one that leads on first.
 */
acts: Array<Act>, 
/**
 * Something goes on by itself at this moment.
 */
running: boolean, 
/**
 * Why it stopped, was refused, or is not known.
 */
failure: Failure | null, 
/**
 * Why it waits: a server away, a rate limit.
 */
waits: Failure | null, 
/**
 * The run of calls under way, or the last one.
 */
steps: Array<StepView>, new_checks: Array<CheckView>, paused_checks: Array<CheckView>, death_checks: Array<CheckView>, deliveries: Array<DeliveryView>, confirmed_by: string | null, 
/**
 * Why the old key is not paused; `null` when it is or can be.
 */
pause_why_not: string | null, paused: boolean, 
/**
 * When the wait is over; `null` where there is none, or it was cut short.
 */
soak_until: number | null, 
/**
 * What is typed to end the key that can be ended now.
 */
confirmation: string | null, 
/**
 * What is typed to end the new key again.
 */
rollback_confirmation: string | null, 
/**
 * The server took the value that we chose; `null` where we chose none.
 */
honoured: boolean | null, 
/**
 * The server says that the new key has not reached all of it yet.
 */
lags: boolean, 
/**
 * Names of variables that applications usually have it under.
 */
variables: Array<string>, 
/**
 * The provider's own advice, drawn verbatim.
 */
advice: Array<string>, 
/**
 * A secret of ours lies on the clipboard until then.
 */
clipboard_until: number | null, grade: Grade | null, has_certificate: boolean, began_at: number, closed_at: number | null, };

/**
 * What a person wants.
 */
export type RotationWish = { "purpose": "create", 
/**
 * On which deployment.
 */
deployment: string, 
/**
 * What it is called.
 */
label: string, 
/**
 * What it is for.
 */
description: string, 
/**
 * What it may do, in the columns of [`CreateForm`].
 */
rights: Array<DraftChange>, } | { "purpose": "rotate", 
/**
 * Which.
 */
key: string, 
/**
 * A leak: neither the confirmed switch nor the wait is required.
 */
emergency: boolean, 
/**
 * How long the old key is watched before it is revoked, minutes; `null` for what its environment asks.
 */
soak_minutes: number | null, } | { "purpose": "revoke", 
/**
 * Which.
 */
key: string, };

/**
 * Whether a certificate is what was made.
 */
export type Seal = "unaltered" | "altered" | "log_broken";

/**
 * Names a secret that was offered.
 */
export type SecretHandle = { handle: string, };

/**
 * A secret that was typed. It can be read in, and neither printed nor written out.
 */
export type SecretInput = { secret: string, };

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
 * When a call is sent.
 */
export type Stage = "create" | "equip" | "pause" | "revoke";

/**
 * A step of the rail.
 */
export type Step = "plan" | "create" | "verify" | "deliver" | "adopt" | "pause" | "soak" | "revoke" | "proof";

/**
 * What a step found.
 */
export type StepDetail = { "kind": "address", 
/**
 * Host and port as they are asked for; a name with letters beyond a–z in its `xn--` form.
 */
host: string, 
/**
 * It is such a name.
 */
international: boolean, 
/**
 * Where the name leads.
 */
places: Array<Place>, } | { "kind": "connection", 
/**
 * By TLS.
 */
encrypted: boolean, } | { "kind": "keys", 
/**
 * How many it has.
 */
count: number, } | { "kind": "server", 
/**
 * In the adapter's words.
 */
facts: Array<Fact>, };

/**
 * What a step looks at.
 */
export type StepName = "address" | "connection" | "log_in" | "list_keys" | "server" | "known";

/**
 * What became of a call so far.
 */
export type StepOutcome = "waiting" | "sending" | "applied" | "refused" | "unknown";

/**
 * How a step went.
 */
export type StepState = "ok" | "warning" | "failed" | "skipped";

/**
 * Where a step is.
 */
export type StepStatus = "done" | "now" | "ahead" | "skipped";

/**
 * One call of an operation.
 */
export type StepView = { call: string, resource: string, outcome: StepOutcome, failure: Failure | null, };

/**
 * One deployment, or all.
 */
export type SyncRequest = { deployment: string | null, };

/**
 * The colours of the window.
 */
export type Theme = "system" | "light" | "dark";

/**
 * The oldest TLS version that is spoken to a deployment.
 */
export type TlsMinimum = "tls12" | "tls13";

/**
 * The direction of a [`CellChange`].
 */
export type Tone = "added" | "removed" | "narrowed" | "widened" | "changed";

/**
 * Whose certificates count for one deployment.
 */
export type Trust = { "kind": "system" } | { "kind": "own_ca", 
/**
 * One or more certificates, PEM.
 */
pem: string, };

/**
 * A passphrase, or `null` where the key's home needs none.
 */
export type VaultKey = { passphrase: SecretInput | null, };

/**
 * The vault at a glance.
 */
export type VaultView = { 
/**
 * Where the data key lives.
 */
home: HomeWord, 
/**
 * Secrets can be sealed and opened.
 */
open: boolean, 
/**
 * When a person locked it; `null` while it is open, and after the program's start.
 */
locked_at: number | null, };

/**
 * What came of it.
 */
export type Verdict = "passed" | "failed" | "not_proved";

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
  draft_open: ["read", KeyRef, DraftView],
  draft_rows: ["read", DraftRowsQuery, DraftRows],
  draft_save: ["write", DraftSave, DraftView],
  draft_rebase: ["write", KeyRef, DraftView],
  rights_review: ["read", KeyRef, Review],
  rights_apply: ["write", ApplyRequest, Applied],
  operation_show: ["read", OperationRef, OperationView],
  operations_open: ["read", Empty, Array<OperationView>],
  operation_undo: ["write", OperationRef, DraftView],
  create_open: ["read", CreateOn, CreateForm],
  rotation_plan: ["write", RotationWish, RotationPlan],
  rotation_begin: ["write", RotationBegin, OperationStarted],
  rotation_show: ["read", OperationRef, RotationView],
  rotations_list: ["read", Empty, Array<RotationRow>],
  rotation_act: ["write", RotationAct, Empty],
  rotation_revoke: ["write", RotationRevoke, Empty],
  file_pick: ["write", Empty, PickedFile],
  env_preview: ["write", EnvTarget, EnvPreview],
  rotation_deliver: ["write", RotationDelivery, Empty],
  certificate_show: ["read", OperationRef, CertificateView],
  certificate_save: ["write", OperationRef, PickedFile],
  vault_setup: ["write", VaultKey, Empty],
  vault_unlock: ["write", VaultKey, Empty],
  vault_lock: ["write", Empty, Empty],
  samples_open: ["write", Empty, Empty],
  providers_list: ["read", Empty, Array<ProviderChoice>],
  secret_offer: ["write", SecretInput, Offered],
  secret_from_clipboard: ["write", Empty, Offered],
  secret_forget: ["write", SecretHandle, Empty],
  link_test: ["write", LinkTest, LinkReport],
  deployment_link: ["read", DeploymentRef, DeploymentLinkView],
  deployment_add: ["write", DeploymentNew, DeploymentAdded],
  deployment_edit: ["write", DeploymentEdit, Empty],
  deployment_remove_preview: ["read", DeploymentRef, RemovePreview],
  deployment_remove: ["write", DeploymentRemove, Empty],
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
  draft_open: "read",
  draft_rows: "read",
  draft_save: "write",
  draft_rebase: "write",
  rights_review: "read",
  rights_apply: "write",
  operation_show: "read",
  operations_open: "read",
  operation_undo: "write",
  create_open: "read",
  rotation_plan: "write",
  rotation_begin: "write",
  rotation_show: "read",
  rotations_list: "read",
  rotation_act: "write",
  rotation_revoke: "write",
  file_pick: "write",
  env_preview: "write",
  rotation_deliver: "write",
  certificate_show: "read",
  certificate_save: "write",
  vault_setup: "write",
  vault_unlock: "write",
  vault_lock: "write",
  samples_open: "write",
  providers_list: "read",
  secret_offer: "write",
  secret_from_clipboard: "write",
  secret_forget: "write",
  link_test: "write",
  deployment_link: "read",
  deployment_add: "write",
  deployment_edit: "write",
  deployment_remove_preview: "read",
  deployment_remove: "write",
};
