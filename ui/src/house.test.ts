import { describe, expect, it } from "vitest";

const sources = import.meta.glob<string>("./**/*.{ts,svelte,css,json}", {
  query: "?raw",
  import: "default",
  eager: true,
});

describe("the screen", () => {
  it("names no provider", () => {
    // Put together here, so that this file passes too.
    const names = new RegExp(["eko" + "db", "kuz" + "zle", "eco" + "events", "app" + "base"].join("|"), "i");
    expect(Object.keys(sources).length).toBeGreaterThan(50);
    expect(Object.keys(sources).filter((file) => names.test(file + sources[file]))).toEqual([]);
  });

  it("keeps to files that can be read at a sitting", () => {
    const long = Object.keys(sources).filter(
      (file) => !file.includes("/generated/") && (sources[file]?.split("\n").length ?? 0) > 500,
    );
    expect(long).toEqual([]);
  });

  it("keeps to twelve files in a folder", () => {
    const folders = new Map<string, number>();
    for (const file of Object.keys(sources)) {
      const folder = file.slice(0, file.lastIndexOf("/"));
      folders.set(folder, (folders.get(folder) ?? 0) + 1);
    }
    expect([...folders].filter(([, files]) => files > 12)).toEqual([]);
  });

  it("has no style in its markup that the window's policy would refuse", () => {
    const inline = Object.keys(sources).filter(
      (file) => file.endsWith(".svelte") && /\sstyle="/.test(sources[file] ?? ""),
    );
    expect(inline).toEqual([]);
  });
});
