import type { Call } from "../../ipc/client";
import type { PersonAct, RevokeTarget, RotationPlan, RotationView, RotationWish, Step } from "../../ipc/generated/ipc";
import { Attempts } from "./attempt.svelte";
import { Certificates } from "./certificate.svelte";
import { Handover } from "./handover.svelte";

/** What the wizard shows: a plan that is not begun, an operation, or the certificate of one. */
export type Page =
  | { kind: "plan"; wish: RotationWish; label: string }
  | { kind: "operation"; id: string }
  | { kind: "certificate"; id: string };

/** What is asked before an act that wants a reason or a second look. */
export type Asking = "skip_pause" | "skip_soak" | "abandon";

/** One operation, from the plan to its certificate. What may be done is the core's to say; closing is always safe. */
export class Wizard {
  page = $state.raw<Page | null>(null);
  plan = $state.raw<RotationPlan | null>(null);
  view = $state.raw<RotationView | null>(null);
  /** A step behind that is looked at; `null` for the one where it stands. */
  looking = $state<Step | null>(null);
  /** The dialog that ends a key is open. */
  ending = $state<RevokeTarget | null>(null);
  asking = $state<Asking | null>(null);
  /** What was typed, here so that it outlives a look elsewhere. */
  name = $state("");
  readonly attempts = new Attempts();
  /** What the core says by itself never stands in the way of an act. */
  readonly reading = new Attempts();
  /** Of the dialogs: what they say is theirs. */
  readonly answers = new Attempts();
  readonly handover: Handover;
  readonly certificates: Certificates;
  /** The step where it stands. */
  readonly here = $derived(
    this.view?.rail.find(({ status }) => status === "now")?.step ?? this.view?.rail.at(-1)?.step,
  );
  readonly step = $derived(this.looking ?? this.here ?? "plan");
  readonly environment = $derived(this.view?.environment ?? this.plan?.environment ?? null);
  /** The plan in sight was agreed to, and the answer is not here: it is neither left nor changed until then. */
  readonly beginning = $derived.by(() => this.#sent !== null && this.#sent === this.page);
  /** The plan whose begin is out. */
  #sent = $state.raw<Page | null>(null);
  /** The one that was begun from the plan in sight. */
  #begun: string | null = null;
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
    this.handover = new Handover(call);
    this.certificates = new Certificates(call);
  }

  /** What a wish comes to, from a fresh read. */
  async propose(wish: RotationWish, label: string): Promise<void> {
    this.#clear();
    this.page = { kind: "plan", wish, label };
    await this.#propose(wish);
  }

  /** The same wish with another choice; the old plan stays in sight until the new one is here. */
  async choose(change: { emergency?: boolean; soak_minutes?: number | null }): Promise<void> {
    const { page } = this;
    if (page?.kind !== "plan" || page.wish.purpose !== "rotate" || this.beginning) return;
    this.page = { ...page, wish: { ...page.wish, ...change } };
    await this.#propose(this.page.wish);
  }

  async again(): Promise<void> {
    if (this.page?.kind === "plan") await this.#propose(this.page.wish);
  }

  async #propose(wish: RotationWish): Promise<void> {
    const went = await this.attempts.run(async (still) => {
      const plan = await this.#call("rotation_plan", wish);
      if (still()) this.plan = plan;
    });
    if (!went && this.attempts.failure !== null) this.plan = null;
  }

  /** True once it is begun, in sight or not; what goes wrong out of sight is thrown. */
  async begin(): Promise<boolean> {
    const { page, plan } = this;
    if (page?.kind !== "plan" || plan === null || this.beginning) return false;
    this.#sent = page;
    let begun = false;
    let unseen: unknown = null;
    await this.attempts.run(async (still) => {
      try {
        const { operation } = await this.#call("rotation_begin", { wish: page.wish, plan: plan.plan });
        begun = true;
        if (!still()) return;
        // From here on it is there, whether or not it can be shown.
        this.#begun = operation;
        this.page = { kind: "operation", id: operation };
      } catch (thrown) {
        if (still()) throw thrown;
        unseen = thrown;
      }
    });
    if (this.#sent === page) this.#sent = null;
    if (unseen !== null) throw unseen;
    return begun;
  }

  async show(id: string): Promise<void> {
    this.#clear();
    this.page = { kind: "operation", id };
    await this.follow();
  }

  /** It went on, here or by itself. Whoever saw a step come to its end looks at it before going on. */
  async follow(): Promise<void> {
    const { page } = this;
    if (page?.kind !== "operation") return;
    const before = this.view;
    const fetched = await this.reading.run(async (still) => {
      const view = await this.#call("rotation_show", { operation: page.id });
      if (!still()) return;
      this.view = view;
      // What was begun here may have been quicker than the window.
      if (before === null) this.looking = this.#begun === page.id && view.state === "verified" ? "verify" : null;
      else if (before.state !== view.state) this.looking = lingering(before, view);
    });
    if (fetched && this.view !== null) this.handover.follow(this.view);
  }

  look(step: Step | null) {
    this.looking = step === this.here ? null : step;
  }

  async act(act: PersonAct): Promise<boolean> {
    const { page } = this;
    if (page?.kind !== "operation") return false;
    const attempts = this.asking === null ? this.attempts : this.answers;
    this.answers.forget();
    const went = await attempts.run(async () => {
      await this.#call("rotation_act", { operation: page.id, act });
    });
    if (!went) return false;
    this.asking = null;
    this.looking = null;
    this.name = "";
    await this.follow();
    return true;
  }

  ask(asking: Asking) {
    this.answers.forget();
    this.asking = asking;
  }

  end(of: RevokeTarget) {
    this.answers.forget();
    this.ending = of;
  }

  /** Ends a key for good. */
  async revoke(typed: string): Promise<void> {
    const { page, ending } = this;
    if (page?.kind !== "operation" || ending === null) return;
    const went = await this.answers.run(async () => {
      await this.#call("rotation_revoke", { operation: page.id, of: ending, typed });
    });
    if (went) {
      this.ending = null;
      this.looking = null;
    }
    await this.follow();
  }

  async certificate(id: string): Promise<void> {
    this.page = { kind: "certificate", id };
    await this.certificates.load(id);
  }

  /** Safe at any time: what was begun goes on in the core. */
  close() {
    this.#clear();
    this.page = null;
  }

  #clear() {
    this.attempts.forget();
    this.answers.forget();
    this.reading.forget();
    this.handover.forget();
    this.certificates.forget();
    this.plan = this.view = this.looking = this.ending = this.asking = this.#begun = null;
    this.name = "";
  }
}

/** The step whose outcome is to be read before the next: the checks after they ran, the targets after one was served. */
function lingering(before: RotationView, after: RotationView): Step | null {
  if (after.state === "verified" && before.state !== "delivered") return "verify";
  if (after.state === "delivered" && before.state === "verified" && after.purpose === "rotate") return "deliver";
  return null;
}
