import type { CellView } from "../../ipc/generated/ipc";
import { ALL, NONE } from "./cells";

export type Tri = "all" | "none" | "mixed";

export function tri(cells: CellView[]): Tri {
  if (cells.length > 0 && cells.every((cell) => cell.state === "all")) return "all";
  return cells.every((cell) => cell.state === "none") ? "none" : "mixed";
}

/** What a toggle met before it made everything equal, so that it can put it back. */
export interface Mix {
  /** Which toggle, over which cells. */
  scope: string;
  cells: CellView[];
  /** What it has made of them since. */
  left: Tri;
}

export interface Turn {
  to: "all" | "none" | "mix";
  cells: CellView[];
  mix: Mix | null;
}

/** One press of a toggle: mixed → all → none → the original mix, so that a look never destroys work. */
export function turn(scope: string, cells: CellView[], before: Mix | null): Turn {
  const state = tri(cells);
  const known = before !== null && before.scope === scope && before.left === state ? before : null;
  const every = (cell: CellView) => cells.map(() => cell);
  if (state === "mixed") return { to: "all", cells: every(ALL), mix: { scope, cells, left: "all" } };
  if (state === "all") return { to: "none", cells: every(NONE), mix: known && { ...known, left: "none" } };
  if (known !== null) return { to: "mix", cells: known.cells, mix: null };
  return { to: "all", cells: every(ALL), mix: null };
}
