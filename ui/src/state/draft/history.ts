import type { CellView } from "../../ipc/generated/ipc";

/** One row before and after a step. */
export interface Patch {
  row: number;
  before: CellView[];
  after: CellView[];
}

export interface History {
  past: Patch[][];
  future: Patch[][];
}

export const EMPTY: History = { past: [], future: [] };

/** A new step; what was undone before it is forgotten. */
export function pushed({ past }: History, step: Patch[]): History {
  return step.length === 0 ? { past, future: [] } : { past: [...past, step], future: [] };
}

/** The history after going back, and the rows as they were; null when there is nothing to undo. */
export function undone({ past, future }: History): { history: History; step: Patch[] } | null {
  const step = past.at(-1);
  if (step === undefined) return null;
  const back = step.map(({ row, before, after }) => ({ row, before: after, after: before }));
  return { history: { past: past.slice(0, -1), future: [...future, step] }, step: back };
}

export function redone({ past, future }: History): { history: History; step: Patch[] } | null {
  const step = future.at(-1);
  if (step === undefined) return null;
  return { history: { past: [...past, step], future: future.slice(0, -1) }, step };
}

/** The rows with the step taken. */
export function taken<Row extends { now: CellView[] }>(rows: Row[], step: Patch[]): Row[] {
  const next = [...rows];
  for (const { row, after } of step) {
    const old = next[row];
    if (old !== undefined) next[row] = { ...old, now: after };
  }
  return next;
}
