/** The core's time, moving on while the window is open; ages and "2 min ago" follow it. */
export class Clock {
  now = $state(0);
  #offset = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** `core` is the time in an answer of the core, ms since 1970. */
  start(core: number) {
    this.#offset = core - Date.now();
    this.now = core;
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.tick(), 15_000);
  }

  /** Now, for what is counted by the second. */
  tick() {
    this.now = Date.now() + this.#offset;
  }

  stop() {
    clearInterval(this.#timer);
  }
}
