import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { loadEnv } from "vite";
import { defineConfig } from "vitest/config";

const TRANSPORTS: Record<string, string> = {
  tauri: "/src/ipc/tauri.ts",
  http: "/src/ipc/http.ts",
  sample: "/src/ipc/sample/sample.ts",
};

export default defineConfig(({ mode }) => {
  const name = process.env["VITE_TRANSPORT"] ?? loadEnv(mode, import.meta.dirname)["VITE_TRANSPORT"] ?? "tauri";
  const transport = TRANSPORTS[name];
  if (transport === undefined)
    throw new Error(`VITE_TRANSPORT=${name} is not one of ${Object.keys(TRANSPORTS).join(", ")}`);
  return {
    plugins: [svelte(), svelteTesting()],
    // The transport is an alias, not a condition: what is not chosen cannot reach the bundle.
    resolve: {
      alias: [
        { find: "#transport", replacement: import.meta.dirname + transport },
        // What every icon of the library imports; nothing of ours has that name at that place.
        { find: /^\.\.\/Icon\.svelte$/, replacement: import.meta.dirname + "/src/parts/marks/Drawn.svelte" },
      ],
    },
    server: { host: "127.0.0.1" },
    build: {
      target: "safari16",
      // The window's policy has no data: source, and no inline script.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
    test: {
      environment: "happy-dom",
      include: ["src/**/*.test.ts"],
      setupFiles: ["./vitest.setup.ts"],
      testTimeout: 60_000,
      hookTimeout: 60_000,
      // The colour tests read the style sheets as they are.
      css: { include: [/.+/] },
    },
  };
});
