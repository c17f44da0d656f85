import { endpointText } from "../../src/core/policy/endpoint.ts";
import type { SurveyRequest } from "../../src/ports/zone-survey.ts";
import type { AuthenticityFinding, KeySurvey, ServerSurvey, ZoneSurvey } from "../../src/core/integrity/survey.ts";
import type { AnswerAuthenticator } from "../../src/ports/answer-authenticator.ts";
import { add, day, hour, minute } from "../../src/values/time.ts";
import type { SimulatedClock } from "./clock.ts";
import { reaches, type SimulatedDns, type SimulatedNameserver } from "./dns.ts";

const key: KeySurvey = {
  tag: 4711,
  algorithm: 13,
  bits: 256,
  flags: 257,
  fingerprint: "ab".repeat(32),
  asDs: [],
  signsKeys: true,
  signsZone: true,
};

/** Validates as the simulated nameserver says. */
export function simulatedAuthenticator(dns: SimulatedDns, clock: SimulatedClock): AnswerAuthenticator {
  return {
    async authenticate(server, _question, signal) {
      await clock.wait(dns.latencyMs(), signal);
      const nameserver = dns.at(endpointText(server));
      if (!reaches(nameserver)) return { verdict: "indeterminate", code: "no-answer", vantages: [] };
      return { verdict: nameserver.authenticity, code: `simulated-${nameserver.authenticity}`, vantages: ["office"] };
    },
  };
}

/** One round of a zone, as every simulated nameserver answers now. */
export function simulatedSurvey(dns: SimulatedDns, target: SurveyRequest, clock: SimulatedClock): ZoneSurvey {
  return {
    zone: target.zone,
    view: target.view,
    vantage: "office",
    at: clock.now(),
    servers: target.servers.map((server) => serverSurvey(dns.at(endpointText(server)), target, clock)),
    delegation: null,
  };
}

function serverSurvey(
  nameserver: SimulatedNameserver,
  { watched }: SurveyRequest,
  clock: SimulatedClock,
): ServerSurvey {
  const { provider, name, address, zone, authenticity } = nameserver;
  const common = { provider, nameserver: name, address, latencyMs: 3 };
  const nothing = { soa: null, ns: null, keys: null, keysTtlMs: null, cds: null, cdnskey: null };
  if (!reaches(nameserver) || nameserver.answers === "lame") {
    const outcome = nameserver.answers === "lame" ? "lame" : "no-response";
    const finding: AuthenticityFinding = { authenticity: "indeterminate", code: "no-answer", says: "Nothing came." };
    const silence = {
      code: outcome,
      udp: false,
      tcp: false,
      finding,
      signedUntil: null,
      signedFrom: null,
      watched: [],
    };
    return { ...common, outcome, ...nothing, ...silence };
  }
  const finding: AuthenticityFinding =
    nameserver.signaturesEndAt !== null && clock.now() > nameserver.signaturesEndAt
      ? { authenticity: "bogus", code: "signature-expired", says: "A signature has ended." }
      : { authenticity, code: `simulated-${authenticity}`, says: "So it is simulated." };
  const [inception, expiration] = [add(clock.now(), -day), add(clock.now(), 9 * day)];
  return {
    ...common,
    outcome: "answer",
    code: null,
    udp: true,
    tcp: nameserver.answers !== "udp-only",
    soa: { serial: zone.serial, refreshMs: hour, retryMs: minute, expireMs: 14 * day },
    ns: [],
    keys: [key],
    keysTtlMs: hour,
    cds: [],
    cdnskey: [],
    finding,
    signedUntil: expiration,
    signedFrom: inception,
    watched: watched.map(({ name: owner, type }) => ({
      name: owner,
      type,
      rrset: zone.rrsets.get(`${owner} ${type}`) ?? "absent",
      finding,
      inception,
      expiration,
    })),
  };
}
