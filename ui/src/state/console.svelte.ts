import { failure, type Call } from "../ipc/client";
import type { Environment, Event, Failure } from "../ipc/generated/ipc";
import { Clock } from "./clock.svelte";
import { Deployments } from "./deployments.svelte";
import { EVERYTHING, onlyProduction, type Filter } from "./filter";
import { Keys } from "./keys.svelte";
import { LinkForm } from "./link/form.svelte";
import { Removal } from "./link/removal.svelte";
import { Live } from "./events/live";
import { Opened } from "./opened.svelte";
import { Editor } from "./rights/editor.svelte";
import { Operations } from "./rights/operations.svelte";
import { Saving } from "./rights/saving.svelte";
import { Session } from "./session.svelte";
import { Toasts } from "./toasts.svelte";
import { Vault } from "./vault/vault.svelte";

type Subscribe = (listener: (event: Event) => void) => Promise<void>;

/** Everything the window knows, and what the user can do with it. */
export class Console {
  readonly clock = new Clock();
  readonly toasts = new Toasts();
  readonly session: Session;
  readonly vault: Vault;
  readonly deployments: Deployments;
  readonly keys: Keys;
  readonly opened: Opened;
  readonly form: LinkForm;
  readonly removal: Removal;
  readonly editor: Editor;
  readonly saving: Saving;
  readonly operations: Operations;
  /** What the core wants to be seen. */
  attention = $state.raw<Failure | null>(null);
  samples = $state<"rest" | "starting">("rest");
  samplesFailure = $state.raw<Failure | null>(null);
  dialog = $state<"palette" | "shortcuts" | "link" | "remove" | null>(null);
  readonly production = $derived.by(() =>
    this.editor.key === null
      ? onlyProduction(this.keys.filter, this.deployments.list)
      : this.editor.view?.environment === "production",
  );
  /** The deployments the list shows keys of. */
  readonly scope = $derived.by(() => {
    const { deployment, environment } = this.keys.filter;
    return this.deployments.list.filter(
      (one) =>
        (deployment === null || one.id === deployment) && (environment === null || one.environment === environment),
    );
  });
  readonly syncing = $derived.by(() => this.scope.some((one) => one.syncing));
  readonly outdated = $derived.by(() =>
    this.scope.filter((one) => one.freshness === "stale" || (one.freshness === "never" && !one.syncing)),
  );
  /** When the copy of what is shown was last complete; copies that are known to be old do not count. */
  readonly syncedAt = $derived.by(() => {
    const fresh = this.scope.filter((one) => one.freshness === "fresh");
    const times = (fresh.length > 0 ? fresh : this.scope).map((one) => one.synced_at).filter((at) => at !== null);
    return times.length === 0 ? null : Math.min(...times);
  });
  readonly #call: Call;
  readonly #subscribe: Subscribe;
  #following: ReturnType<typeof setTimeout> | undefined;

  constructor(call: Call, subscribe: Subscribe) {
    this.#call = call;
    this.#subscribe = subscribe;
    this.session = new Session(call);
    this.vault = new Vault(call, this.session, () => this.#read());
    this.deployments = new Deployments(call);
    this.keys = new Keys(call);
    this.opened = new Opened(call);
    this.form = new LinkForm(call);
    this.removal = new Removal(call);
    this.editor = new Editor(call);
    this.saving = new Saving(call, this.editor);
    this.operations = new Operations(call);
  }

  /** Resolves once there is something true to show. */
  async start(): Promise<void> {
    const live = new Live({
      changed: (areas) => {
        if (areas.has("settings")) void this.session.load();
        if (areas.has("deployments")) void this.deployments.load();
        if (areas.has("keys")) {
          void this.keys.refresh();
          void this.opened.load();
        } else if (areas.has("resources")) void this.opened.load();
        if (areas.has("operations")) {
          void this.operations.load();
          void this.saving.follow();
        }
        if (areas.has("keys") || areas.has("operations")) void this.editor.load();
      },
      progress: (event) => {
        if (event.task === "link") this.form.onProgress(event.done);
        else this.deployments.onProgress(event);
      },
      attention: (seen) => (this.attention = seen),
      locked: () => {
        this.dialog = null;
        this.opened.close();
        void this.session.load();
      },
    });
    const app = await this.session.load();
    if (app === null) return;
    this.clock.start(app.now);
    await this.#subscribe((event) => live.take(event)).catch((thrown: unknown) => {
      this.attention = failure(thrown);
    });
    if (!this.vault.locked) await this.#read();
  }

  #read(): Promise<unknown> {
    this.deployments.failure = null;
    return Promise.all([this.deployments.load(), this.keys.ask(), this.operations.load()]);
  }

  // Where to look

  everything() {
    void this.editor.leave();
    this.keys.narrow(EVERYTHING);
  }

  goTo(deployment: string) {
    void this.editor.leave();
    this.keys.narrow({ ...EVERYTHING, deployment });
  }

  goToEnvironment(environment: Environment) {
    void this.editor.leave();
    this.keys.narrow({ ...EVERYTHING, environment });
  }

  narrow(filter: Filter) {
    void this.editor.leave();
    this.keys.narrow(filter);
  }

  // The panel

  open(id: string) {
    clearTimeout(this.#following);
    void this.opened.open(id);
    if (!this.session.settings.panel_open) void this.session.save({ panel_open: true });
  }

  /** An open panel goes along with the focus, once it rests. */
  follow(id: string | undefined) {
    clearTimeout(this.#following);
    if (this.opened.id === null || id === undefined) return;
    this.#following = setTimeout(() => void this.opened.open(id), 90);
  }

  close() {
    clearTimeout(this.#following);
    this.opened.close();
    void this.session.save({ panel_open: false });
  }

  // Rights

  edit(key: string) {
    clearTimeout(this.#following);
    void this.editor.open(key);
  }

  /** To the result of a change, wherever the user is. */
  showOperation(operation: string) {
    void this.saving.show(operation).then(() => {
      if (this.saving.stage === null) this.attention = this.saving.failure;
    });
  }

  /** The inverse of a change, as a draft in the editor. */
  async undoOperation(): Promise<void> {
    const key = await this.saving.undo();
    if (key !== null) await (this.editor.key === key ? this.editor.load() : this.editor.open(key));
  }

  // Syncing

  /** One deployment, when that is all that is shown; otherwise all. */
  get syncTarget(): string | null {
    return this.keys.filter.deployment;
  }

  sync() {
    void this.deployments.sync(this.syncTarget);
  }

  cancelSync() {
    void this.deployments.cancel(this.syncTarget);
  }

  // Deployments

  /** Why none can be added here. */
  get noVault(): Failure | null {
    return this.session.app?.no_vault ?? null;
  }

  addDeployment() {
    if (this.noVault !== null) return;
    this.dialog = "link";
    void this.form.add();
  }

  editDeployment(id: string) {
    const deployment = this.deployments.named(id);
    if (deployment === null) return;
    this.dialog = "link";
    void this.form.edit(deployment);
  }

  removeDeployment(id: string) {
    this.dialog = "remove";
    void this.removal.begin(id);
  }

  /** Saves what the form says; a new deployment is shown at once. True when it is saved. */
  async saveDeployment(said: (name: string) => string): Promise<boolean> {
    const [name, isNew] = [this.form.name.trim(), this.form.editing === null];
    const id = await this.form.save();
    if (id === null) return false;
    this.dialog = null;
    this.toasts.show(said(name));
    await this.deployments.load();
    if (isNew) this.goTo(id);
    return true;
  }

  async confirmRemoval(said: (name: string) => string): Promise<void> {
    const { id, preview } = this.removal;
    if (!(await this.removal.remove())) return;
    this.dialog = null;
    if (this.opened.detail?.row.deployment === id) this.close();
    if (this.keys.filter.deployment === id) this.everything();
    this.toasts.show(said(preview?.name ?? ""));
    await this.deployments.load();
  }

  async openSamples(): Promise<void> {
    this.samples = "starting";
    this.samplesFailure = null;
    try {
      await this.#call("samples_open", {});
      await Promise.all([this.deployments.load(), this.keys.ask()]);
    } catch (thrown) {
      this.samplesFailure = failure(thrown);
    } finally {
      this.samples = "rest";
    }
  }
}
