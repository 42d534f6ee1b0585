import { readFileSync } from "node:fs";
import { expect, type Locator } from "@playwright/test";
import type { Code } from "../../../ui/src/ipc/generated/ipc.ts";
import { sentences } from "../../../ui/src/text/errors.ts";

interface Sentence {
  what: string;
  why: string;
  do: string;
}

/** What a person reads for every code, with `{names}` of its parameters. */
export const SENTENCES = JSON.parse(
  readFileSync(new URL("../../../ui/src/text/errors.json", import.meta.url), "utf8"),
) as Record<Code, Sentence>;
export const CODES = Object.keys(SENTENCES) as Code[];

/** Parameters for which the screen has words of its own, as the core gives them. */
const WORDS: Record<string, string> = { check: "negative_control", conditions: "switch_confirmed fresh_list" };

/** A value for every parameter that the sentence of a code has. */
export function params(code: Code): Record<string, string> {
  const { what, why, do: act } = SENTENCES[code];
  const names = [...`${what} ${why} ${act}`.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "");
  return Object.fromEntries(names.map((name) => [name, WORDS[name] ?? `the ${name} of it`]));
}

/** The sentence as a pattern: each parameter is something, and not the sign of one that is missing. */
function pattern(template: string): RegExp {
  const parts = template.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(parts.join("[^…{}]+"));
}

/** The place says of that code what happened, why, and what to do, with every parameter filled in. */
export async function expectSaid(place: Locator, code: Code): Promise<void> {
  const { what, why, do: act } = SENTENCES[code];
  for (const template of [what, why, act]) await expect(place, code).toContainText(pattern(template));
}

/** It says at least what happened. */
export async function expectNamed(place: Locator, code: Code): Promise<void> {
  await expect(place, code).toContainText(pattern(SENTENCES[code].what));
}

/** After a failure with exactly `params(code)`, it says what the screen makes of them, word for word. */
export async function expectWorded(place: Locator, code: Code): Promise<void> {
  const { what, why, do: act } = sentences({ code, params: params(code) });
  for (const text of [what, why, act]) {
    expect(text, code).not.toMatch(/[…{}]|does not know/);
    await expect(place, code).toContainText(text);
  }
}
