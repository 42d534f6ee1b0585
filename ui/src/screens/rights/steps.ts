import { effective, same } from "../../state/draft/cells";
import type { Patch } from "../../state/draft/history";
import type { Draft } from "../../state/rights/draft.svelte";
import { cellName, stepName } from "../../text/rights";

interface Touched {
  row: number;
  column: number;
}

function touched(step: Patch[]): Touched[] {
  return step.flatMap(({ row, before, after }) =>
    after.flatMap((cell, column) => (same(cell, before[column] ?? cell) ? [] : [{ row, column }])),
  );
}

/** What a step touched, for the names of undo and redo. */
export function stepWords(editor: Draft, step: Patch[]): string {
  const cells = touched(step).map(({ row, column }) => ({
    resource: editor.rows[row]?.resource ?? "",
    column: editor.columns[column]?.title ?? "",
  }));
  return stepName(cells);
}

/** The step that was taken last, as a screen reader says it. */
export function heardWords(editor: Draft): string {
  const cells = touched(editor.heard);
  const [first] = cells;
  const row = first && editor.rows[first.row];
  const column = first && editor.columns[first.column];
  if (cells.length === 1 && row !== undefined && column !== undefined) {
    const view = effective(row.now, editor.columns, first?.column ?? 0);
    return cellName(row, column, first?.column ?? 0, view, true, editor.names.of(row), null);
  }
  return cells.length === 0 ? "" : stepWords(editor, editor.heard);
}
