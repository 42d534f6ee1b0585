import { cellDestination, type Place, type Size } from "../../../parts/grid/cells";

/** What a key does in the grid. */
export type Act =
  | { kind: "move"; to: Place }
  | { kind: "cycle" | "none" | "all" | "row" | "column" | "open" }
  /** The column that a letter stands for, in the current row. */
  | { kind: "letter"; column: number };

export type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** `actions`: the columns' words; a letter stands for the first column that begins with it. */
export function actOf(pressed: Pressed, from: Place, size: Size, actions: string[]): Act | null {
  const { key, altKey, shiftKey } = pressed;
  const ctrl = pressed.ctrlKey || pressed.metaKey;
  if (altKey) return null;
  if (key === " ") return { kind: ctrl ? "column" : shiftKey ? "row" : "cycle" };
  const to = cellDestination(key, ctrl, from, size);
  if (to !== undefined) return { kind: "move", to };
  if (ctrl) return null;
  if (key === "Enter" || key === "F2") return { kind: "open" };
  if (key === "*") return { kind: "all" };
  const letter = key.toLowerCase();
  const column = letter.length === 1 ? actions.findIndex((action) => action.toLowerCase().startsWith(letter)) : -1;
  if (column !== -1) return { kind: "letter", column };
  return letter === "n" ? { kind: "none" } : null;
}
