import svelte from "eslint-plugin-svelte";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

const tauri = { group: ["@tauri-apps/*"], message: "Only ipc/tauri.ts talks to Tauri." };
const ipc = {
  group: ["**/ipc/**", "#transport"],
  allowTypeImports: true,
  message: "Screens reach the core through state/.",
};
const only = (...patterns) => ({ "@typescript-eslint/no-restricted-imports": ["error", { patterns }] });

export default defineConfig(
  { ignores: ["dist", "dist-*", "src/ipc/generated"] },
  tseslint.configs.strict,
  tseslint.configs.stylistic,
  svelte.configs.recommended,
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: tseslint.parser, extraFileExtensions: [".svelte"] } },
  },
  {
    rules: {
      "no-undef": "off",
      "no-console": "error",
      "max-lines": ["error", 500],
      "@typescript-eslint/switch-exhaustiveness-check": "off",
      "svelte/no-at-html-tags": "error",
      // An inline style in the markup is refused by the window's policy; style: directives go through the CSSOM.
      "no-restricted-syntax": ["error", { selector: 'SvelteAttribute[key.name="style"]', message: "Use style:name." }],
      "svelte/no-dom-manipulating": "error",
      "svelte/button-has-type": "error",
      ...only(tauri),
    },
  },
  { files: ["src/ipc/tauri.ts"], rules: only() },
  { files: ["src/screens/**", "src/App.svelte"], rules: only(tauri, ipc) },
  {
    files: ["src/parts/**"],
    rules: only(tauri, {
      group: ["**/ipc/**", "**/state/**", "**/screens/**"],
      message: "A part knows only parts, style and text.",
    }),
  },
);
