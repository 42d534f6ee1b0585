import type { Event } from "./generated/ipc";

export type Effect = "read" | "write" | "reveal";

/** How a command reaches the core. One is chosen when the window is built. */
export interface Transport {
  /** Resolves with the response, or rejects with a `Failure`. */
  call(effect: Effect, name: string, args: object): Promise<unknown>;
  /** Passes on every event for as long as the window lives. */
  subscribe(listener: (event: Event) => void): Promise<void>;
}
