import type { Call } from "../../ipc/client";
import type { CreateForm, KeyRow, RotationWish } from "../../ipc/generated/ipc";
import { allowed } from "../draft/cells";
import { cellsOf } from "../draft/changes";
import { Draft } from "../rights/draft.svelte";
import { FieldNames } from "../rights/names.svelte";
import { formText } from "../../text/rotation/plan";
import { Attempts } from "./attempt.svelte";

/** A key that is to be: label, description, rights. Nothing of it leaves the window before the plan. */
export class NewKey extends Draft {
  deployment = $state<string | null>(null);
  form = $state.raw<CreateForm | null>(null);
  label = $state("");
  description = $state("");
  /** The key whose rights it began with. */
  like = $state.raw<KeyRow | null>(null);
  likeText = $state("");
  offers = $state.raw<KeyRow[]>([]);
  tried = $state(false);
  readonly fresh = true;
  readonly title = formText.grid;
  readonly names: FieldNames;
  readonly attempts = new Attempts();
  readonly columns = $derived(this.form?.columns ?? []);
  readonly fixed = $derived(this.form === null || this.form.why_not !== null);
  readonly allowedCells = $derived(
    this.rows.reduce(
      (sum, row) => sum + row.now.filter(({ state }) => state === "all" || state === "fields").length,
      0,
    ),
  );
  /** The deployment that what is kept was typed for. */
  #kept: string | null = null;
  #search: ReturnType<typeof setTimeout> | undefined;
  readonly #call: Call;

  constructor(call: Call) {
    super();
    this.#call = call;
    this.names = new FieldNames(call);
  }

  /** True while the form is in sight. */
  get open(): boolean {
    return this.deployment !== null;
  }

  /** Begins anew, or goes on with what was typed for this deployment before and not made. */
  async begin(deployment: string): Promise<void> {
    this.close();
    if (this.#kept !== deployment) this.drop();
    this.#kept = null;
    this.deployment = deployment;
    if (this.form === null) await this.#load(this.like);
  }

  /** Takes the rights of another key, or none. */
  async take(like: KeyRow | null): Promise<void> {
    this.seek("");
    await this.#load(like);
  }

  async #load(like: KeyRow | null): Promise<void> {
    const { deployment } = this;
    if (deployment === null) return;
    await this.attempts.run(async (still) => {
      const form = await this.#call("create_open", { deployment, like: like?.id ?? null });
      if (!still()) return;
      const begun = this.form !== null;
      this.form = form;
      this.like = like;
      if (begun) {
        this.adopt(form.rows);
        return;
      }
      this.names.forget();
      this.names.deployment = deployment;
      this.replace(form.rows);
    });
  }

  /** Keys of the deployment whose name has these words. */
  seek(text: string) {
    this.likeText = text;
    clearTimeout(this.#search);
    if (text.trim() === "") this.offers = [];
    else this.#search = setTimeout(() => void this.#seek(text), 120);
  }

  async #seek(text: string): Promise<void> {
    const { deployment } = this;
    if (deployment === null) return;
    try {
      const query = { text, deployment, environment: null, sort: "name" as const, descending: false };
      const { rows } = await this.#call("keys_list", { ...query, offset: 0, limit: 6 });
      if (this.likeText === text && this.deployment === deployment) this.offers = rows;
    } catch {
      // The form can be filled without; the next letter asks again.
      this.offers = [];
    }
  }

  wish(): RotationWish | null {
    const { deployment } = this;
    this.tried = true;
    if (deployment === null || this.label.trim() === "") return null;
    const rights = this.rows
      .filter(allowed)
      .map(({ kind, resource, now }) => ({ kind, resource, cells: cellsOf(now) }));
    return {
      purpose: "create",
      deployment,
      label: this.label.trim(),
      description: this.description.trim(),
      rights,
    };
  }

  /** Out of sight; what was typed stays for the next time. */
  close() {
    if (this.deployment === null) return;
    if (!this.#filled) {
      this.drop();
      return;
    }
    this.#kept = this.deployment;
    this.#rest();
  }

  get #filled(): boolean {
    return `${this.label}${this.description}`.trim() !== "" || this.like !== null || this.changedCells > 0;
  }

  #rest() {
    clearTimeout(this.#search);
    this.attempts.forget();
    this.deployment = this.bulk = this.fieldRow = null;
    this.likeText = "";
    this.offers = [];
  }

  /** The key of this wish was made: its form has served, unless something else is typed there by now. */
  made(wish: Extract<RotationWish, { purpose: "create" }>) {
    if ((this.deployment ?? this.#kept) === wish.deployment && this.label.trim() === wish.label) this.drop();
  }

  /** It was made, or is not wanted any more. */
  drop() {
    this.#rest();
    this.#kept = this.form = this.like = null;
    this.label = this.description = "";
    this.tried = false;
    this.names.forget();
    this.replace([]);
    this.sight.reset();
  }

  protected touched() {
    // It is kept here until the plan is begun; there is no draft of a key that does not exist.
  }
}
