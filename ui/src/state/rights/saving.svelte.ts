import { failure, type Call } from "../../ipc/client";
import type { ConflictCell, Failure, OperationView, Review } from "../../ipc/generated/ipc";
import type { Editor } from "./editor.svelte";

/** Where the way from a draft to the server is. */
export type Stage =
  | { kind: "preparing" }
  | { kind: "review"; review: Review }
  /** The server is read once more before anything is written. */
  | { kind: "checking"; review: Review }
  | { kind: "conflict"; cells: ConflictCell[] }
  | { kind: "operation"; operation: OperationView };

const RUNNING = new Set<OperationView["state"]>(["applying", "reading_back"]);
export const running = ({ state }: OperationView) => RUNNING.has(state);

/** Review, save, result: one dialog from the draft to what the server stored. */
export class Saving {
  stage = $state.raw<Stage | null>(null);
  failure = $state.raw<Failure | null>(null);
  busy = $state(false);
  /** The change that was begun here and could not be shown yet. */
  begun = $state<string | null>(null);
  /** The failure, when news of an operation could not be read; news that can be read ends it. */
  #unread: Failure | null = null;
  /** What to do again after a failure. */
  #again: () => Promise<void> = () => Promise.resolve();
  #turn = 0;
  readonly #call: Call;
  readonly #editor: Editor;

  constructor(call: Call, editor: Editor) {
    this.#call = call;
    this.#editor = editor;
  }

  async begin(): Promise<void> {
    const { key } = this.#editor;
    if (key === null) return;
    this.stage = { kind: "preparing" };
    this.#again = () => this.begin();
    await this.#try(async (still) => {
      await this.#editor.flush();
      if (this.#editor.saveFailure !== null) throw this.#editor.saveFailure as unknown;
      const review = await this.#call("rights_review", { key });
      if (still()) this.stage = { kind: "review", review };
    });
  }

  async save(): Promise<void> {
    const { key } = this.#editor;
    if (key === null || this.stage?.kind !== "review") return;
    const { review } = this.stage;
    this.stage = { kind: "checking", review };
    this.begun = null;
    const went = await this.#try(async (still) => {
      const applied = await this.#call("rights_apply", { key, plan: review.plan });
      if (applied.kind === "started") {
        const { operation } = applied;
        this.begun = operation;
        this.#again = () => this.show(operation);
        await this.#read(operation, still);
      } else if (still()) this.stage = { kind: "conflict", cells: applied.cells };
    });
    // What was begun is not reviewed again, though it cannot be shown yet.
    if (!went && this.#checking) this.stage = this.begun === null ? { kind: "review", review } : null;
  }

  /** What the server has now becomes the base; the changes stay and are reviewed again. */
  async rebase(): Promise<void> {
    const { key } = this.#editor;
    if (key === null) return;
    this.#again = () => this.rebase();
    const went = await this.#try(async () => {
      await this.#editor.flush();
      this.#editor.take(await this.#call("draft_rebase", { key }));
      await this.#editor.load();
    });
    if (went && this.stage !== null) await this.begin();
  }

  async show(operation: string): Promise<void> {
    this.#again = () => this.show(operation);
    await this.#try((still) => this.#read(operation, still));
  }

  /** Tries again what failed last. */
  again = () => this.#again();

  /** An operation went on; a draft whose change has ended begins anew. */
  async follow(): Promise<void> {
    if (this.stage?.kind !== "operation") return;
    const { id } = this.stage.operation;
    const mine = this.#turn;
    // Nobody asked for it: nothing is held up by it, and whatever a person does meanwhile goes first.
    try {
      await this.#read(id, () => mine === this.#turn);
      if (mine === this.#turn && this.failure === this.#unread) this.failure = null;
    } catch (thrown) {
      if (mine === this.#turn) this.failure = this.#unread = failure(thrown);
    }
  }

  /** Makes the inverse draft; it goes through the same review. Resolves with its key. */
  async undo(): Promise<string | null> {
    if (this.stage?.kind !== "operation") return null;
    const { id, key } = this.stage.operation;
    const went = await this.#try(async () => {
      await this.#call("operation_undo", { operation: id });
    });
    if (!went) return null;
    this.close();
    return key;
  }

  /** What was begun goes on in the core; until it is known whether it was, it stays in sight. */
  close() {
    if (this.#checking) return;
    this.#turn += 1;
    this.stage = this.failure = this.begun = null;
    this.busy = false;
  }

  get #checking(): boolean {
    return this.stage?.kind === "checking";
  }

  async #read(operation: string, still: () => boolean): Promise<void> {
    const view = await this.#call("operation_show", { operation });
    if (!still()) return;
    this.stage = { kind: "operation", operation: view };
    this.begun = null;
  }

  async #try(act: (still: () => boolean) => Promise<void>): Promise<boolean> {
    const mine = (this.#turn += 1);
    const still = () => mine === this.#turn;
    this.busy = true;
    this.failure = null;
    try {
      await act(still);
      return true;
    } catch (thrown) {
      if (still()) this.failure = failure(thrown);
      return false;
    } finally {
      if (still()) this.busy = false;
    }
  }
}
