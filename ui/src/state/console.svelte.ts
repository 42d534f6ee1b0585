import { failure, type Call } from "../ipc/client";
import type { Environment, Event, Failure, RotationWish } from "../ipc/generated/ipc";
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
import { Rotations } from "./rotation/list.svelte";
import { NewKey } from "./rotation/new-key.svelte";
import { Wizard } from "./rotation/wizard.svelte";
import { Session } from "./session.svelte";
import { Toasts } from "./toasts.svelte";
import { Vault } from "./vault/vault.svelte";

import { deliverText } from "../text/rotation/wizard";

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
  readonly rotations: Rotations;
  readonly wizard: Wizard;
  readonly newKey: NewKey;
  /** What the panel was left for. */
  askedFor: "edit" | "rotate" | "revoke" = "edit";
  /** The list that is looked at. */
  place = $state<"keys" | "rotations">("keys");
  /** What the core wants to be seen. */
  attention = $state.raw<Failure | null>(null);
  samples = $state<"rest" | "starting">("rest");
  samplesFailure = $state.raw<Failure | null>(null);
  dialog = $state<"palette" | "shortcuts" | "link" | "remove" | "where" | null>(null);
  /** A key is being made, replaced or ended in sight. */
  readonly working = $derived.by(() => this.wizard.page !== null || this.newKey.open);
  readonly production = $derived.by(() => {
    if (this.editor.key !== null) return this.editor.view?.environment === "production";
    if (this.wizard.page !== null) return this.wizard.environment === "production";
    if (this.newKey.open) return this.deployments.named(this.newKey.deployment)?.environment === "production";
    return this.place === "keys" && onlyProduction(this.keys.filter, this.deployments.list);
  });
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
  #listening = false;
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
    this.rotations = new Rotations(call);
    this.wizard = new Wizard(call);
    this.newKey = new NewKey(call);
  }

  /** Resolves once there is something true to show; may be tried again. */
  async start(): Promise<void> {
    const app = await this.session.load();
    if (app === null) return;
    this.clock.start(app.now);
    await this.#listen();
    if (!this.vault.locked) await this.#read();
  }

  /** To what the core says by itself, once. */
  async #listen(): Promise<void> {
    if (this.#listening) return;
    this.#listening = true;
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
          void this.rotations.load();
          void this.wizard.follow();
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
        this.wizard.close();
        this.newKey.drop();
        void this.session.load();
      },
      clipboard: (cleared) => {
        this.wizard.handover.cleared = cleared;
        void this.wizard.follow();
        if (cleared) this.toasts.show(deliverText.cleared);
        else this.toasts.warn(deliverText.notCleared);
      },
    });
    await this.#subscribe((event) => live.take(event)).catch((thrown: unknown) => {
      this.#listening = false;
      this.attention = failure(thrown);
    });
  }

  #read(): Promise<unknown> {
    this.deployments.failure = null;
    return Promise.all([this.deployments.load(), this.keys.ask(), this.operations.load(), this.rotations.load()]);
  }

  // Where to look

  everything() {
    this.#toKeys();
    this.keys.narrow(EVERYTHING);
  }

  goTo(deployment: string) {
    this.#toKeys();
    this.keys.narrow({ ...EVERYTHING, deployment });
  }

  goToEnvironment(environment: Environment) {
    this.#toKeys();
    this.keys.narrow({ ...EVERYTHING, environment });
  }

  narrow(filter: Filter) {
    this.#toKeys();
    this.keys.narrow(filter);
  }

  #toKeys() {
    this.#leave();
    this.place = "keys";
  }

  goToRotations() {
    this.#leave();
    this.place = "rotations";
  }

  /** Whatever is open closes; what is typed there is kept where it can be. */
  #leave() {
    void this.editor.leave();
    this.wizard.close();
    this.newKey.close();
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
    this.askedFor = "edit";
    this.wizard.close();
    this.newKey.close();
    // What could not be saved of another key is said there.
    if (key !== this.editor.key) this.saving.close();
    void this.editor.open(key);
  }

  /** To the result of a change, wherever the user is. */
  showOperation(operation: string) {
    if (this.rotations.has(operation)) {
      this.showRotation(operation);
      return;
    }
    void this.saving.show(operation).then(() => {
      if (this.saving.stage === null && this.editor.key === null) this.attention = this.saving.failure;
    });
  }

  /** The inverse of a change, as a draft in the editor. */
  async undoOperation(): Promise<void> {
    const key = await this.saving.undo();
    if (key !== null) await (this.editor.key === key ? this.editor.load() : this.editor.open(key));
  }

  // Making, replacing and ending keys

  rotate(key: string, label: string) {
    this.askedFor = "rotate";
    this.#propose({ purpose: "rotate", key, emergency: false, soak_minutes: null }, label);
  }

  revoke(key: string, label: string) {
    this.askedFor = "revoke";
    this.#propose({ purpose: "revoke", key }, label);
  }

  #propose(wish: RotationWish, label: string) {
    clearTimeout(this.#following);
    this.#leave();
    void this.wizard.propose(wish, label);
  }

  /** On the deployment in view, or the only one; else the person is asked. */
  createKey(deployment: string | null = this.keys.filter.deployment) {
    const only = this.deployments.list.length === 1 ? (this.deployments.list[0]?.id ?? null) : null;
    const where = deployment ?? only;
    if (where === null) {
      this.dialog = "where";
      return;
    }
    this.#leave();
    void this.newKey.begin(where);
  }

  /** From the form to its plan; the form waits behind it. */
  planNewKey() {
    const wish = this.newKey.wish();
    if (wish !== null) void this.wizard.propose(wish, this.newKey.label.trim());
  }

  /** What the plan in sight says; a new key's form has served then, wherever the user is by now. */
  async begin(): Promise<void> {
    const wish = this.wizard.page?.kind === "plan" ? this.wizard.page.wish : null;
    try {
      if (!(await this.wizard.begin())) return;
    } catch (thrown) {
      this.attention = failure(thrown);
      return;
    }
    if (wish?.purpose === "create") this.newKey.made(wish);
    await this.wizard.follow();
  }

  showRotation(operation: string) {
    this.#leave();
    void this.wizard.show(operation);
  }

  /** Closing is safe, but for the moment in which a plan begins. From a plan of a new key it leads back to its form. */
  stopWorking() {
    if (this.wizard.beginning) return;
    const planned = this.wizard.page?.kind === "plan";
    this.wizard.close();
    if (!planned) this.newKey.close();
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
    const [name, isNew, turn] = [this.form.name.trim(), this.form.editing === null, this.form.turn];
    const id = await this.form.save();
    if (id === null) return false;
    // Whoever closed the form meanwhile and looks elsewhere stays there.
    const shown = this.dialog === "link" && turn === this.form.turn;
    if (shown) this.dialog = null;
    this.toasts.show(said(name));
    await this.deployments.load();
    if (isNew && shown) this.goTo(id);
    return true;
  }

  async confirmRemoval(said: (name: string) => string): Promise<void> {
    const { id, preview } = this.removal;
    if (!(await this.removal.remove())) {
      if (this.dialog !== "remove") this.attention = this.removal.failure ?? this.attention;
      return;
    }
    // Another dialog that was opened meanwhile stays.
    if (this.dialog === "remove" && this.removal.id === id) this.dialog = null;
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
