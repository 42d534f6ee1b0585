// Made-up data for work on the screens and for tests; chosen by VITE_TRANSPORT=sample and in no release.
// The page's address picks what happens: ?state=empty|failure|locked, ?theme=dark, ?panel=open.
import type {
  AppState,
  Commands,
  DeploymentView,
  Event,
  Failure,
  KeyRow,
  KeysQuery,
  RightsQuery,
  SyncRequest,
} from "../generated/ipc";
import type { Transport } from "../transport";
import * as link from "./link";
import * as drafts from "./drafts";
import * as operations from "./operations";
import * as people from "./people";
import { now } from "./rotation/machine";
import { answersOf } from "./rotation/answers";
import * as rotations from "./rotation/operations";

const asked = new URLSearchParams(location.search);
let listener: (event: Event) => void = () => undefined;
let revision = 0;
const locked = asked.get("state") === "locked";
const rows = people.keys();
let list: DeploymentView[] = asked.get("state") === "empty" ? [] : people.deployments(rows);
const app: AppState = {
  version: "0.1.0",
  profile: "sample",
  sample: true,
  settings: {
    theme: (asked.get("theme") ?? "light") as AppState["settings"]["theme"],
    panel_width: 400,
    panel_open: asked.get("panel") === "open",
  },
  now: people.NOW,
  no_vault: null,
  vault: locked
    ? { home: "passphrase", open: false, locked_at: null }
    : {
        home: asked.get("state") === "empty" ? "unset" : "file",
        open: asked.get("state") !== "empty",
        locked_at: null,
      },
};

const refuse = (failure: Failure): never => {
  throw failure;
};

/** What nothing here asks for is unknown. */
type Answers = { [N in keyof Commands]?: (args: Commands[N][1]) => Commands[N][2] | Promise<Commands[N][2]> };

const answers: Answers = {
  app_state: () =>
    asked.get("state") === "failure"
      ? refuse({ code: "profile_in_use", params: { profile: "sample" } })
      : { ...app, now: now() },
  deployments_list: () => list,
  keys_list: listKeys,
  key_show: ({ key }) => people.detail(found(key)),
  key_rights: listRights,
  resource_fields: ({ resource }) => ({ fields: drafts.fieldsOf(resource) }),
  sync_start: (request) => {
    void run(request);
    return {};
  },
  sync_cancel: (request) => {
    mark(request, { syncing: false });
    return {};
  },
  settings_save: (settings) => (app.settings = settings),
  vault_setup: ({ passphrase }) => {
    app.vault = { home: passphrase === null ? "keyring" : "passphrase", open: true, locked_at: null };
    return {};
  },
  vault_unlock: ({ passphrase }) => {
    if (app.vault.home === "passphrase" && passphrase?.secret !== "correct horse battery")
      refuse({ code: "passphrase_wrong", params: {} });
    app.vault = { ...app.vault, open: true, locked_at: null };
    return {};
  },
  vault_lock: () => {
    app.vault = { ...app.vault, open: false, locked_at: people.NOW };
    listener({ kind: "locked" });
    return {};
  },
  samples_open: () => {
    list = people.deployments(rows);
    return {};
  },
  providers_list: () => link.providers,
  secret_offer: () => link.offered(null),
  secret_from_clipboard: () => link.offered(true),
  secret_forget: () => ({}),
  link_test: ({ link: { url } }) =>
    link.report(
      url,
      list.find(({ host }) => url.endsWith(host)),
    ),
  deployment_link: ({ deployment }) => ({
    provider: "p0",
    link: {
      url: `https://${one(deployment).host}`,
      trust: { kind: "system" },
      tls_minimum: "tls13",
      allow_plain_loopback: false,
    },
  }),
  deployment_add: ({ name, environment, link: { url } }) => {
    if (list.some((other) => other.name === name)) refuse({ code: "name_taken", params: { name } });
    const failed = link.report(url, undefined).steps.find(({ failure }) => failure !== null)?.failure;
    if (failed) refuse(failed);
    list = [...list, link.deployment(`n-${name}`, name, { environment })];
    return { deployment: `n-${name}` };
  },
  deployment_edit: ({ deployment, name, environment }) => {
    mark({ deployment }, { name, environment });
    return {};
  },
  deployment_remove_preview: ({ deployment }) => {
    const { name, environment, host, keys } = one(deployment);
    return { name, environment, host, keys, resources: 12, secrets: 0 };
  },
  deployment_remove: ({ deployment, confirmation }) => {
    const { name } = one(deployment);
    if (confirmation !== name) refuse({ code: "confirmation_wrong", params: { name } });
    list = list.filter(({ id }) => id !== deployment);
    return {};
  },
  draft_open: ({ key }) => draft(key),
  draft_rows: ({ key, offset, limit }) => drafts.rows(found(key), offset, limit),
  draft_save: ({ key, changes }) => {
    drafts.save(found(key), changes);
    return draft(key);
  },
  draft_rebase: ({ key }) => {
    drafts.rebase(found(key));
    return draft(key);
  },
  rights_review: ({ key }) => drafts.review(found(key)),
  rights_apply: ({ key }) => operations.apply(found(key)),
  operation_show: ({ operation }) => shown(operation),
  operations_open: () => operations.open(),
  operation_undo: ({ operation }) => {
    const { key } = shown(operation);
    operations.undo(operation, found(key));
    return draft(key);
  },
  ...answersOf(
    (id) => found(id),
    (id) => one(id),
  ),
};

rotations.onChange(
  () => {
    revision += 1;
    listener({ kind: "changed", area: "operations", revision });
  },
  (cleared) => listener({ kind: "clipboard", cleared }),
);

operations.onChange((area) => {
  revision += 1;
  listener({ kind: "changed", area, revision });
});

const draft = (key: string) => drafts.view(found(key), operations.ofKey(key) ?? rotations.openOf(key));
const shown = (id: string) => operations.find(id) ?? refuse({ code: "bad_request", params: { field: "operation" } });

function one(id: string): DeploymentView {
  return list.find((deployment) => deployment.id === id) ?? refuse({ code: "deployment_unknown", params: {} });
}

export const transport: Transport = {
  async call(_, name, args) {
    await new Promise((done) =>
      setTimeout(done, { samples_open: 800, rights_apply: 300, rotation_plan: 30 }[name] ?? 4),
    );
    if (!(name in answers)) return refuse({ code: "unknown_command", params: {} });
    return structuredClone(await (answers as Record<string, (args: object) => unknown>)[name]?.(args));
  },
  async subscribe(wanted) {
    listener = wanted;
    return Promise.resolve();
  },
};

function found(id: string): KeyRow {
  return rows.find((row) => row.id === id) ?? refuse({ code: "key_unknown", params: {} });
}

function listKeys(query: KeysQuery) {
  if (query.limit > 200) refuse({ code: "bad_request", params: { field: "limit" } });
  const words = query.text.toLowerCase().split(/\s+/).filter(Boolean);
  const all = list.length === 0 ? [] : rows;
  const match = all.filter(
    (row) =>
      (query.deployment === null || row.deployment === query.deployment) &&
      (query.environment === null || row.environment === query.environment) &&
      words.every((word) => `${row.label} ${row.deployment_name}`.toLowerCase().includes(word)),
  );
  const turn = query.descending ? -1 : 1;
  match.sort((a, b) => turn * compare(a, b, query) || a.id.localeCompare(b.id));
  return {
    rows: match.slice(query.offset, query.offset + query.limit),
    offset: query.offset,
    total: match.length,
    all: all.length,
  };
}

function compare(a: KeyRow, b: KeyRow, { sort }: KeysQuery): number {
  const end = (row: KeyRow) => (row.expires.kind === "at" ? row.expires.at : Infinity);
  switch (sort) {
    case "name":
      return a.label.localeCompare(b.label);
    case "deployment":
      return a.deployment_name.localeCompare(b.deployment_name);
    case "rights":
      return (a.rights.counts[0]?.count ?? 99) - (b.rights.counts[0]?.count ?? 99);
    case "age":
      return (b.created_at ?? 0) - (a.created_at ?? 0);
    case "expires":
      return end(a) === end(b) ? 0 : end(a) - end(b);
  }
}

function listRights(query: RightsQuery) {
  const match = people.rights(found(query.key)).filter((row) => row.resource.includes(query.text.toLowerCase()));
  return { rows: match.slice(query.offset, query.offset + query.limit), offset: query.offset, total: match.length };
}

function mark({ deployment }: SyncRequest, change: Partial<DeploymentView>) {
  list = list.map((one) => (deployment === null || one.id === deployment ? { ...one, ...change } : one));
  revision += 1;
  listener({ kind: "changed", area: "deployments", revision });
}

async function run(request: SyncRequest) {
  mark(request, { syncing: true });
  const targets = list.filter((one) => one.syncing);
  for (let done = 0; done <= 10; done += 1) {
    await new Promise((next) => setTimeout(next, 250));
    for (const one of targets) {
      if (!(list.find(({ id }) => id === one.id)?.syncing ?? false)) return;
      listener({ kind: "progress", task: "sync", deployment: one.id, done: done * 10, total: 100 });
    }
  }
  mark(request, { syncing: false, freshness: "fresh", failure: null, synced_at: people.NOW });
  revision += 1;
  listener({ kind: "changed", area: "keys", revision });
}
