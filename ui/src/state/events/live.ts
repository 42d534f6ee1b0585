import type { Area, Event, Failure } from "../../ipc/generated/ipc";

export interface Reactions {
  changed(areas: Set<Area>): void;
  progress(event: Extract<Event, { kind: "progress" }>): void;
  attention(failure: Failure): void;
  locked(): void;
  clipboard(cleared: boolean): void;
}

/** Turns the core's events into reloads: the newest revision counts, and what comes together is done together. */
export class Live {
  readonly #reactions: Reactions;
  readonly #wait: number;
  readonly #seen = new Map<Area, number>();
  #pending = new Set<Area>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(reactions: Reactions, wait = 50) {
    this.#reactions = reactions;
    this.#wait = wait;
  }

  take(event: Event) {
    switch (event.kind) {
      case "changed":
        if (event.revision <= (this.#seen.get(event.area) ?? -1)) return;
        this.#seen.set(event.area, event.revision);
        this.#pending.add(event.area);
        this.#timer ??= setTimeout(() => {
          this.#timer = undefined;
          const areas = this.#pending;
          this.#pending = new Set();
          this.#reactions.changed(areas);
        }, this.#wait);
        return;
      case "progress":
        this.#reactions.progress(event);
        return;
      case "attention":
        this.#reactions.attention(event.failure);
        return;
      case "locked":
        this.#reactions.locked();
        return;
      case "clipboard":
        this.#reactions.clipboard(event.cleared);
        return;
    }
  }
}
