import { failure, type Call } from "../../ipc/client";
import type { DraftView, Failure, KeyDetail } from "../../ipc/generated/ipc";
import { changesOf } from "../draft/changes";
import { Autosave } from "./autosave";
import { Draft } from "./draft.svelte";
import { FieldNames } from "./names.svelte";
import { rightsText } from "../../text/rights";
import { readRows, sameRows } from "./rows";

/** One key's rights, open for editing. What is typed here is the draft; the core keeps it. */
export class Editor extends Draft {
  key = $state<string | null>(null);
  view = $state.raw<DraftView | null>(null);
  detail = $state.raw<KeyDetail | null>(null);
  ready = $state(false);
  failure = $state.raw<Failure | null>(null);
  saveFailure = $state.raw<Failure | null>(null);
  readonly names: FieldNames;
  readonly fresh = false;
  readonly title = $derived(rightsText.gridOf(this.view?.label ?? ""));
  readonly columns = $derived(this.view?.columns ?? []);
  /** Nothing can be edited: never, or not while a change of this key has no end. */
  readonly fixed = $derived(this.view === null || this.view.why_not !== null || this.view.open_operation !== null);
  #opening = 0;
  /** Counts changes, so that rows that were read before one never stand for it. */
  #touches = 0;
  readonly #autosave = new Autosave(() => this.#save());
  readonly #call: Call;

  constructor(call: Call) {
    super();
    this.#call = call;
    this.names = new FieldNames(call);
  }

  async open(key: string): Promise<void> {
    const before = this.key;
    await this.leave();
    // What could not be kept stays in sight.
    if (before !== null && this.key === before) return;
    this.key = key;
    await this.load();
  }

  async load(): Promise<void> {
    const { key } = this;
    const mine = (this.#opening += 1);
    if (key === null) return;
    await this.#autosave.flush();
    const touches = this.#touches;
    try {
      const [view, detail] = await Promise.all([this.#call("draft_open", { key }), this.#call("key_show", { key })]);
      const rows = await readRows(this.#call, key);
      if (mine !== this.#opening) return;
      this.detail = detail;
      this.names.deployment = detail.row.deployment;
      this.failure = null;
      // Whoever has what could not be kept goes on; the next event reads again.
      if (this.ready && this.saveFailure !== null) return;
      // Whoever went on working meanwhile has newer rows than these: they are kept first, and read again.
      if (this.ready && (this.#autosave.pending || touches !== this.#touches)) {
        await this.load();
        return;
      }
      this.take(view);
      if (!sameRows(this.rows, rows)) this.replace(rows);
      this.ready = true;
    } catch (thrown) {
      if (mine === this.#opening) this.failure = failure(thrown);
    }
  }

  take(view: DraftView) {
    if (view.key === this.key) this.view = view;
  }

  /** Closes the editor once the draft is kept. When it cannot be, the first try stays and says so. */
  async leave(): Promise<void> {
    if (this.key === null) return;
    const known = this.saveFailure !== null;
    await this.#autosave.flush();
    if (this.saveFailure !== null && !known) return;
    this.#opening += 1;
    this.key = null;
    this.view = this.detail = this.failure = this.saveFailure = this.bulk = this.fieldRow = null;
    this.ready = false;
    this.names.forget();
    this.replace([]);
    this.sight.reset();
  }

  /** After a failure: reads again what could not be read, keeps again what could not be kept. */
  async again(): Promise<void> {
    if (this.saveFailure !== null) this.#autosave.touch();
    await (this.failure === null ? this.flush() : this.load());
  }

  protected touched() {
    this.#touches += 1;
    this.#autosave.touch();
  }

  flush = () => this.#autosave.flush();

  async #save(): Promise<void> {
    const { key } = this;
    if (key === null) return;
    try {
      this.take(await this.#call("draft_save", { key, changes: changesOf(this.rows) }));
      this.saveFailure = null;
    } catch (thrown) {
      this.saveFailure = failure(thrown);
    }
  }
}
