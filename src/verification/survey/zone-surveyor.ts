import { isWildcard } from "../../core/policy/names.ts";
import { closestAnchor, type TrustAnchors } from "../../dns/dnssec/anchors.ts";
import { createValidator } from "../../dns/dnssec/validator.ts";
import { sameName, type Name, nameOf } from "../../dns/wire/name.ts";
import type { DnsQueryPort } from "../../ports/dns-query.ts";
import type { SurveyRequest, ZoneSurveyor } from "../../ports/zone-survey.ts";
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
  /** `not-asked`: the view has no parent's word of its own. Left out: asked. */
  readonly parents?: "asked" | "not-asked";
}

export interface SurveyorParts {
  /** Its time-out is that of one question to one server. */
  readonly means: Omit<ReaderMeans, "sourceOf">;
  readonly trustOf: (view: string, vantage: string) => ViewTrust;
  /** The address of this machine that a vantage asks from. Left out: as the system routes. */
  readonly sourceOf?: (vantage: string) => string | undefined;
}

/** Servers of one zone that are asked at a time. */
const serversAtOnceMax = 16;

/**
 * Asks every server of a zone, and its parent, and validates each server's answers by its own DNSKEY set against the DS:
 * what is bogus at one server is bogus there, and nowhere else. Nothing that was validated in an earlier round is believed.
 */
export function zoneSurveyor({ means, trustOf, sourceOf }: SurveyorParts): ZoneSurveyor {
  return {
    async survey({ zone: zoneText, view, vantage, servers, watched }, signal) {
      const zone = nameOf(zoneText);
      const { anchors, port, parents } = trustOf(view, vantage);
      const above = onceEach(port);
      const at = means.clock.now();
      const round: Round = {
        means: sourceOf === undefined ? means : { ...means, sourceOf: () => sourceOf(vantage) },
        zone,
        watched: watched.flatMap(asAsked),
        validatorOf: (keys) => createValidator({ port: endingAt(zone, keys, above), anchors }),
      };
      const [delegation, surveyed] = await Promise.all([
        parents === "not-asked" || isAnchored(zone, anchors, at)
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

/** A wildcard is asked for by its own name, and at a name that it answers for. */
function asAsked(one: SurveyRequest["watched"][number]): Round["watched"] {
  return isWildcard(one.name) ? [one, { ...one, at: "fresh label" }] : [one];
}

/** An anchor of its own stands at the apex, or nothing is above it: what a parent says decides nothing. */
function isAnchored(zone: Name, anchors: TrustAnchors, now: Instant): boolean {
  const closest = closestAnchor(anchors, zone, now);
  return zone.length === 1 || (closest.kind === "positive" && sameName(closest.zone, zone));
}
