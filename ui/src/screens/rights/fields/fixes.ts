import type { CellView, DraftColumn } from "../../../ipc/generated/ipc";
import { withField, type Lint } from "../../../state/draft/fields";

/** The cell that would silence a lint, and where it goes; null when nothing simple does. */
export function fixed(
  lint: Lint,
  cells: CellView[],
  see: number,
  write: number,
  fields: string[],
  columns: DraftColumn[],
): { at: number; cell: CellView } | null {
  const without = (at: number) => {
    const [start, column] = [cells[at], columns[at]];
    if (start === undefined || column === undefined) return null;
    const cell = lint.fields.reduce((now, field) => withField(now, field, false, fields, column), start);
    return { at, cell };
  };
  if (lint.kind === "unseen") return without(write);
  if (lint.kind === "sensitive") return without(see);
  const cell = cells[lint.column];
  if (cell?.state !== "fields" || cell.only === null) return null;
  return { at: lint.column, cell: { ...cell, only: cell.only.filter((name) => !lint.fields.includes(name)) } };
}
