import { failure, type Call } from "../ipc/client";
import type { AppState, Failure, Settings, Theme } from "../ipc/generated/ipc";

/** Who we are running for: profile, version, settings. */
export class Session {
  app = $state.raw<AppState | null>(null);
  /** Why there is no session at all. */
  failure = $state.raw<Failure | null>(null);
  settings = $state.raw<Settings>({ theme: "system", panel_width: 400, panel_open: false });
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  async load(): Promise<AppState | null> {
    try {
      const app = await this.#call("app_state", {});
      this.app = app;
      this.failure = null;
      this.#apply(app.settings);
      return app;
    } catch (thrown) {
      this.failure = failure(thrown);
      return null;
    }
  }

  setTheme(theme: Theme) {
    void this.save({ theme });
  }

  /** Shows the change at once; what the core made of it counts in the end. */
  async save(change: Partial<Settings>): Promise<void> {
    const wanted = { ...this.settings, ...change };
    this.#apply(wanted);
    try {
      const saved = await this.#call("settings_save", wanted);
      if (this.settings === wanted) this.#apply(saved);
    } catch {
      // The setting holds for this window; there is nothing the user could do about it now.
    }
  }

  #apply(settings: Settings) {
    this.settings = settings;
    document.documentElement.dataset["theme"] = settings.theme;
  }
}
