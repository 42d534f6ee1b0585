import type { Call } from "../../ipc/client";
import type { EnvPreview, RotationView } from "../../ipc/generated/ipc";
import { Attempts } from "./attempt.svelte";

/** Handing the new secret over. The secret itself never comes here. */
export class Handover {
  file = $state.raw<{ handle: string; path: string } | null>(null);
  variable = $state("");
  preview = $state.raw<EnvPreview | null>(null);
  person = $state("");
  /** What became of the secret on the clipboard, as the core tells it. */
  cleared = $state<boolean | null>(null);
  readonly writing = new Attempts();
  /** The file is being written, and not only chosen or looked at. */
  sends = $state(false);
  readonly laying = new Attempts();
  readonly telling = new Attempts();
  #operation: string | null = null;
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  follow(view: RotationView) {
    if (this.#operation === view.id) return;
    this.forget();
    this.#operation = view.id;
    this.variable = view.variables[0] ?? "";
  }

  async choose(): Promise<void> {
    const went = await this.writing.run(async (still) => {
      const { handle, path } = await this.#call("file_pick", {});
      if (!still() || handle === null) return;
      this.file = { handle, path: path ?? "" };
      this.preview = null;
    });
    if (went && this.file !== null) await this.look();
  }

  /** Another name is another change: it is looked at anew. */
  rename(variable: string) {
    this.variable = variable;
    this.preview = null;
  }

  async look(): Promise<void> {
    const { file, variable } = this;
    const operation = this.#operation;
    if (file === null || operation === null) return;
    await this.writing.run(async (still) => {
      const preview = await this.#call("env_preview", { operation, file: file.handle, variable });
      // What is shown is what will be written: another name typed meanwhile is looked at by itself.
      if (still() && this.variable === variable) this.preview = preview;
    });
  }

  async write(): Promise<boolean> {
    const { file, preview, variable } = this;
    const operation = this.#operation;
    if (file === null || preview === null || operation === null) return false;
    const { content } = preview;
    this.sends = true;
    const went = await this.writing.run(async () => {
      await this.#call("rotation_deliver", { operation, to: { to: "env_file", file: file.handle, variable, content } });
    });
    this.sends = false;
    if (went) this.file = null;
    // What could not be written is looked at anew: the file may have become another.
    this.preview = null;
    return went;
  }

  async lay(): Promise<boolean> {
    const operation = this.#operation;
    if (operation === null) return false;
    this.cleared = null;
    return this.laying.run(async () => {
      await this.#call("rotation_deliver", { operation, to: { to: "clipboard" } });
    });
  }

  async tell(): Promise<boolean> {
    const operation = this.#operation;
    if (operation === null) return false;
    const went = await this.telling.run(async () => {
      await this.#call("rotation_deliver", { operation, to: { to: "person", name: this.person.trim() } });
    });
    if (went) this.person = "";
    return went;
  }

  forget() {
    this.#operation = null;
    this.file = this.preview = this.cleared = null;
    this.variable = this.person = "";
    this.sends = false;
    for (const one of [this.writing, this.laying, this.telling]) one.forget();
  }
}
