import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Area } from "../../ipc/generated/ipc";
import { Live } from "./live";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watched() {
  const seen: Area[][] = [];
  const ignore = () => undefined;
  const live = new Live({
    changed: (areas) => seen.push([...areas]),
    progress: ignore,
    attention: ignore,
    locked: ignore,
    clipboard: ignore,
  });
  return { live, seen };
}

describe("changes", () => {
  it("that come together are acted on once", () => {
    const { live, seen } = watched();
    live.take({ kind: "changed", area: "keys", revision: 1 });
    live.take({ kind: "changed", area: "keys", revision: 2 });
    live.take({ kind: "changed", area: "deployments", revision: 2 });
    expect(seen).toEqual([]);
    vi.runAllTimers();
    expect(seen).toEqual([["keys", "deployments"]]);
  });

  it("older than what was seen are ignored, area by area", () => {
    const { live, seen } = watched();
    live.take({ kind: "changed", area: "keys", revision: 5 });
    vi.runAllTimers();
    live.take({ kind: "changed", area: "keys", revision: 4 });
    live.take({ kind: "changed", area: "keys", revision: 5 });
    live.take({ kind: "changed", area: "settings", revision: 3 });
    vi.runAllTimers();
    expect(seen).toEqual([["keys"], ["settings"]]);
  });
});
