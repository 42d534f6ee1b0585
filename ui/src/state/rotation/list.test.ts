import { describe, expect, it } from "vitest";
import type { Call } from "../../ipc/client";
import type { RotationRow } from "../../ipc/generated/ipc";
import { Rotations } from "./list.svelte";

const row = (id: string, change: Partial<RotationRow>): RotationRow => ({
  id,
  purpose: "rotate",
  emergency: false,
  label: id,
  deployment_name: "shop",
  environment: "production",
  state: "verified",
  step: "deliver",
  waits_for_you: false,
  grade: null,
  began_at: 0,
  closed_at: null,
  ...change,
});

async function listed(rows: RotationRow[]) {
  const list = new Rotations((() => Promise.resolve(rows)) as unknown as Call);
  await list.load();
  return list;
}

const rows = [
  row("old", { began_at: 1, closed_at: 5 }),
  row("billing", { began_at: 2, waits_for_you: true }),
  row("search", { began_at: 3, deployment_name: "catalogue" }),
];
const ids = (list: Rotations) => list.shown.map(({ id }) => id);

describe("the list of rotations", () => {
  it("has the open ones first, the newest of them on top", async () => {
    expect(ids(await listed(rows))).toEqual(["search", "billing", "old"]);
  });

  it("keeps them first in every order", async () => {
    const list = await listed(rows);
    list.sort("label");
    expect(ids(list)).toEqual(["billing", "search", "old"]);
    list.sort("label");
    expect(ids(list)).toEqual(["search", "billing", "old"]);
  });

  it("narrows to what waits for a person, and to words", async () => {
    const list = await listed(rows);
    expect(list.waiting).toBe(1);
    list.choose("waiting");
    expect(ids(list)).toEqual(["billing"]);
    list.choose("all");
    list.narrow("catal");
    expect(ids(list)).toEqual(["search"]);
  });

  it("leaves whoever stands on one there when others come before it", async () => {
    let answer = rows;
    const list = new Rotations((() => Promise.resolve(answer)) as unknown as Call);
    await list.load();
    list.move(1);
    answer = [...rows, row("mailer", { began_at: 9 })];
    await list.load();
    expect(list.shown[list.active]?.id).toBe("billing");
    answer = rows.filter(({ id }) => id === "old");
    await list.load();
    expect(list.shown[list.active]?.id).toBe("old");
  });

  it("keeps what it has when asking fails, and says so", async () => {
    let fails = false;
    const call = () => (fails ? Promise.reject(new Error("no")) : Promise.resolve(rows));
    const list = new Rotations(call as unknown as Call);
    await list.load();
    fails = true;
    await list.load();
    expect(list.rows).toHaveLength(3);
    expect(list.failure?.code).toBe("internal");
  });
});
