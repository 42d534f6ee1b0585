/* eslint svelte/prefer-svelte-reactivity: "off" -- maps and sets here are replaced as a whole, or nobody watches them */
import { failure, type Call } from "../../ipc/client";
import type { CellView, DraftRow, DraftView, Failure, KeyDetail } from "../../ipc/generated/ipc";
import { changed, cycle, editable, rowChanged, same, type Spot } from "../draft/cells";
import { changesOf } from "../draft/changes";
import { EMPTY, pushed, redone, taken, undone, type History, type Patch } from "../draft/history";
import { tri, turn, type Mix, type Tri, type Turn } from "../draft/toggle";
import { Autosave } from "./autosave";
import { FieldNames } from "./names.svelte";
import { readRows, sameRows } from "./rows";
import { Sight } from "./sight.svelte";

/** More than this many cells at once want a second look. */
export const MANY = 25;

/** What a toggle works on: a row, a column of the shown rows, or both as null: everything shown. */
export interface Scope {
  row: number | null;
  column: number | null;
}

/** A toggle that waits for a second look. */
export interface Bulk {
  scope: Scope;
  spots: Spot[];
  turn: Turn;
  /** Cells that become different. */
  count: number;
}

/** One key's rights, open for editing. What is typed here is the draft; the core keeps it. */
export class Editor {
  key = $state<string | null>(null);
  view = $state.raw<DraftView | null>(null);
  detail = $state.raw<KeyDetail | null>(null);
  rows = $state.raw<DraftRow[]>([]);
  ready = $state(false);
  failure = $state.raw<Failure | null>(null);
  saveFailure = $state.raw<Failure | null>(null);
  history = $state.raw<History>(EMPTY);
  bulk = $state.raw<Bulk | null>(null);
  /** The row whose fields the panel shows. */
  fieldRow = $state<number | null>(null);
  /** The step that was taken last, for whoever cannot see it. */
  heard = $state.raw<Patch[]>([]);
  readonly names: FieldNames;
  readonly sight = new Sight(() => this.rows);
  readonly columns = $derived(this.view?.columns ?? []);
  readonly fixed = $derived(this.view === null || this.view.why_not !== null);
  readonly changedRows = $derived(this.rows.filter(rowChanged).length);
  readonly changedCells = $derived(
    this.rows.reduce((sum, row) => sum + row.now.filter((_, column) => changed(row, column)).length, 0),
  );
  #rules = new Map<string, CellView>();
  #mix: Mix | null = null;
  #opening = 0;
  readonly #autosave = new Autosave(() => this.#save());
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
    this.names = new FieldNames(call);
  }

  async open(key: string): Promise<void> {
    await this.leave();
    this.key = key;
    await this.load();
  }

  async load(): Promise<void> {
    const { key } = this;
    const mine = (this.#opening += 1);
    if (key === null) return;
    await this.#autosave.flush();
    try {
      const [view, detail] = await Promise.all([this.#call("draft_open", { key }), this.#call("key_show", { key })]);
      const rows = await readRows(this.#call, key);
      if (mine !== this.#opening) return;
      this.detail = detail;
      this.names.deployment = detail.row.deployment;
      this.failure = null;
      // Whoever went on working meanwhile keeps what they did; the next event reads again.
      if (this.ready && this.#autosave.pending) return;
      this.take(view);
      if (!sameRows(this.rows, rows)) this.#replace(rows);
      this.ready = true;
    } catch (thrown) {
      if (mine === this.#opening) this.failure = failure(thrown);
    }
  }

  take(view: DraftView) {
    if (view.key === this.key) this.view = view;
  }

  /** Closes the editor once the draft is kept. */
  async leave(): Promise<void> {
    if (this.key === null) return;
    this.#opening += 1;
    await this.#autosave.flush();
    this.key = null;
    this.view = this.detail = this.failure = this.saveFailure = this.bulk = this.fieldRow = null;
    this.ready = false;
    this.names.forget();
    this.sight.reset();
    this.#replace([]);
  }

  /** After a failure: reads again what could not be read, keeps again what could not be kept. */
  async again(): Promise<void> {
    if (this.saveFailure !== null) this.#autosave.touch();
    await (this.failure === null ? this.flush() : this.load());
  }

  flush = () => this.#autosave.flush();

  editable = (spot: Spot): boolean => {
    const row = this.rows[spot.row];
    return !this.fixed && row !== undefined && editable(row, this.columns, spot.column);
  };

  cell({ row, column }: Spot): CellView | undefined {
    return this.rows[row]?.now[column];
  }

  /** Puts rights into cells as one step; those that cannot be edited stay as they are. */
  set(spots: Spot[], cells: CellView[]) {
    this.#mix = null;
    this.#put(spots, cells);
  }

  cycle(spot: Spot) {
    const now = this.cell(spot);
    const base = this.rows[spot.row]?.base[spot.column];
    if (now === undefined) return;
    this.set([spot], [cycle(now, this.#rules.get(`${spot.row}.${spot.column}`) ?? base)]);
  }

  /** Cells a toggle acts on: of the shown rows, those that can be edited. */
  spots({ row, column }: Scope): Spot[] {
    const rows = row === null ? this.sight.shown : [row];
    const columns = column === null ? this.columns.map((_, at) => at) : [column];
    return rows.flatMap((at) => columns.map((to) => ({ row: at, column: to }))).filter(this.editable);
  }

  /** What a press of the toggle would do. */
  next(scope: Scope): Turn {
    const spots = this.spots(scope);
    const name = `${scope.row}.${scope.column}.${spots.map(({ row }) => row).join()}`;
    return turn(name, this.#cells(spots), this.#mix);
  }

  state(scope: Scope): Tri {
    return tri(this.#cells(this.spots(scope)));
  }

  /** Presses a toggle; what would change many cells waits in `bulk`. */
  toggle(scope: Scope) {
    this.#offer({ scope, spots: this.spots(scope), turn: this.next(scope) });
  }

  /** The same right for every cell of the scope. */
  fill(scope: Scope, cell: CellView) {
    const spots = this.spots(scope);
    const to = cell.state === "none" ? "none" : "all";
    this.#offer({ scope, spots, turn: { to, cells: spots.map(() => cell), mix: null } });
  }

  confirm() {
    const { bulk } = this;
    this.bulk = null;
    if (bulk !== null) this.#turn(bulk);
  }

  undo() {
    this.#travel(undone(this.history));
  }

  redo() {
    this.#travel(redone(this.history));
  }

  /** Rows as the server had them; all of them, or one. */
  reset(row: number | null) {
    const rows = row === null ? this.rows.map((_, at) => at) : [row];
    this.#mix = null;
    this.#step(
      rows.flatMap((at) => {
        const old = this.rows[at];
        return old === undefined || !rowChanged(old) ? [] : [{ row: at, before: old.now, after: old.base }];
      }),
    );
  }

  #cells(spots: Spot[]): CellView[] {
    return spots.flatMap((spot) => this.cell(spot) ?? []);
  }

  #offer(asked: Omit<Bulk, "count">) {
    const count = asked.spots.filter((spot, at) => {
      const [now, then] = [this.cell(spot), asked.turn.cells[at]];
      return now !== undefined && then !== undefined && !same(now, then);
    }).length;
    if (count > MANY) this.bulk = { ...asked, count };
    else this.#turn({ ...asked, count });
  }

  #turn({ spots, turn: { cells, mix } }: Bulk) {
    this.#put(spots, cells);
    this.#mix = mix;
  }

  #put(spots: Spot[], cells: CellView[]) {
    const after = new Map<number, CellView[]>();
    spots.forEach((spot, at) => {
      const cell = cells[at];
      const now = this.cell(spot);
      if (cell === undefined || now === undefined || !this.editable(spot) || same(now, cell)) return;
      if (now.state === "fields") this.#rules.set(`${spot.row}.${spot.column}`, now);
      const row = after.get(spot.row) ?? [...(this.rows[spot.row]?.now ?? [])];
      row[spot.column] = cell;
      after.set(spot.row, row);
    });
    this.#step([...after].map(([row, cells]) => ({ row, before: this.rows[row]?.now ?? [], after: cells })));
  }

  #step(step: Patch[]) {
    if (step.length === 0) return;
    this.history = pushed(this.history, step);
    this.#apply(step);
  }

  #travel(way: { history: History; step: Patch[] } | null) {
    if (way === null) return;
    this.#mix = null;
    this.history = way.history;
    this.#apply(way.step);
  }

  #apply(step: Patch[]) {
    this.rows = taken(this.rows, step);
    this.heard = step;
    this.#autosave.touch();
  }

  #replace(rows: DraftRow[]) {
    this.rows = rows;
    this.sight.clamp();
    this.history = EMPTY;
    this.#rules.clear();
    this.#mix = null;
    this.heard = [];
  }

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
