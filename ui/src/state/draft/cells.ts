import type { CellEdit, CellView, DraftColumn, DraftRow } from "../../ipc/generated/ipc";

/** A cell of the grid by its row and column in the draft. */
export interface Spot {
  row: number;
  column: number;
}

export const NONE: CellEdit = { state: "none" };
export const ALL: CellEdit = { state: "all" };

/** The same right; the order of fields in a rule means nothing, a missing list and an empty one are different. */
export function same(a: CellView, b: CellView): boolean {
  if (a.state !== b.state) return false;
  if (a.state === "fields" && b.state === "fields") return sameList(a.only, b.only) && sameList(a.except, b.except);
  return true;
}

function sameList(a: string[] | null, b: string[] | null): boolean {
  if (a === null || b === null) return a === b;
  const names = new Set(a);
  return names.size === new Set(b).size && b.every((name) => names.has(name));
}

export function editable(row: DraftRow, columns: DraftColumn[], column: number): boolean {
  const state = row.now[column]?.state;
  if (row.locked !== null || columns[column]?.locked !== null) return false;
  return state === "none" || state === "all" || state === "fields";
}

export function changed(row: DraftRow, column: number): boolean {
  const [base, now] = [row.base[column], row.now[column]];
  return base !== undefined && now !== undefined && !same(base, now);
}

export function rowChanged(row: DraftRow): boolean {
  return row.now !== row.base && row.now.some((_, column) => changed(row, column));
}

/** What a cell allows in effect: a column that follows one without a right gives none. */
export function effective(cells: CellView[], columns: DraftColumn[], column: number): CellView {
  const cell = cells[column] ?? NONE;
  if (cell.state !== "inherited") return cell;
  const source = cells[columns.findIndex(({ action }) => action === cell.from)];
  return source?.state === "none" ? source : cell;
}

export function allowed(row: DraftRow): boolean {
  return row.now.some((cell) => cell.state === "all" || cell.state === "fields");
}

/** Where Space leads: rule → all → none → the rule again; without a rule only all and none. */
export function cycle(now: CellView, rule: CellView | undefined): CellView {
  if (now.state === "fields") return ALL;
  if (now.state === "all") return NONE;
  return rule?.state === "fields" ? rule : ALL;
}
