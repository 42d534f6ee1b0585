import type { KeyRow } from "../../ipc/generated/ipc";
import { listText as words } from "../../text/rotation/list";

/** Why this key is neither rotated nor revoked, as far as its row tells; the plan knows the rest. */
export function whyNot(row: KeyRow): string | null {
  if (row.gone_at !== null) return words.gone;
  return row.rights.admin ? words.admin : null;
}
