/* eslint svelte/prefer-svelte-reactivity: "off" -- maps here are replaced as a whole, or nobody watches them */
import type { CellView, DraftColumn, DraftRow } from "../../ipc/generated/ipc";
import { changed, cycle, editable, rowChanged, same, type Spot } from "../draft/cells";
import { EMPTY, pushed, redone, taken, undone, type History, type Patch } from "../draft/history";
import { tri, turn, type Mix, type Tri, type Turn } from "../draft/toggle";
import type { FieldNames } from "./names.svelte";
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

/** What a row is told apart by. */
export const nameOf = ({ kind, resource }: DraftRow) => `${kind} ${resource}`;

/** Rows under the hand: every way to change them, and back. */
export abstract class Draft {
  rows = $state.raw<DraftRow[]>([]);
  history = $state.raw<History>(EMPTY);
  bulk = $state.raw<Bulk | null>(null);
  /** The step that was taken last, for whoever cannot see it. */
  heard = $state.raw<Patch[]>([]);
  /** The same rows as they were read: what they are called does not change with their rights. */
  #read = $state.raw<DraftRow[]>([]);
  readonly sight = new Sight(
    () => this.rows,
    () => this.#read,
  );
  readonly changedRows = $derived(this.rows.filter(rowChanged).length);
  readonly changedCells = $derived(
    this.rows.reduce((sum, row) => sum + row.now.filter((_, column) => changed(row, column)).length, 0),
  );
  /** The row whose fields the panel shows. */
  fieldRow = $state<number | null>(null);
  abstract readonly names: FieldNames;
  abstract readonly columns: DraftColumn[];
  /** What the grid is called. */
  abstract readonly title: string;
  /** There is nothing yet that it could differ from. */
  abstract readonly fresh: boolean;
  /** Nothing can be edited. */
  abstract readonly fixed: boolean;
  #rules = new Map<string, CellView>();
  #mix: Mix | null = null;

  /** A change wants to be kept. */
  protected abstract touched(): void;

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
    // Read once: with a thousand rows every look at a signal counts.
    const { rows, columns, fixed } = this;
    if (fixed) return [];
    const found: Spot[] = [];
    for (const at of row === null ? this.sight.shown : [row]) {
      const one = rows[at];
      for (let to = column ?? 0; one !== undefined && to <= (column ?? columns.length - 1); to += 1) {
        if (editable(one, columns, to)) found.push({ row: at, column: to });
      }
    }
    return found;
  }

  /** How a toggle stands, and what a press of it would do. */
  look(scope: Scope): { fixed: boolean; state: Tri; to: Turn["to"] } {
    const spots = this.spots(scope);
    const state = tri(this.#cells(spots));
    return { fixed: spots.length === 0, state, to: this.#next(scope, spots).to };
  }

  #next(scope: Scope, spots: Spot[]): Turn {
    const name = `${scope.row}.${scope.column}.${spots.map(({ row }) => row).join()}`;
    return turn(name, this.#cells(spots), this.#mix);
  }

  /** Presses a toggle; what would change many cells waits in `bulk`. */
  toggle(scope: Scope) {
    const spots = this.spots(scope);
    this.#offer({ scope, spots, turn: this.#next(scope, spots) });
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
    const { rows } = this;
    return spots.flatMap(({ row, column }) => rows[row]?.now[column] ?? []);
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
    this.touched();
  }

  /** The rights of these rows as one step that can be undone; other rows take the place of what is here. */
  protected adopt(rows: DraftRow[]) {
    const before = this.rows;
    const others = rows.length !== before.length || rows.some((row, at) => nameOf(row) !== nameOf(before[at] ?? row));
    if (others) {
      this.replace(rows);
      return;
    }
    this.bulk = this.#mix = null;
    this.#step(
      before.flatMap(({ now }, row) => {
        const after = rows[row]?.now ?? now;
        return now.every((cell, column) => same(cell, after[column] ?? cell)) ? [] : [{ row, before: now, after }];
      }),
    );
  }

  /** Rows that were read anew; whatever was about one of the old ones goes along with it, or ends. */
  protected replace(rows: DraftRow[]) {
    const places = new Map(rows.map((row, at) => [nameOf(row), at]));
    const before = this.rows;
    const to = (row: number) => {
      const old = before[row];
      return (old && places.get(nameOf(old))) ?? null;
    };
    const focused = this.sight.row;
    this.rows = this.#read = rows;
    this.sight.moved(focused, to);
    this.fieldRow = this.fieldRow === null ? null : to(this.fieldRow);
    this.bulk = null;
    this.history = EMPTY;
    this.#rules.clear();
    this.#mix = null;
    this.heard = [];
  }
}
