/** Saves a moment after the last change, one save at a time; a change during a save is saved after it. */
export class Autosave {
  readonly #save: () => Promise<void>;
  readonly #wait: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #dirty = false;
  #running: Promise<void> | null = null;

  constructor(save: () => Promise<void>, wait = 400) {
    this.#save = save;
    this.#wait = wait;
  }

  get pending(): boolean {
    return this.#dirty || this.#running !== null;
  }

  touch() {
    this.#dirty = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), this.#wait);
  }

  /** Resolves once everything is saved, or saving has failed. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    while (this.#running !== null) await this.#running;
    if (!this.#dirty) return;
    this.#dirty = false;
    this.#running = this.#save().finally(() => (this.#running = null));
    await this.#running;
    if (this.#dirty) await this.flush();
  }

  /** What is not saved yet is not to be saved any more. */
  drop() {
    clearTimeout(this.#timer);
    this.#dirty = false;
  }
}
