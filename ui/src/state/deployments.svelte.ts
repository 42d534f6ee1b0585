import { failure, type Call } from "../ipc/client";
import type { DeploymentView, Environment, Event, Failure } from "../ipc/generated/ipc";

const ORDER: Environment[] = ["production", "staging", "development", "test"];

export interface Progress {
  done: number;
  total: number;
}

/** Every deployment, and what a sync of it is doing. */
export class Deployments {
  list = $state.raw<DeploymentView[]>([]);
  progress = $state.raw<Record<string, Progress>>({});
  /** Why the list itself, or starting a sync, failed. */
  failure = $state.raw<Failure | null>(null);
  readonly groups = $derived(
    ORDER.map((environment) => ({
      environment,
      deployments: this.list.filter((deployment) => deployment.environment === environment),
    })).filter((group) => group.deployments.length > 0),
  );
  /** The failure is the list's own. */
  #lost = false;
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  async load(): Promise<void> {
    try {
      this.list = await this.#call("deployments_list", {});
      const running = this.list.filter((deployment) => deployment.syncing).map((deployment) => deployment.id);
      this.progress = Object.fromEntries(Object.entries(this.progress).filter(([id]) => running.includes(id)));
      if (this.#lost) this.#say(null);
    } catch (thrown) {
      this.#say(failure(thrown), true);
    }
  }

  named(id: string | null): DeploymentView | null {
    return this.list.find((deployment) => deployment.id === id) ?? null;
  }

  /** `null` means every deployment. */
  sync(deployment: string | null): Promise<void> {
    return this.#start("sync_start", deployment);
  }

  cancel(deployment: string | null): Promise<void> {
    return this.#start("sync_cancel", deployment);
  }

  onProgress(event: Extract<Event, { kind: "progress" }>) {
    this.progress = { ...this.progress, [event.deployment]: { done: event.done, total: event.total } };
  }

  async #start(name: "sync_start" | "sync_cancel", deployment: string | null): Promise<void> {
    try {
      await this.#call(name, { deployment });
      this.#say(null);
      await this.load();
    } catch (thrown) {
      this.#say(failure(thrown));
    }
  }

  #say(seen: Failure | null, lost = false) {
    this.failure = seen;
    this.#lost = lost;
  }
}
