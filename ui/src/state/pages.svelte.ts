/* eslint svelte/prefer-svelte-reactivity: "off" -- a map here is replaced as a whole, never changed in place */
import { failure } from "../ipc/client";
import type { Failure } from "../ipc/generated/ipc";

/** Rows of one request; the core gives at most 200. */
export const PAGE = 100;
/** Pages kept in memory; the rest is asked for again when it comes into view. */
const KEPT = 12;

export interface Page<Row> {
  rows: Row[];
  offset: number;
  total: number;
}

interface Held<Row> {
  rows: Row[];
  stale: boolean;
}

/**
 * A long list of which only the visible part is here. Rows on the screen stay until newer ones are complete, so
 * nothing flickers; an answer to a question no longer asked is dropped.
 */
export class Pages<Query, Row, Answer extends Page<Row> = Page<Row>> {
  total = $state(0);
  /** True once anything has been answered. */
  ready = $state(false);
  failure = $state.raw<Failure | null>(null);
  /** The latest answer, for what it says beside its rows. */
  answer = $state.raw<Answer | null>(null);
  #held = $state.raw(new Map<number, Held<Row>>());
  #query: Query | null = null;
  #first = 0;
  #last = PAGE - 1;
  #question = 0;
  #pumping = 0;
  #run: Promise<void> = Promise.resolve();
  readonly #fetch: (query: Query, offset: number, limit: number) => Promise<Answer>;

  constructor(fetch: (query: Query, offset: number, limit: number) => Promise<Answer>) {
    this.#fetch = fetch;
  }

  row(index: number): Row | undefined {
    return this.#held.get(Math.floor(index / PAGE))?.rows[index % PAGE];
  }

  /** Index of the first loaded row that fits, or -1. */
  find(fits: (row: Row) => boolean): number {
    for (const [page, { rows }] of this.#held) {
      const at = rows.findIndex(fits);
      if (at !== -1) return page * PAGE + at;
    }
    return -1;
  }

  /** Asks a new question, from the top. */
  ask(query: Query): Promise<void> {
    this.#query = query;
    this.#question += 1;
    this.#first = 0;
    this.#last = PAGE - 1;
    return this.#pump(true);
  }

  /** The rows on the screen are old: asks again for those, for others when they come into view. */
  refresh(): Promise<void> {
    const aged = new Map<number, Held<Row>>();
    for (const [page, { rows }] of this.#held) aged.set(page, { rows, stale: true });
    this.#held = aged;
    return this.#pump(false);
  }

  /** Until the latest question has its answer. */
  async settled(): Promise<void> {
    for (let run; run !== this.#run;) {
      run = this.#run;
      await run;
    }
  }

  /** Says which rows are visible. */
  show(first: number, last: number) {
    this.#first = Math.max(0, first);
    this.#last = Math.max(this.#first, last);
    void this.#pump(false);
  }

  /** One run per question: whoever comes while it runs waits for its end. */
  #pump(fresh: boolean): Promise<void> {
    if (this.#query === null) return Promise.resolve();
    if (fresh || this.#pumping !== this.#question) {
      this.#pumping = this.#question;
      this.#run = this.#fill(this.#query, this.#question, fresh);
    }
    return this.#run;
  }

  async #fill(query: Query, question: number, fresh: boolean): Promise<void> {
    let wanted = fresh ? [0] : this.#wanted();
    while (wanted.length > 0) {
      const before = this.#held;
      try {
        const answers = await Promise.all(wanted.map((page) => this.#fetch(query, page * PAGE, PAGE)));
        if (question !== this.#question) return;
        this.#take(wanted, answers, fresh, before);
        fresh = false;
      } catch (thrown) {
        if (question !== this.#question) return;
        this.failure = failure(thrown);
        this.ready = true;
        break;
      }
      wanted = this.#wanted();
    }
    this.#pumping = 0;
  }

  #wanted(): number[] {
    const last = Math.min(this.#last, Math.max(0, this.total - 1));
    const pages: number[] = [];
    for (let page = Math.floor(this.#first / PAGE); page <= Math.floor(last / PAGE); page += 1) {
      if (this.#held.get(page)?.stale ?? true) pages.push(page);
    }
    return pages.slice(0, 3);
  }

  #take(pages: number[], answers: Answer[], fresh: boolean, before: Map<number, Held<Row>>) {
    const held = fresh ? new Map<number, Held<Row>>() : new Map(this.#held);
    // A change announced while we were asking may be missing from the answers.
    const stale = before !== this.#held;
    pages.forEach((page, at) => {
      held.delete(page);
      held.set(page, { rows: answers[at]?.rows ?? [], stale });
    });
    for (const page of held.keys()) {
      if (held.size <= KEPT) break;
      held.delete(page);
    }
    const answer = answers.at(-1);
    if (answer !== undefined) {
      this.answer = answer;
      this.total = answer.total;
    }
    this.#held = held;
    this.failure = null;
    this.ready = true;
  }
}
