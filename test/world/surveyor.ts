import { endpointText } from "../../src/core/policy/endpoint.ts";
import type { AuthenticityFinding, KeySurvey, ServerSurvey, ZoneSurvey } from "../../src/core/integrity/survey.ts";
import type { SurveyRequest, ZoneSurveyor } from "../../src/ports/zone-survey.ts";
import { add, day, hour } from "../../src/values/time.ts";
import type { SimulatedClock } from "./clock.ts";
import type { SimulatedDns } from "./dns.ts";

/** How long one question waits for an answer. */
const timeoutMs = 1000;

const secure: AuthenticityFinding = { authenticity: "secure", code: "secure", says: "The chain holds." };
const bogus: AuthenticityFinding = { authenticity: "bogus", code: "signature-invalid", says: "No signature holds." };
const unanswered: AuthenticityFinding = { authenticity: "indeterminate", code: "no-answer", says: "No answer came." };

/** The one key of the simulated zone, and its DS at the parent. */
const tag = 4660;
const key: KeySurvey = {
  tag,
  algorithm: 13,
  bits: 256,
  flags: 257,
  fingerprint: "ce".repeat(32),
  signsKeys: true,
  signsZone: true,
};
const ds = [`12340d02${"d5".repeat(32)}`];

type ServerTarget = SurveyRequest["servers"][number];

/** Surveys the simulated nameservers, whose zone is signed and renewed as it should be, but where a test says otherwise. */
export class SimulatedSurveyor implements ZoneSurveyor {
  /** Addresses at which the zone is bogus. */
  readonly bogusAt = new Set<string>();
  /** Called with each survey before it is handed over. */
  onSurvey: (survey: ZoneSurvey) => void = () => {};
  readonly #dns: SimulatedDns;
  readonly #clock: SimulatedClock;

  constructor(dns: SimulatedDns, clock: SimulatedClock) {
    this.#dns = dns;
    this.#clock = clock;
  }

  async survey(request: SurveyRequest, signal: AbortSignal): Promise<ZoneSurvey> {
    const silent = request.servers.some((server) => this.#silence(server) !== undefined);
    await this.#clock.wait(silent ? timeoutMs : this.#dns.latencyMs(), signal);
    const { zone, view, vantage } = request;
    const names = [...new Set(request.servers.map(({ name }) => name))].toSorted();
    const survey: ZoneSurvey = {
      zone,
      view,
      vantage,
      at: this.#clock.now(),
      servers: request.servers.map((server) => this.#ask(server, names, request)),
      delegation: { parent: "com.", ns: names, ds, dsTtlMs: hour, finding: secure },
    };
    this.onSurvey(survey);
    return survey;
  }

  #silence(server: ServerTarget): "no-response" | "lame" | "no-route" | undefined {
    const { answers } = this.#dns.at(endpointText(server));
    if (answers === "nothing") return "no-response";
    return answers === "lame" || answers === "no-route" ? answers : undefined;
  }

  #ask(server: ServerTarget, ns: readonly string[], { watched }: SurveyRequest): ServerSurvey {
    const address = endpointText(server);
    const place = { provider: server.provider, nameserver: server.name, address };
    const silence = this.#silence(server);
    if (silence !== undefined) return { ...place, ...nothing, outcome: silence, code: silence };
    const { serial, rrsets } = this.#dns.at(address).zone;
    const finding = this.bogusAt.has(address) ? bogus : secure;
    const now = this.#clock.now();
    const [from, until] = [add(now, -hour), add(now, 10 * day)];
    return {
      ...place,
      outcome: "answer",
      code: null,
      latencyMs: 1,
      udp: true,
      tcp: true,
      soa: { serial, refreshMs: hour, retryMs: hour, expireMs: 7 * day },
      ns,
      keys: [key],
      keysTtlMs: hour,
      cds: [],
      cdnskey: [],
      finding,
      signedUntil: until,
      signedFrom: from,
      watched: watched.map(({ name, type }) => {
        const rrset = rrsets.get(`${name} ${type}`) ?? "absent";
        return { name, type, rrset, finding, inception: from, expiration: until };
      }),
    };
  }
}

const nothing = {
  latencyMs: null,
  udp: null,
  tcp: null,
  soa: null,
  ns: null,
  keys: null,
  keysTtlMs: null,
  cds: null,
  cdnskey: null,
  finding: unanswered,
  signedUntil: null,
  signedFrom: null,
  watched: [],
} as const;
