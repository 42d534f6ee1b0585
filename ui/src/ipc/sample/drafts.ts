/* eslint svelte/prefer-svelte-reactivity: "off" -- nothing here is drawn */
import type {
  CellEdit,
  CellView,
  ConflictCell,
  DraftChange,
  DraftColumn,
  DraftRow,
  DraftView,
  KeyRow,
  Review,
  ReviewChange,
} from "../generated/ipc";
import { NOW, rights } from "./people";

// A faithful stand-in for the core's drafts: base, changes, and what the server has, each on its own.
interface Kept {
  base: DraftRow[];
  /** What the server has now. */
  theirs: Map<string, CellView[]>;
  changes: Map<string, CellView[]>;
  savedAt: number | null;
}

export type Cells = CellView[];

const kept = new Map<string, Kept>();
export const at = ({ kind, resource }: { kind: string; resource: string }) => `${kind}/${resource}`;

const plain = (action: string): DraftColumn => ({ action, title: action, locked: null, only: false, except: false });

export function columnsOf(key: KeyRow): DraftColumn[] {
  const read = { ...plain("read"), only: true, except: true };
  const write = { ...plain("write"), only: true };
  if (key.deployment === "d1" || key.deployment === "d4") {
    return [read, write, { ...plain("delete"), locked: "This server counts deleting as writing" }];
  }
  if (key.deployment === "d3" || key.deployment === "d6") return [read, write];
  return ["get", "create", "update", "delete"].map((action) => plain(action));
}

function rowsOf(key: KeyRow): DraftRow[] {
  const columns = columnsOf(key);
  const widen = (cells: CellView[]) =>
    columns.map((column, c): CellView =>
      column.action === "delete" && columns.length === 3
        ? { state: "inherited", from: "write" }
        : (cells[c] ?? { state: "none" }),
    );
  const rows = rights(key).map(({ kind, resource, exists, cells }, r): DraftRow => {
    const now = widen(cells);
    const fields = r % 4 === 1 ? null : fieldsOf(resource);
    return { kind, resource, exists, base: now, now, fields, locked: null };
  });
  if (columns.length === 3) {
    const locked = columns.map((): CellView => ({ state: "locked", why: "Kept by the server for itself" }));
    const why = "Kept by the server for itself";
    rows.splice(1, 0, {
      ...{ kind: "collection", resource: "audit__led0", exists: true, base: locked, now: locked, fields: null },
      locked: why,
    });
    for (let n = rows.length; key.label === "datawarehouse" && n < 997; n += 1) rows.push(log(n, widen));
    for (const resource of ["invoice:", "lock:billing:", "session:"]) {
      const now = widen([{ state: resource === "session:" ? "none" : "all" }, { state: "none" }]);
      rows.push({ kind: "key prefix", resource, exists: true, base: now, now, fields: null, locked: null });
    }
  }
  return rows;
}

/** One key has as many rows as the editor is made for. */
function log(n: number, widen: (cells: CellView[]) => CellView[]): DraftRow {
  const now = widen([{ state: n % 3 === 0 ? "none" : "all" }, { state: n % 7 === 0 ? "all" : "none" }]);
  const resource = `log_${String(n).padStart(4, "0")}`;
  return { kind: "collection", resource, exists: true, base: now, now, fields: null, locked: null };
}

export function fieldsOf(resource: string): string[] {
  const more = resource === "customers" ? ["birth_date", "tax_id"] : resource === "users" ? ["password_hash"] : [];
  return ["id", "name", "email", "city", "country", "phone", "created_at", ...more];
}

export function keptOf(key: KeyRow): Kept {
  const found = kept.get(key.id);
  if (found !== undefined) return found;
  const base = rowsOf(key);
  const fresh: Kept = {
    base,
    theirs: new Map(base.map((row) => [at(row), row.base])),
    changes: new Map(),
    savedAt: null,
  };
  kept.set(key.id, fresh);
  return fresh;
}

export function view(key: KeyRow, openOperation: string | null): DraftView {
  const { base, changes, savedAt, theirs } = keptOf(key);
  const roles = key.deployment === "d2" || key.deployment === "d5";
  return {
    key: key.id,
    label: key.label,
    deployment_name: key.deployment_name,
    environment: key.environment,
    columns: columnsOf(key),
    why_not: roles ? "Its rights come from roles that it shares with other keys" : null,
    total: base.length,
    changed: changes.size,
    saved_at: savedAt,
    stale: savedAt !== null && base.some((row) => !equal(theirs.get(at(row)), row.base)),
    open_operation: openOperation,
  };
}

export const equal = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

export function rows(key: KeyRow, offset: number, limit: number) {
  const { base, changes } = keptOf(key);
  const all = base.slice(offset, offset + limit).map((row) => ({ ...row, now: changes.get(at(row)) ?? row.base }));
  return { rows: all, offset, total: base.length };
}

export function save(key: KeyRow, changes: DraftChange[]) {
  const draft = keptOf(key);
  const columns = columnsOf(key);
  const fit = (change: DraftChange) => {
    const row = draft.base.find((one) => at(one) === at(change));
    return change.cells.map((cell: CellEdit, c) => (columns[c]?.locked === null ? cell : (row?.base[c] ?? cell)));
  };
  draft.changes = new Map(changes.map((change) => [at(change), fit(change)]));
  draft.savedAt = changes.length === 0 ? null : NOW;
}

export function rebase(key: KeyRow) {
  const draft = keptOf(key);
  draft.base = draft.base.map((row) => ({ ...row, base: draft.theirs.get(at(row)) ?? row.base }));
  for (const row of draft.base) if (equal(draft.changes.get(at(row)), row.base)) draft.changes.delete(at(row));
}

/** Base, theirs and mine of every cell that the server changed meanwhile. */
export function conflicts(key: KeyRow): ConflictCell[] {
  const { base, theirs, changes } = keptOf(key);
  return base.flatMap((row) =>
    columnsOf(key).flatMap(({ action }, c) => {
      const [was, is] = [row.base[c], theirs.get(at(row))?.[c]];
      const mine = (changes.get(at(row)) ?? row.base)[c];
      if (was === undefined || is === undefined || mine === undefined || equal(was, is)) return [];
      return [{ kind: row.kind, resource: row.resource, column: action, base: was, theirs: is, mine }];
    }),
  );
}

export function review(key: KeyRow): Review {
  const { base, changes } = keptOf(key);
  const columns = columnsOf(key);
  const found: ReviewChange[] = [];
  const calls: string[] = [];
  for (const row of base) {
    const mine = changes.get(at(row));
    if (mine === undefined) continue;
    calls.push(`PATCH /api/keys/4be1c07a2d9f/permissions/${row.kind.split(" ").at(-1) ?? ""}s/${row.resource}`);
    columns.forEach(({ action, title }, c) => {
      const [before, after] = [row.base[c], mine[c]];
      if (before !== undefined && after !== undefined && !equal(before, after)) {
        found.push({ kind: row.kind, resource: row.resource, column: title, ...judged(row, action, before, after) });
      }
    });
  }
  return {
    changes: found,
    unchanged: base.length * columns.length - found.length,
    calls,
    plan: `plan-${found.length}-${calls.length}`,
  };
}

function judged(row: DraftRow, action: string, before: CellView, after: CellView) {
  const risks: ReviewChange["risks"] = [];
  const first = row.base.every((cell) => cell.state === "none" || cell.state === "inherited");
  const added = before.state === "none";
  if (added && first) risks.push("first_access");
  if (added && action === "write") risks.push("gains_write", "gains_delete");
  if (before.state === "fields" && after.state === "all") {
    risks.push(row.fields?.some((field) => field.includes("password")) ? "sensitive_fields" : "widens_fields");
  }
  const tone: ReviewChange["tone"] = added
    ? "added"
    : after.state === "none"
      ? "removed"
      : after.state === "all"
        ? "widened"
        : before.state === "all"
          ? "narrowed"
          : "changed";
  return { before, after, tone, risks };
}
