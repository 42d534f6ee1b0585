import type { Call } from "../../ipc/client";
import type { DraftRow } from "../../ipc/generated/ipc";
import { same } from "../draft/cells";

/** The core gives at most this many at once. */
const PAGE = 200;

/** Every row of a draft: toggles and reviews are about all of them, and a thousand are little. */
export async function readRows(call: Call, key: string): Promise<DraftRow[]> {
  const { rows, total } = await call("draft_rows", { key, offset: 0, limit: PAGE });
  const offsets: number[] = [];
  for (let offset = PAGE; offset < total; offset += PAGE) offsets.push(offset);
  const rest = await Promise.all(offsets.map((offset) => call("draft_rows", { key, offset, limit: PAGE })));
  return [...rows, ...rest.flatMap((page) => page.rows)];
}

/** True when a second reading says nothing new. */
export function sameRows(a: DraftRow[], b: DraftRow[]): boolean {
  return (
    a.length === b.length &&
    a.every((row, at) => {
      const other = b[at];
      return (
        other !== undefined &&
        row.kind === other.kind &&
        row.resource === other.resource &&
        row.locked === other.locked &&
        row.now.length === other.now.length &&
        row.now.every((cell, column) => same(cell, other.now[column] ?? cell)) &&
        row.base.every((cell, column) => same(cell, other.base[column] ?? cell))
      );
    })
  );
}
