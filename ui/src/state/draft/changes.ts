import type { CellEdit, CellView, DraftChange, DraftRow } from "../../ipc/generated/ipc";
import { NONE, rowChanged } from "./cells";

/** The draft as it is saved: every changed row, whole. */
export function changesOf(rows: DraftRow[]): DraftChange[] {
  return rows.filter(rowChanged).map(({ kind, resource, now }) => ({ kind, resource, cells: cellsOf(now) }));
}

/** Cells as they are sent. */
export function cellsOf(cells: CellView[]): CellEdit[] {
  return cells.map((cell) => edit(cell));
}

/** A cell that nobody can edit has no edit of its own; the core knows the column and leaves it alone. */
function edit(cell: CellView): CellEdit {
  return cell.state === "inherited" || cell.state === "locked" ? NONE : cell;
}
