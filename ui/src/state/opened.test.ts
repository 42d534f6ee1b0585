import { describe, expect, it } from "vitest";
import type { Call } from "../ipc/client";
import { EFFECTS } from "../ipc/generated/ipc";
import { transport } from "../ipc/sample/sample";
import { Opened } from "./opened.svelte";

function watched(offline = false) {
  const asked: string[] = [];
  let running = 0;
  let most = 0;
  const call = (async (name, args) => {
    if (name !== "resource_fields") return transport.call(EFFECTS[name], name, args);
    asked.push((args as { resource: string }).resource);
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
    if (offline) throw Object.assign(new Error(), { code: "host_unreachable", params: {} });
    return { fields: ["a", "b"] };
  }) as Call;
  return { opened: new Opened(call), asked, most: () => most };
}

describe("fields of narrowed resources", () => {
  it("are asked for once each, one after the other", async () => {
    const { opened, asked, most } = watched();
    await opened.open("d1-k9");
    await opened.wantFields(0, 30);
    await opened.wantFields(0, 30);
    expect(asked.length).toBeGreaterThan(1);
    expect(new Set(asked).size).toBe(asked.length);
    expect(most()).toBe(1);
    expect([...opened.fields.keys()]).toEqual(asked);
  });

  it("are given up after one failure, until another key is opened", async () => {
    const { opened, asked } = watched(true);
    await opened.open("d1-k9");
    await opened.wantFields(0, 30);
    await opened.wantFields(0, 30);
    expect(asked).toHaveLength(1);
    await opened.open("d1-k10");
    await opened.wantFields(0, 30);
    expect(asked).toHaveLength(2);
  });
});

describe("opening another key", () => {
  it("changes its rights together with the rest", async () => {
    const { opened } = watched();
    await opened.open("d1-k9");
    const before = opened.rights;
    const turning = opened.open("d2-k3");
    expect(opened.detail?.row.id).toBe("d1-k9");
    expect(opened.rights).toBe(before);
    await turning;
    expect(opened.detail?.row.id).toBe("d2-k3");
    expect(opened.rights).not.toBe(before);
  });

  it("is not undone by an answer that comes late", async () => {
    const { opened } = watched();
    const slow = opened.open("d1-k9");
    await opened.open("d2-k3");
    await slow;
    expect(opened.detail?.row.id).toBe("d2-k3");
  });
});
