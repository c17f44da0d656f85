import { closestAnchor, type TrustAnchors } from "../../dns/dnssec/anchors.ts";
import { createValidator } from "../../dns/dnssec/validator.ts";
import { sameName, type Name, nameOf } from "../../dns/wire/name.ts";
import type { DnsQueryPort } from "../../ports/dns-query.ts";
import type { ZoneSurveyor } from "../../ports/zone-survey.ts";
import type { Instant } from "../../values/time.ts";
import type { ReaderMeans } from "../ask.ts";
import { surveyDelegation } from "./delegation.ts";
import { inTurns } from "./in-turns.ts";
import { endingAt, onceEach } from "./query-ports.ts";
import { surveyServer, type Round } from "./server.ts";

/** By what a view is validated. */
interface ViewTrust {
  /** Asks authoritative nameservers from the top down: for the chain above a zone, and for its delegation. */
  readonly port: DnsQueryPort;
  readonly anchors: TrustAnchors;
}

export interface SurveyorParts {
  /** Its time-out is that of one question to one server. */
  readonly means: ReaderMeans;
  readonly trustOf: (view: string) => ViewTrust;
}

/** Servers of one zone that are asked at a time. */
const serversAtOnceMax = 16;

/**
 * Asks every server of a zone, and its parent, and validates each server's answers by its own DNSKEY set against the DS:
 * what is bogus at one server is bogus there, and nowhere else. Nothing that was validated in an earlier round is believed.
 */
export function zoneSurveyor({ means, trustOf }: SurveyorParts): ZoneSurveyor {
  return {
    async survey({ zone: zoneText, view, vantage, servers, watched }, signal) {
      const zone = nameOf(zoneText);
      const { anchors, port } = trustOf(view);
      const above = onceEach(port);
      const at = means.clock.now();
      const round: Round = {
        means,
        zone,
        watched,
        validatorOf: (keys) => createValidator({ port: endingAt(zone, keys, above), anchors }),
      };
      const [delegation, surveyed] = await Promise.all([
        isAnchored(zone, anchors, at)
          ? null
          : surveyDelegation(
              zone,
              { port: above, validator: createValidator({ port: above, anchors }), now: at },
              signal,
            ),
        inTurns(servers, serversAtOnceMax, (server) => surveyServer(round, server, signal)),
      ]);
      return { zone: zoneText, view, vantage, at, servers: surveyed, delegation };
    },
  };
}

/** An anchor of its own stands at the apex, or nothing is above it: what a parent says decides nothing. */
function isAnchored(zone: Name, anchors: TrustAnchors, now: Instant): boolean {
  const closest = closestAnchor(anchors, zone, now);
  return zone.length === 1 || (closest.kind === "positive" && sameName(closest.zone, zone));
}
