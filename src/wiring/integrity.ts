import type { Settings, TrustSettings } from "../configuration/settings.ts";
import { surveyTargets, zonesSeenIn } from "../core/integrity/expected-of.ts";
import type { Policy } from "../core/policy/policy.ts";
import { publicView } from "../core/policy/zone-key.ts";
import { trustAnchors, type TrustAnchors } from "../dns/dnssec/anchors.ts";
import type { ResolutionMeans } from "../dns/resolution/ask.ts";
import { iterativePort } from "../dns/resolution/iterative.ts";
import { rootHints } from "../dns/resolution/root-hints.ts";
import type { DnsQueryPort } from "../ports/dns-query.ts";
import { parseInstant, instant } from "../values/time.ts";
import { readAnchorFile } from "./look.ts";

/** What an installation believes of DNS as one vantage of one view sees it: by whose keys, and whom it asks. */
export interface Trust {
  readonly anchors: TrustAnchors;
  readonly port: DnsQueryPort;
  /** A delegation from the public root is watched in the view public, once. */
  readonly parents: "asked" | "not-asked";
}

/**
 * The trust of an installation, by view and vantage: the anchors of the view, or the installation's, or the root's. A zone
 * that the policy calls unsigned is not validated. The same view and vantage give the same, with what it remembers.
 * @throws PointsmanError `anchor-file-unreadable`, `anchor-unreadable`, for all views before anything is asked.
 */
export function trustOf(
  { integrity }: Settings,
  policy: Policy,
  means: ResolutionMeans,
  sourceOf: (vantage: string) => string | undefined,
): (view: string, vantage: string) => Trust {
  const views = new Set([publicView, ...[...policy.zones.values()].map(({ view }) => view)]);
  const anchors = new Map([...views].map((view) => [view, anchorsOf(ofView(integrity, view), policy, view)]));
  const made = new Map<string, Trust>();
  return (view, vantage) => {
    const key = `${view} ${vantage}`;
    const trust = made.get(key) ?? {
      anchors: anchors.get(view) ?? trustAnchors({ anchors: [] }),
      port: portOf(ofView(integrity, view), policy, view, { ...means, source: sourceOf(vantage) }),
      parents: view === publicView || integrity.views.get(view)?.servers.length ? "asked" : "not-asked",
    };
    made.set(key, trust);
    return trust;
  };
}

/** What a view does not have of its own is as for all. */
function ofView({ views, ...all }: Settings["integrity"], view: string): TrustSettings {
  const { anchorFiles = [], servers = [] } = views.get(view) ?? {};
  return {
    anchorFiles: anchorFiles.length === 0 ? all.anchorFiles : anchorFiles,
    servers: servers.length === 0 ? all.servers : servers,
  };
}

function anchorsOf({ anchorFiles }: TrustSettings, policy: Policy, view: string): TrustAnchors {
  const unsigned = [...zonesSeenIn(policy, view).values()].filter(({ dnssec }) => dnssec === "unsigned");
  const negative = unsigned.map(({ name }) => ({ name, until: endOfTime, reason: "the policy says unsigned" }));
  return anchorFiles.length === 0
    ? trustAnchors({ negative })
    : trustAnchors({ anchors: anchorFiles.map(readAnchorFile), negative });
}

const endOfTime = parseInstant("9999-12-31") ?? instant(Number.MAX_SAFE_INTEGER);

/** Chains are walked from the root, or from the servers that the settings name; a zone of the policy is where it says. */
function portOf({ servers }: TrustSettings, policy: Policy, view: string, means: ResolutionMeans): DnsQueryPort {
  const seen = new Set(zonesSeenIn(policy, view).values());
  const governed = surveyTargets(policy)
    .filter((target) => [...seen].some((zone) => zone.name === target.zone && zone.view === target.view))
    .map((target) => ({ zone: target.zone, endpoints: target.servers }));
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
