import type { DraftRow } from "../../ipc/generated/ipc";
import { allowed, rowChanged } from "../draft/cells";

export type Show = "all" | "allowed" | "changed";

/** What one line of the grid is: a heading, or a row with its place among the shown rows. */
export type Item = { kind: string; count: number } | { row: number; at: number };

const FITS: Record<Show, (row: DraftRow) => boolean> = { all: () => true, allowed, changed: rowChanged };

/** Indices of the rows that fit, when the question is asked. */
export function fitting(rows: DraftRow[], show: Show): Set<number> {
  return new Set(rows.flatMap((row, index) => (FITS[show](row) ? [index] : [])));
}

/**
 * Rows to show, kind by kind. Those that fitted when the question was asked stay, so that a row does not vanish under the hand that
 * changes it.
 */
export function shownRows(rows: DraftRow[], text: string, show: Show, kept: Set<number>): number[] {
  const wanted = text.trim().toLowerCase();
  const found: number[] = [];
  rows.forEach((row, index) => {
    if (wanted !== "" && !row.resource.toLowerCase().includes(wanted)) return;
    if (show === "all" || kept.has(index) || FITS[show](row)) found.push(index);
  });
  const kinds = [...new Set(rows.map(({ kind }) => kind))];
  if (kinds.length === 1) return found;
  return kinds.flatMap((kind) => found.filter((index) => rows[index]?.kind === kind));
}

/** The lines of the grid; with more than one kind of resource each kind has its heading. */
export function itemsOf(rows: DraftRow[], shown: number[]): Item[] {
  const counts = new Map<string, number>();
  for (const index of shown) {
    const kind = rows[index]?.kind ?? "";
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const several = new Set(rows.map(({ kind }) => kind)).size > 1;
  const items: Item[] = [];
  let before: string | null = null;
  shown.forEach((row, at) => {
    const kind = rows[row]?.kind ?? "";
    if (several && kind !== before) items.push({ kind, count: counts.get(kind) ?? 0 });
    before = kind;
    items.push({ row, at });
  });
  return items;
}
