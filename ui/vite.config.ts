import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { loadEnv, type Plugin } from "vite";
import { defineConfig } from "vitest/config";

const TRANSPORTS: Record<string, string> = {
  tauri: "/src/ipc/tauri.ts",
  http: "/src/ipc/http.ts",
  sample: "/src/ipc/sample/sample.ts",
};

/** The page asks for the console beside the program that waits for it, instead of after that has begun. */
function preloaded(): Plugin {
  return {
    name: "keystead-preloaded",
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle }) {
        if (bundle === undefined) return;
        const chunks = Object.values(bundle).filter((one) => one.type === "chunk");
        const app = chunks.find((chunk) => chunk.facadeModuleId?.endsWith("/src/App.svelte"));
        if (app === undefined) throw new Error("The console is no longer a chunk of its own.");
        // In the order in which the program would ask for them: its style comes after what it is made of.
        const needed = [...chunks.filter((chunk) => app.imports.includes(chunk.fileName)), app];
        const link = (rel: string, file: string) => ({
          tag: "link",
          attrs: { rel, href: `/${file}` },
          // After the policy is watched, and after the style that everything has in common.
          injectTo: "head" as const,
        });
        return needed
          .filter((chunk) => !chunk.isEntry)
          .flatMap((chunk) => [
            ...[...(chunk.viteMetadata?.importedCss ?? [])].map((file) => link("stylesheet", file)),
            link("modulepreload", chunk.fileName),
          ]);
      },
    },
  };
}

export default defineConfig(({ mode }) => {
  const name = process.env["VITE_TRANSPORT"] ?? loadEnv(mode, import.meta.dirname)["VITE_TRANSPORT"] ?? "tauri";
  const transport = TRANSPORTS[name];
  if (transport === undefined)
    throw new Error(`VITE_TRANSPORT=${name} is not one of ${Object.keys(TRANSPORTS).join(", ")}`);
  return {
    plugins: [svelte(), svelteTesting(), preloaded()],
    // The transport is an alias, not a condition: what is not chosen cannot reach the bundle.
    resolve: {
      alias: [{ find: "#transport", replacement: import.meta.dirname + transport }],
    },
    server: { host: "127.0.0.1" },
    // The sentences are text until they are asked for, not a program to be read.
    json: { stringify: true },
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
