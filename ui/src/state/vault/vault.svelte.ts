import { failure, type Call } from "../../ipc/client";
import type { Failure, HomeWord } from "../../ipc/generated/ipc";
import type { Session } from "../session.svelte";

/** The vault: where its key is, whether it is open, and what the user does about it. */
export class Vault {
  busy = $state(false);
  /** Why the last attempt failed. */
  failure = $state.raw<Failure | null>(null);
  /** The page that asks where the key is to be kept is shown. */
  settingUp = $state(false);
  readonly #call: Call;
  readonly #session: Session;
  readonly #opened: () => Promise<unknown>;

  constructor(call: Call, session: Session, opened: () => Promise<unknown>) {
    this.#call = call;
    this.#session = session;
    this.#opened = opened;
  }

  get home(): HomeWord {
    return this.#session.app?.vault.home ?? "unset";
  }

  get locked(): boolean {
    return this.home !== "unset" && this.#session.app?.vault.open === false;
  }

  get lockedAt(): number | null {
    return this.#session.app?.vault.locked_at ?? null;
  }

  /** The passphrase goes to the core and stays nowhere here. */
  async unlock(passphrase: string | null): Promise<void> {
    await this.#turn("vault_unlock", passphrase, this.#opened);
  }

  async setUp(passphrase: string | null): Promise<boolean> {
    const done = await this.#turn("vault_setup", passphrase, () => Promise.resolve());
    if (done) this.settingUp = false;
    return done;
  }

  /** The window is destroyed with all it shows; where it is not, it shows that it is locked. */
  async lock(): Promise<void> {
    if (this.home === "unset" || this.locked) return;
    this.failure = null;
    try {
      await this.#call("vault_lock", {});
    } catch {
      // What went wrong shows in the state, which is asked for next.
    }
    await this.#session.load();
  }

  /** What is in the vault is read before the window shows that it is open, or it would show that there is nothing. */
  async #turn(
    name: "vault_unlock" | "vault_setup",
    passphrase: string | null,
    read: () => Promise<unknown>,
  ): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.failure = null;
    try {
      await this.#call(name, { passphrase: passphrase === null ? null : { secret: passphrase } });
      await read();
      await this.#session.load();
      return true;
    } catch (thrown) {
      this.failure = failure(thrown);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
