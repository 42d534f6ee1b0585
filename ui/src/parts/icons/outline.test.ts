import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { IconNode } from "lucide";
import { outline } from "./outline";

/** The icons that are drawn anywhere, by their names. */
function drawn(): string[] {
  const root = import.meta.dirname + "/../../";
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => /\.(svelte|ts)$/.test(name));
  const text = files.map((name) => readFileSync(root + name, "utf8")).join("\n");
  return [...new Set([...text.matchAll(/from "#icons\/([a-z0-9-]+)"/g)].map((found) => found[1] ?? ""))];
}

async function icon(name: string): Promise<IconNode> {
  const file = `lucide/dist/esm/icons/${name}.mjs`;
  return ((await import(/* @vite-ignore */ file)) as { default: IconNode }).default;
}

describe("an icon in one path", () => {
  it("keeps its lines, each from where it began", () => {
    const node: IconNode = [
      ["path", { d: "m6 6 12 12" }],
      ["line", { x1: "5", x2: "19", y1: "9", y2: "9" }],
    ];
    expect(outline(node)).toBe("M0 0m6 6 12 12M5 9L19 9");
  });

  it("draws a circle as two halves and a box with its corners", () => {
    expect(outline([["circle", { cx: "12", cy: "7", r: "4" }]])).toBe("M8 7a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z");
    expect(outline([["rect", { width: "20", height: "14", x: "2", y: "3", rx: "2" }]])).toBe(
      "M4 3h16a2 2 0 0 1 2 2v10a2 2 0 0 1 -2 2h-16a2 2 0 0 1 -2 -2v-10a2 2 0 0 1 2 -2z",
    );
  });

  it("refuses what it cannot draw", () => {
    expect(() => outline([["polygon", { points: "0,0 1,1" }]])).toThrow("polygon");
  });

  it("knows every shape of every icon that is drawn, and nothing is filled that its line does not cover", async () => {
    const names = drawn();
    expect(names.length).toBeGreaterThan(40);
    for (const name of names) {
      const node = await icon(name);
      expect(outline(node), name).toMatch(/^M[\d.]/);
      expect(outline(node), name).not.toContain("NaN");
      for (const [tag, shape] of node) {
        // Half the thinnest line.
        if ("fill" in shape) expect([tag, Number(shape["r"]) <= 1.75 / 2], name).toEqual(["circle", true]);
        expect(shape["ry"] ?? shape["rx"], name).toBe(shape["rx"]);
      }
    }
  });
});
