import type { DeploymentView, Environment } from "../ipc/generated/ipc";

const ENVIRONMENTS: Environment[] = ["production", "staging", "development", "test"];

/** What the list of keys is narrowed to. */
export interface Filter {
  text: string;
  environment: Environment | null;
  /** A deployment's id. */
  deployment: string | null;
}

export const EVERYTHING: Filter = { text: "", environment: null, deployment: null };

export function narrows(filter: Filter): boolean {
  return filter.text.trim() !== "" || filter.environment !== null || filter.deployment !== null;
}

/**
 * Takes complete `env:…` and `deployment:…` words out of typed text. A word that names nothing stays text, and so
 * does the one still being typed unless `finished`.
 */
export function read(typed: string, before: Filter, deployments: DeploymentView[], finished: boolean): Filter {
  const filter = { ...before, text: typed };
  const words = /(^|\s)(env|environment|deployment):(?:"([^"]+)"|([^\s"]+))(?=(\s|$))/gi;
  filter.text = typed.replace(
    words,
    (
      all,
      lead: string,
      field: string,
      quoted: string | undefined,
      bare: string | undefined,
      end: string,
      at: number,
    ) => {
      if (!finished && end === "" && at + all.length === typed.length) return all;
      const value = (quoted ?? bare ?? "").toLowerCase();
      if (field.toLowerCase() === "deployment") {
        const found = deployments.find((deployment) => deployment.name.toLowerCase() === value);
        if (found === undefined) return all;
        filter.deployment = found.id;
        filter.environment = null;
      } else {
        const found = ENVIRONMENTS.find((environment) => environment === value);
        if (found === undefined) return all;
        filter.environment = found;
        if (deployments.find(({ id }) => id === filter.deployment)?.environment !== found) filter.deployment = null;
      }
      return lead;
    },
  );
  if (filter.text !== typed) filter.text = filter.text.replace(/\s+/g, " ").trimStart();
  return filter;
}

/** True when everything the filter lets through is in production. */
export function onlyProduction(filter: Filter, deployments: DeploymentView[]): boolean {
  const left = deployments.filter(
    (deployment) =>
      (filter.deployment === null || deployment.id === filter.deployment) &&
      (filter.environment === null || deployment.environment === filter.environment),
  );
  return left.length > 0 && left.every((deployment) => deployment.environment === "production");
}
