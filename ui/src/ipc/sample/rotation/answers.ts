import type { Commands, DeploymentView, KeyRow } from "../../generated/ipc";
import * as people from "../people";
import * as operations from "./operations";
import { formOf, planOf } from "./plan";

type Rotating =
  | "create_open"
  | "rotation_plan"
  | "rotation_begin"
  | "rotation_show"
  | "rotations_list"
  | "rotation_act"
  | "rotation_revoke"
  | "file_pick"
  | "env_preview"
  | "rotation_deliver"
  | "certificate_show"
  | "certificate_save";
type Answers = { [N in Rotating]: (args: Commands[N][1]) => Commands[N][2] | Promise<Commands[N][2]> };

const PATH = "/srv/shop/billing/.env";

/** The commands of rotations; `found` and `one` name keys and deployments, or refuse. */
export function answersOf(found: (id: string) => KeyRow, one: (id: string) => DeploymentView): Answers {
  const about = (wish: Commands["rotation_plan"][1]) => {
    const key = wish.purpose === "create" ? null : found(wish.key);
    const home = one(wish.purpose === "create" ? wish.deployment : (key?.deployment ?? ""));
    return { key, home, plan: planOf(wish, key, home) };
  };
  return {
    create_open: (request) => {
      const any = people.keys().find(({ deployment }) => deployment === request.deployment);
      const like = request.like === null ? null : found(request.like);
      return formOf(request, like, any ?? found("d1-k1"), one(request.deployment));
    },
    rotation_plan: (wish) => about(wish).plan,
    rotation_begin: ({ wish }) => {
      const { key, home, plan } = about(wish);
      return { operation: operations.start(wish, plan, home.id, key?.created_at ?? null) };
    },
    rotation_show: ({ operation }) => operations.show(operation),
    rotations_list: () => operations.list(),
    rotation_act: async ({ operation, act }) => {
      await operations.act(operation, act);
      return {};
    },
    rotation_revoke: async ({ operation, of, typed }) => {
      await operations.revoke(operation, of, typed);
      return {};
    },
    file_pick: () => ({ handle: "f1", path: PATH }),
    env_preview: ({ variable }) => operations.preview(PATH, variable),
    rotation_deliver: ({ operation, to }) => {
      operations.deliver(operation, to, PATH);
      return {};
    },
    certificate_show: ({ operation }) => operations.certificate(operation),
    certificate_save: ({ operation }) => ({ handle: null, path: `~/${operation}.json` }),
  };
}
