import type { Settings } from "../configuration/settings.ts";
import type { Policy } from "../core/policy/policy.ts";
import type { NonEmpty } from "../values/non-empty.ts";

/** Who looks at nameservers from this process, in which view, and from which address of this machine. */
export interface Outlook {
  /** The policy's vantages that run here. */
  readonly here: readonly string[];
  /** Those of a view; where none of them runs here, the controller looks for itself. */
  readonly vantagesOf: (view: string) => NonEmpty<string>;
  /** As the settings say; undefined: as the system routes. */
  readonly sourceOf: (vantage: string) => string | undefined;
  /** Where the controller itself asks the nameservers of a view: as the first vantage of that view does. */
  readonly sourceIn: (view: string) => string | undefined;
}

/** Of a view without a vantage here. No vantage of a policy is called so: it would be one of its own. */
const controller = "controller";

export function outlookOf({ vantages, sources }: Settings, policy: Policy): Outlook {
  // Left out of the settings: the policy's only vantage, or in a lab all of them.
  const here = vantages ?? (policy.lab || policy.vantages.size === 1 ? [...policy.vantages.keys()] : []);
  const vantagesOf = (view: string): NonEmpty<string> => {
    const [first, ...others] = here.filter((id) => policy.vantages.get(id)?.views.includes(view));
    return first === undefined ? [controller] : [first, ...others];
  };
  const sourceOf = (vantage: string) => sources.get(vantage);
  return { here, vantagesOf, sourceOf, sourceIn: (view) => sourceOf(vantagesOf(view)[0]) };
}
