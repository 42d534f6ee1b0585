import { failure, type Call } from "../../ipc/client";
import type {
  Code,
  DeploymentView,
  Environment,
  Failure,
  LinkChoice,
  LinkReport,
  Offered,
  ProviderChoice,
  TlsMinimum,
} from "../../ipc/generated/ipc";

export type Field = "name" | "environment" | "url" | "credential" | "trust";

const FIELDS: Partial<Record<Code, Field>> = {
  name_refused: "name",
  name_taken: "name",
  url_refused: "url",
  plain_http_refused: "url",
  not_loopback: "url",
  credential_unusable: "credential",
  credential_forgotten: "credential",
  credential_needed: "credential",
  credential_refused: "credential",
  clipboard_empty: "credential",
  clipboard_unreadable: "credential",
  authority_unreadable: "trust",
};

/** A deployment being added or edited. What was typed stays until it is saved; a credential is never here. */
export class LinkForm {
  /** The one being edited; `null` while one is added. */
  editing = $state.raw<DeploymentView | null>(null);
  providers = $state.raw<ProviderChoice[]>([]);
  provider = $state("");
  name = $state("");
  environment = $state<Environment | null>(null);
  url = $state("");
  own = $state(false);
  pem = $state("");
  tls = $state<TlsMinimum>("tls13");
  plain = $state(false);
  /** What stands for the credential that the core took. */
  offered = $state.raw<Offered | null>(null);
  report = $state.raw<LinkReport | null>(null);
  /** Steps of the test that are done, while it runs. */
  done = $state(0);
  busy = $state<"rest" | "loading" | "testing" | "saving">("rest");
  failure = $state.raw<Failure | null>(null);
  /** Somebody tried to go on: what is missing is said. */
  tried = $state(false);
  readonly choice = $derived(this.providers.find(({ id }) => id === this.provider) ?? null);
  /** The saved credential does not follow to another address or trust. */
  readonly moved = $derived.by(() => {
    const before = this.#before;
    return (
      before !== null &&
      (origin(before.url) !== origin(this.url) || JSON.stringify(before.trust) !== JSON.stringify(this.#trust()))
    );
  });
  /** The link being edited is still being read: what is typed in its place would be lost. */
  readonly awaited = $derived(this.editing !== null && this.busy === "loading");
  readonly missing = $derived.by(() => {
    const missing: Field[] = [];
    if (this.name.trim() === "") missing.push("name");
    if (this.environment === null) missing.push("environment");
    if (this.url.trim() === "") missing.push("url");
    if (this.offered === null && (this.editing === null || this.moved)) missing.push("credential");
    return missing;
  });
  #before = $state.raw<LinkChoice | null>(null);
  #draft = false;
  /** What was asked for before the form was opened anew says nothing about it. */
  #turn = 0;
  #taking: Promise<void> = Promise.resolve();
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /** Begins to add one, with what was typed before and not saved. */
  async add(): Promise<void> {
    this.#open();
    if (!this.#draft) this.#clear();
    this.#draft = true;
    await this.#load(() => Promise.resolve());
  }

  /** Begins to edit one, as it is now. */
  async edit(deployment: DeploymentView): Promise<void> {
    this.#open();
    this.#clear();
    this.editing = deployment;
    this.name = deployment.name;
    this.environment = deployment.environment;
    await this.#load(async (still) => {
      const { provider, link } = await this.#call("deployment_link", { deployment: deployment.id });
      if (!still()) return;
      this.provider = provider;
      this.url = link.url;
      this.own = link.trust.kind === "own_ca";
      this.pem = link.trust.kind === "own_ca" ? link.trust.pem : "";
      this.tls = link.tls_minimum;
      this.plain = link.allow_plain_loopback;
      this.#before = link;
    });
  }

  choose(provider: string) {
    this.provider = provider;
    this.tls = this.choice?.tls_minimum ?? "tls13";
  }

  /** Hands typed text to the core; the caller has emptied the field already. */
  type(secret: string): Promise<void> {
    return this.#take(() => this.#call("secret_offer", { secret }));
  }

  paste(): Promise<void> {
    return this.#take(() => this.#call("secret_from_clipboard", {}));
  }

  /** The core wipes what it took. */
  async forget(): Promise<void> {
    const handle = this.offered?.handle;
    this.offered = null;
    if (handle !== undefined) await this.#call("secret_forget", { handle }).catch(() => undefined);
  }

  async test(): Promise<void> {
    const mine = this.#turn;
    await this.#taking;
    if (mine !== this.#turn) return;
    await this.#work("testing", async (still) => {
      const report = await this.#call("link_test", {
        provider: this.provider,
        link: this.#link(),
        credential: this.offered?.handle ?? null,
        deployment: this.editing?.id ?? null,
      });
      if (still()) this.report = report;
    });
  }

  /** Saves; the id of what was saved, or `null` when it was not. */
  async save(): Promise<string | null> {
    const mine = this.#turn;
    await this.#taking;
    if (mine !== this.#turn) return null;
    this.tried = true;
    const { environment, editing } = this;
    if (this.missing.length > 0 || environment === null) return null;
    let saved: string | null = null;
    await this.#work("saving", async () => {
      const common = { name: this.name, environment, link: this.#link() };
      if (editing === null) {
        const credential = this.offered?.handle ?? "";
        saved = (await this.#call("deployment_add", { ...common, provider: this.provider, credential })).deployment;
      } else {
        const credential = this.offered?.handle ?? null;
        await this.#call("deployment_edit", { ...common, deployment: editing.id, credential });
        saved = editing.id;
      }
    });
    if (saved !== null && mine === this.#turn) {
      this.offered = null;
      this.#draft = false;
    }
    return saved;
  }

  onProgress(done: number) {
    if (this.busy === "testing" || this.busy === "saving") this.done = done;
  }

  /** Counts how often the form was opened. */
  get turn(): number {
    return this.#turn;
  }

  /** The failure, when it is about that field; `null` asks for one that is about none. */
  failureAt(field: Field | null): Failure | null {
    return this.failure !== null && (FIELDS[this.failure.code] ?? null) === field ? this.failure : null;
  }

  #trust(): LinkChoice["trust"] {
    return this.own ? { kind: "own_ca", pem: this.pem } : { kind: "system" };
  }

  #link(): LinkChoice {
    return {
      url: this.url.trim(),
      trust: this.#trust(),
      tls_minimum: this.tls,
      allow_plain_loopback: this.plain,
    };
  }

  async #load(more: (still: () => boolean) => Promise<void>): Promise<void> {
    await this.#work("loading", async (still) => {
      const providers = await this.#call("providers_list", {});
      if (!still()) return;
      this.providers = providers;
      const first = this.providers[0];
      if (this.provider === "" && first !== undefined) this.choose(first.id);
      await more(still);
    });
  }

  #take(take: () => Promise<Offered>): Promise<void> {
    const mine = this.#turn;
    this.#taking = (async () => {
      try {
        const offered = await take();
        if (mine !== this.#turn) {
          await this.#call("secret_forget", { handle: offered.handle }).catch(() => undefined);
          return;
        }
        await this.forget();
        this.offered = offered;
        this.failure = null;
        this.report = null;
      } catch (thrown) {
        if (mine === this.#turn) this.failure = failure(thrown);
      }
    })();
    return this.#taking;
  }

  async #work(busy: "loading" | "testing" | "saving", work: (still: () => boolean) => Promise<void>): Promise<void> {
    if (this.busy !== "rest") return;
    const mine = this.#turn;
    const still = () => mine === this.#turn;
    this.busy = busy;
    this.done = 0;
    this.failure = null;
    this.report = null;
    try {
      await work(still);
    } catch (thrown) {
      if (!still()) return;
      this.failure = failure(thrown);
      // A handle that is dead helps nobody: the field is offered again.
      if (this.failure.code === "credential_forgotten") this.offered = null;
    } finally {
      if (still()) this.busy = "rest";
    }
  }

  #open() {
    this.#turn += 1;
    this.busy = "rest";
  }

  #clear() {
    void this.forget();
    this.editing = null;
    this.provider = "";
    this.name = "";
    this.environment = null;
    this.url = "";
    this.own = false;
    this.pem = "";
    this.plain = false;
    this.report = null;
    this.failure = null;
    this.tried = false;
    this.#before = null;
    this.#draft = false;
  }
}

/** For a hint only; the core decides. */
function origin(url: string): string {
  try {
    return new URL(url.trim()).origin;
  } catch {
    return url.trim();
  }
}
