import type { Sound } from "../core/policy/document.ts";
import { error, type Finding } from "../core/policy/finding.ts";
import type { Policy } from "../core/policy/policy.ts";
import { passkeysAgainstPolicy } from "./passkey-settings.ts";
import { reference, references } from "../core/policy/rules/walk.ts";
import type { SettingsDocument } from "./settings-document.ts";

/** What settings and policy must agree on: vantages, dependencies, and in act mode the credentials. */
export function* settingsAgainstPolicy(settings: Sound<Partial<SettingsDocument>>, policy: Policy): Iterable<Finding> {
  yield* references("vantage", settings.vantages, Object.fromEntries(policy.vantages), ["vantages"]);
  yield* references("dependency", settings.dependsOn, Object.fromEntries(policy.dependencies), ["dependsOn"]);
  yield* passkeysAgainstPolicy(settings.statements ?? {}, policy);
  const running = settings.vantages ?? (policy.lab || policy.vantages.size === 1 ? [...policy.vantages.keys()] : []);
  const runs = Object.fromEntries(running.map((id) => [id ?? "", true]));
  for (const vantage of Object.keys(settings.sources ?? {}))
    yield* reference("vantage that runs here", vantage, runs, ["sources", vantage], "key");
  const views = Object.fromEntries([...policy.zones.values()].map(({ view }) => [view, true]));
  for (const view of Object.keys(settings.integrity?.views ?? {}))
    yield* reference("view", view, views, ["integrity", "views", view], "key");
  const here = settings.vantages?.length ?? (policy.lab ? 1 : policy.vantages.size);
  if (!policy.lab && here > 1) yield tooManyHere(here, settings.vantages === undefined);
  if (settings.mode !== "act") return;
  for (const { name, path } of credentialsOf(policy))
    if (!Object.hasOwn(settings.credentials ?? {}, name)) yield noCredential(name, path);
}

/** All vantages on one machine are one voice, whatever the policy says (design §3). */
function tooManyHere(here: number, leftOut: boolean): Finding {
  return error({
    code: "vantages-on-one-machine",
    path: ["vantages"],
    at: leftOut ? "key" : "value",
    says: `${here} vantages would run in this process: on one machine they are one voice and prove nothing to each other.`,
    mend: "Name in vantages the one that runs here, such as vantages: [office], and run the others elsewhere.",
    figures: { here },
  });
}

function noCredential(name: string, path: string): Finding {
  return error({
    code: "dangling-reference",
    path: ["credentials"],
    at: "key",
    says: `The policy's change path ${path} names the credential ${name}, and the settings do not say where it is kept.`,
    mend: `Add under credentials ${name}: env:NAME or file:/path, or write mode: observe.`,
    figures: { names: name, kind: "credential" },
  });
}

function credentialsOf(policy: Policy): readonly { readonly name: string; readonly path: string }[] {
  const paths = [...policy.providers.values()].flatMap((provider) =>
    provider.paths.flatMap((way) =>
      way.type === "rfc2136" ? [{ name: way.credential, path: `${provider.id}/${way.name}` }] : [],
    ),
  );
  return [...new Map(paths.map((used) => [used.name, used])).values()];
}
