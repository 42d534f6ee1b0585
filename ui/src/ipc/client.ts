import { transport } from "#transport";
import { EFFECTS, type Commands, type Event, type Failure } from "./generated/ipc";

export type Name = keyof Commands;
export type Request<N extends Name> = Commands[N][1];
export type Response<N extends Name> = Commands[N][2];
export type Call = <N extends Name>(name: N, args: Request<N>) => Promise<Response<N>>;

/** The one door to the core. Rejects with a `Failure`, whatever went wrong. */
export const call: Call = async (name, args) => {
  try {
    return (await transport.call(EFFECTS[name], name, args)) as Response<typeof name>;
  } catch (thrown) {
    throw failure(thrown);
  }
};

export function subscribe(listener: (event: Event) => void): Promise<void> {
  return transport.subscribe(listener);
}

/** What a rejected call means to the user; anything that is no `Failure` is a fault of ours. */
export function failure(thrown: unknown): Failure {
  if (typeof thrown === "object" && thrown !== null && "code" in thrown && "params" in thrown) return thrown as Failure;
  return { code: "internal", params: {} };
}
