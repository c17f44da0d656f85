import { endpointText } from "../../core/policy/endpoint.ts";
import type { CheckedAuthenticity, NameserverAnswer, NameserverVerdict } from "../../core/failover/verification.ts";
import type { Failover, ServiceState } from "../../core/failover/state.ts";
import { sameData, sameRRset, type RRset } from "../../core/plan/rrset.ts";
import { isWildcard } from "../../core/policy/names.ts";
import type { Provider } from "../../core/policy/policy.ts";
import type { EffectHandler } from "../../ports/effects.ts";
import type { NameserverEndpoint, Reading, RecordQuestion, Transport } from "../../ports/records.ts";
import { duration } from "../../values/time.ts";
import { endpointsOf, providerOf } from "../nameservers.ts";
import { pause } from "../pause.ts";
import { type EffectContext, policyOf } from "./context.ts";

/** The pause between two questions to one address doubles from the first to the second: changes land in milliseconds. */
const pollMsMin = 1;
const pollMsMax = 250;

/**
 * Asks every address of every nameserver at once, each again until it is right over UDP and then over TCP, or until the
 * patience is over. An address that says the same useless thing twice, silence or another TTL, is not waited for.
 */
export function verifyEffect(context: EffectContext): EffectHandler<"verify"> {
  return {
    async run({ data: { service, failover: id, patienceMs } }, lost) {
      const state = context.sequencer.durable.services.get(service);
      const failover = state?.failover ?? null;
      if (state === undefined || failover?.id !== id) return undefined;
      const over = new AbortController();
      const cancel = context.clock.schedule(duration(patienceMs), () => over.abort());
      const signal = AbortSignal.any([lost, over.signal]);
      const nameservers = await Promise.all(
        placesOf(context, state, failover).map((place) => watch(context, place, signal)),
      );
      cancel();
      return lost.aborted ? undefined : { kind: "verified", failover: id, nameservers };
    },
  };
}

interface Expected extends RecordQuestion {
  readonly record: string;
  readonly rrset: RRset | "absent";
}

/** One address of one nameserver, and all that it should answer. */
interface Place {
  readonly service: string;
  readonly provider: Provider;
  readonly endpoint: NameserverEndpoint;
  readonly expected: readonly Expected[];
}

function placesOf({ sequencer }: EffectContext, state: ServiceState, failover: Failover): readonly Place[] {
  const policy = policyOf(sequencer.durable, state);
  const byProvider = Map.groupBy(expectedOf(failover), ({ provider }) => provider);
  return [...byProvider].flatMap(([id, expected]) => {
    const provider = providerOf(policy, id);
    return endpointsOf(provider).map((endpoint) => ({ service: state.service, provider, endpoint, expected }));
  });
}

/** What the steps so far have put at each provider: the later step counts. A wildcard is to answer for others too. */
function expectedOf(failover: Failover): readonly (Expected & { readonly provider: string })[] {
  const steps = "step" in failover ? failover.plan.steps.slice(0, failover.step + 1) : [];
  const expected = new Map<string, Expected & { readonly provider: string }>();
  for (const { provider, zone, rrsets } of steps.flatMap(({ changes }) => changes)) {
    for (const { record, name, type, after } of rrsets) {
      expected.set(`${provider} ${name} ${type}`, { provider, record, zone, name, type, rrset: after });
    }
  }
  return [...expected.values()].flatMap((one) =>
    isWildcard(one.name) ? [one, { ...one, at: "fresh label" } as const] : [one],
  );
}

type Answers = Pick<NameserverVerdict, "udp" | "tcp" | "serial" | "authenticity">;

/** What an address answers to all that it should know: the worst of it, and each as it was read. */
interface Asked<Answer> {
  readonly answer: Answer;
  readonly readings: readonly (readonly [Expected, Reading])[];
}

async function watch(context: EffectContext, place: Place, signal: AbortSignal): Promise<NameserverVerdict> {
  const { provider, endpoint } = place;
  let asked = await askOnce(context, place, signal);
  if (asked.answer.udp === "wrong" || asked.answer.udp === "ttl-differs") tell(context, place);
  for (let waitMs = pollMsMin; !isRight(asked.answer) && !signal.aborted; waitMs = Math.min(2 * waitMs, pollMsMax)) {
    // oxlint-disable-next-line no-await-in-loop -- one question after the other, until it is right
    await pause(context.clock, waitMs, signal);
    if (signal.aborted) break;
    // oxlint-disable-next-line no-await-in-loop -- as above
    const again = await askOnce(context, place, signal);
    // What was cut off by the end of the patience says nothing of the nameserver.
    if (signal.aborted && !isRight(again.answer)) break;
    const { udp, tcp } = asked.answer;
    const settled = isUseless(again.answer) && again.answer.udp === udp && again.answer.tcp === tcp;
    asked = again;
    if (settled) break;
  }
  if (isRight(asked.answer)) keep(context, place, asked.readings);
  return { provider: provider.id, nameserver: endpoint.name, address: endpointText(endpoint), ...asked.answer };
}

/**
 * What is verified is known: the next plan may be made at once, and not on readings from before this change. The facts
 * are of the nameservers of the policy in force, and the failover may run under the one before.
 */
function keep(
  { book, sequencer }: EffectContext,
  { service, provider, endpoint }: Place,
  readings: Asked<unknown>["readings"],
): void {
  if (sequencer.durable.policy.providers.get(provider.id) !== provider || !book.has(service)) return;
  const place = { provider: provider.id, nameserver: endpoint.name, address: endpointText(endpoint) };
  for (const [{ record }, reading] of readings) book.setReading(service, record, place, reading);
}

function tell({ notices }: EffectContext, { provider, endpoint, expected }: Place): void {
  for (const zone of new Set(expected.map((each) => each.zone))) notices.tell(provider, zone, [endpoint]);
}

/** UDP first; TCP, and the serial, once it has the data over UDP. An address that has not is not asked over TCP. */
async function askOnce(context: EffectContext, place: Place, signal: AbortSignal): Promise<Asked<Answers>> {
  const { answer: udp, readings } = await ask(context, place, "udp", signal);
  if (udp !== "right" && udp !== "ttl-differs") return { answer: { udp, tcp: udp, serial: null }, readings };
  const [tcp, serial, authenticity] = await Promise.all([
    ask(context, place, "tcp", signal),
    serialOf(context, place, signal),
    authenticityOf(context, place, signal),
  ]);
  const answer = { udp, tcp: tcp.answer, serial };
  return { answer: authenticity === undefined ? answer : { ...answer, authenticity }, readings };
}

/** The worst of what is expected of this address; `undefined` where nobody validates. */
async function authenticityOf(
  { authenticator }: EffectContext,
  { endpoint, expected }: Place,
  signal: AbortSignal,
): Promise<CheckedAuthenticity | undefined> {
  if (authenticator === undefined) return undefined;
  const all = await Promise.all(expected.map((each) => authenticator.authenticate(endpoint, each, signal)));
  return verdictsWorstFirst.flatMap((verdict) => all.find((one) => one.verdict === verdict) ?? [])[0];
}

const verdictsWorstFirst: readonly CheckedAuthenticity["verdict"][] = [
  "bogus",
  "unverifiable",
  "indeterminate",
  "not-checked",
  "insecure",
  "secure",
];

async function serialOf({ reader }: EffectContext, place: Place, signal: AbortSignal): Promise<number | null> {
  const [first] = place.expected;
  if (first === undefined) return null;
  const read = await reader.serial(place.endpoint, first.zone, "udp", signal);
  return "serial" in read ? read.serial : null;
}

async function ask(
  { reader }: EffectContext,
  { endpoint, expected }: Place,
  transport: Transport,
  signal: AbortSignal,
): Promise<Asked<NameserverAnswer>> {
  const readings = await Promise.all(
    expected.map(async (each) => [each, await reader.read(endpoint, each, transport, signal)] as const),
  );
  const answers = new Set(readings.map(([{ rrset }, reading]) => answerOf(reading, rrset)));
  return { answer: worstFirst.find((answer) => answers.has(answer)) ?? "right", readings };
}

const worstFirst: readonly NameserverAnswer[] = [
  "wrong",
  "malformed",
  "lame",
  "no-response",
  "no-route",
  "ttl-differs",
  "right",
];

function answerOf(reading: Reading, expected: RRset | "absent"): NameserverAnswer {
  if (reading.outcome !== "answer") return reading.outcome;
  if (sameRRset(reading.rrset, expected)) return "right";
  return sameData(reading.rrset, expected) ? "ttl-differs" : "wrong";
}

/** Data that is bogus may still be on its way to being signed: it is asked for again. */
function isRight({ udp, tcp, authenticity }: Answers): boolean {
  return udp === "right" && tcp === "right" && authenticity?.verdict !== "bogus";
}

/** Said twice, it will not change while we wait. */
function isUseless({ udp, tcp }: Answers): boolean {
  return useless.has(udp) || (udp === "right" && useless.has(tcp));
}

const useless: ReadonlySet<NameserverAnswer> = new Set(["no-response", "no-route", "ttl-differs"]);
