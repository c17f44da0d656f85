import type { Settings } from "../configuration/settings.ts";
import { surveyTargets } from "../core/integrity/expected-of.ts";
import type { Policy } from "../core/policy/policy.ts";
import { trustAnchors, type TrustAnchors } from "../dns/dnssec/anchors.ts";
import type { ResolutionMeans } from "../dns/resolution/ask.ts";
import { iterativePort } from "../dns/resolution/iterative.ts";
import { rootHints } from "../dns/resolution/root-hints.ts";
import type { DnsQueryPort } from "../ports/dns-query.ts";
import { parseInstant, instant } from "../values/time.ts";
import { readAnchorFile } from "./look.ts";

/** What an installation believes of DNS: by whose keys, and whom it asks. */
export interface Trust {
  readonly anchors: TrustAnchors;
  readonly port: DnsQueryPort;
}

/**
 * The trust of an installation: its own anchors or the root's. A zone that the policy calls unsigned is not validated.
 * @throws PointsmanError `anchor-file-unreadable`, `anchor-unreadable`.
 */
export function trustOf({ integrity }: Settings, policy: Policy, means: ResolutionMeans): Trust {
  return { port: portOf(integrity, policy, means), anchors: anchorsOf(integrity, policy) };
}

function anchorsOf({ anchorFiles }: Settings["integrity"], policy: Policy): TrustAnchors {
  const unsigned = [...policy.zones.values()].filter(({ dnssec }) => dnssec === "unsigned");
  const negative = unsigned.map(({ name }) => ({ name, until: endOfTime, reason: "the policy says unsigned" }));
  return anchorFiles.length === 0
    ? trustAnchors({ negative })
    : trustAnchors({ anchors: anchorFiles.map(readAnchorFile), negative });
}

const endOfTime = parseInstant("9999-12-31") ?? instant(Number.MAX_SAFE_INTEGER);

/** Chains are walked from the root, or from the servers that the settings name; a zone of the policy is where it says. */
function portOf({ servers }: Settings["integrity"], policy: Policy, means: ResolutionMeans): DnsQueryPort {
  const governed = surveyTargets(policy).map((target) => ({ zone: target.zone, endpoints: target.servers }));
  const top = servers.length === 0 ? [] : [{ zone: ".", endpoints: servers }];
  const known = [...top, ...governed];
  const ports = new Map(known.flatMap(({ endpoints }) => endpoints).map(({ address, port }) => [address, port]));
  return iterativePort({
    means,
    hints: servers.length === 0 ? rootHints : [],
    servers: known.map(({ zone, endpoints }) => ({ zone, addresses: endpoints.map(({ address }) => address) })),
    portOf: (address) => ports.get(address) ?? 53,
  });
}
