import { setTimeout as delay } from "node:timers/promises";
import { createIntegrity } from "../../src/core/integrity/integrity-book.ts";
import { sequenceOf } from "../../src/values/ids.ts";
import { surveyTargets } from "../../src/core/integrity/expected-of.ts";
import { evolveZones, type ZoneEvent } from "../../src/core/integrity/evolve-zone.ts";
import type { IntegrityFinding, IntegrityReport, ServerClass } from "../../src/core/integrity/report.ts";
import type { ZoneSurvey } from "../../src/core/integrity/survey.ts";
import type { ZoneState } from "../../src/core/integrity/zone-state.ts";
import { resolvePolicy } from "../../src/core/policy/resolve.ts";
import { trustAnchors } from "../../src/dns/dnssec/anchors.ts";
import { iterativePort } from "../../src/dns/resolution/iterative.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { systemEntropy } from "../../src/platform/entropy.ts";
import { invariant } from "../../src/values/invariant.ts";
import type { Json } from "../../src/values/json.ts";

import { duration } from "../../src/values/time.ts";
import { zoneSurveyor } from "../../src/verification/survey/zone-surveyor.ts";
import { createAuthority } from "../../lab/certificate.ts";
import { policyDocument } from "../e2e/policy.ts";
import type { ServerAddress } from "../servers/zone.ts";

export interface MonitorOptions {
  readonly parent: ServerAddress & { readonly anchor: string };
  readonly nameservers: readonly ServerAddress[];
  /** What the policy declares of who signs; nothing unless given. */
  readonly signing?: Json;
}

/** What the monitor says of one round. */
export interface Look {
  readonly survey: ZoneSurvey;
  readonly report: IntegrityReport;
  /** By nameserver, in the order of the policy. */
  readonly classes: readonly ServerClass[];
}

/** The integrity monitor, from real surveys of real servers to alarms, without the rest of a controller. */
export interface Monitor {
  /** Looks without judging, or remembering anything. */
  survey(): Promise<ZoneSurvey>;
  look(): Promise<Look>;
  /** Looks until it is so. @throws Error with the last report when that never comes. */
  until(what: string, isSo: (look: Look) => boolean): Promise<Look>;
  /** Alarms as the journal has them now: `code about`. */
  alarms(): ZoneState["alarms"];
}

const answersWithinMs = 1000;
const patienceMs = 20_000;
const pauseMs = 150;

export function createMonitor({ parent, nameservers, signing }: MonitorOptions): Monitor {
  const clock = systemClock();
  const means = { clock, entropy: systemEntropy(), timeoutMs: duration(answersWithinMs) };
  const policy = policyOf(nameservers, signing);
  const [target] = surveyTargets(policy);
  invariant(target !== undefined, "the policy has a zone");
  const anchors = trustAnchors({ anchors: [parent.anchor] });
  const top = { zone: ".", addresses: [parent.address] };
  const port = iterativePort({ means, servers: [top], portOf: () => parent.port });
  const surveyor = zoneSurveyor({ means, trustOf: () => ({ port, anchors }) });
  const integrity = createIntegrity(policy);
  const zones = new Map<string, ZoneState>();
  const sure = { trustworthy: true, errorMs: 0, says: "" };
  const record = (event: ZoneEvent): void => evolveZones(zones, { event, at: clock.now(), sequence: sequenceOf(1) });

  async function ask(): Promise<ZoneSurvey> {
    invariant(target !== undefined, "the policy has a zone");
    return await surveyor.survey({ ...target, vantage: "office" }, new AbortController().signal);
  }

  async function look(): Promise<Look> {
    const survey = await ask();
    const taken = integrity.receive(survey, { zones, services: new Map(), clock: sure, now: clock.now() });
    invariant(taken !== undefined, "the policy has what was surveyed");
    for (const event of taken.events) record(event);
    return { survey, report: taken.report, classes: taken.report.servers.map((server) => server.class) };
  }

  return {
    survey: ask,
    look,
    async until(what, isSo) {
      const end = Date.now() + patienceMs;
      for (;;) {
        const seen = await look(); // oxlint-disable-line no-await-in-loop -- a poll
        if (isSo(seen)) return seen;
        if (Date.now() > end) throw new Error(`never ${what}: ${JSON.stringify(seen.report, undefined, 1)}`);
        await delay(pauseMs); // oxlint-disable-line no-await-in-loop -- a poll
      }
    },
    alarms: () => zones.get("public example.com.")?.alarms ?? { integrity: [], availability: [] },
  };
}

/** `code about` of findings. */
export function told(findings: readonly IntegrityFinding[]): readonly string[] {
  return findings.map(({ code, about }) => `${code} ${about}`);
}

function policyOf(nameservers: readonly ServerAddress[], signing: Json | undefined) {
  const [first] = nameservers;
  invariant(first !== undefined, "there is a nameserver");
  const document = policyDocument({
    sites: {
      fra: { v4: "127.0.0.11", v6: "none" },
      iad: { v4: "127.0.0.12", v6: "none" },
      port: 443,
      trust: authority,
    },
    updates: first,
    nameservers,
    zone: { dnssec: "required", ...(signing === undefined ? {} : { signing }) },
  });
  const { policy, findings } = resolvePolicy(document);
  invariant(policy !== undefined, JSON.stringify(findings));
  return policy;
}

const authority = createAuthority("Lab").certificate;
