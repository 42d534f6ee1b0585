import type { Code, Failure } from "../ipc/generated/ipc";
import json from "./errors.json" with { type: "json" };
import { checkWord, conditionWords } from "./rotation/proof";

/** What happened, why, and what to do. */
export interface Sentences {
  what: string;
  why: string;
  do: string;
}

// A code without its sentences does not compile.
const SENTENCES: Record<Code, Sentences> = json;

/** Parameters that are the core's own words and have sentences here. */
const WORDS: Record<string, ((word: string) => string) | undefined> = {
  check: checkWord,
  conditions: (words) => conditionWords(words).join(" "),
};

export const CODES = Object.keys(SENTENCES) as Code[];

export function sentences({ code, params }: Failure): Sentences {
  const { what, why, do: act } = (SENTENCES[code] as Sentences | undefined) ?? SENTENCES.internal;
  const word = (name: string) => WORDS[name]?.(params[name] ?? "") ?? params[name] ?? "…";
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (_, name: string) => word(name));
  return { what: fill(what), why: fill(why), do: fill(act) };
}

/** For a report: the code and its parameters, which never hold a secret. */
export function details(failure: Failure): string {
  return JSON.stringify({ code: failure.code, params: failure.params }, null, 2);
}
