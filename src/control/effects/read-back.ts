import type { ReadBack } from "../../core/cycle/service-command.ts";
import type { Attempt } from "../../core/failover/state.ts";
import type { EffectHandler } from "../../ports/effects.ts";
import type { NameserverEndpoint, Reading, RecordQuestion } from "../../ports/records.ts";
import { serverOf } from "../nameservers.ts";
import { attemptsOf } from "../orders.ts";
import { type EffectContext, policyOf } from "./context.ts";
import { fenceValueOf } from "./fence-text.ts";

/** Reads what an attempt left at the server of its path: every RRset that it changes, and its fences. */
export function readBackEffect(context: EffectContext): EffectHandler<"read-back"> {
  return {
    async run({ data: { service, attempt: id } }, lost) {
      const { durable } = context.sequencer;
      const state = durable.services.get(service);
      const attempt = [...attemptsOf(state), ...(state?.outstanding ?? [])].find((each) => each.id === id);
      if (state === undefined || attempt === undefined) return undefined;
      const provider = policyOf(durable, state).providers.get(attempt.provider);
      if (provider === undefined) return { kind: "read-back", attempt: id, found: null, code: "no-such-provider" };
      const result = await readAttempt(context, attempt, serverOf(provider, attempt.path), lost);
      if (lost.aborted) return undefined;
      return typeof result === "string"
        ? { kind: "read-back", attempt: id, found: null, code: result }
        : { kind: "read-back", attempt: id, found: result, code: "read" };
    },
  };
}

/** All that stands there, or the code of why something could not be read: half an answer is none. */
async function readAttempt(
  context: EffectContext,
  { change, fences, zone }: Attempt,
  server: NameserverEndpoint,
  lost: AbortSignal,
): Promise<ReadBack | string> {
  const ask = (name: string, type: string): Promise<Reading> => read(context, server, { zone, name, type }, lost);
  const [rrsets, values] = await Promise.all([
    Promise.all(change.rrsets.map(async ({ name, type }) => ({ name, type, reading: await ask(name, type) }))),
    Promise.all(fences.map(async ({ name }) => ({ name, reading: await ask(name, "TXT") }))),
  ]);
  const found: { rrsets: ReadBack["rrsets"][number][]; fences: ReadBack["fences"][number][] } = {
    rrsets: [],
    fences: [],
  };
  for (const { name, type, reading } of rrsets) {
    if (reading.outcome !== "answer") return `${reading.outcome}: ${reading.code}`;
    found.rrsets.push({ name, type, rrset: reading.rrset });
  }
  for (const { name, reading } of values) {
    if (reading.outcome !== "answer") return `${reading.outcome}: ${reading.code}`;
    found.fences.push({ name, value: fenceValueOf(reading.rrset) });
  }
  return found;
}

/** Over UDP, and once more over TCP where that gave nothing: a lost datagram is no reason to wait. */
async function read(
  { reader }: EffectContext,
  server: NameserverEndpoint,
  question: RecordQuestion,
  lost: AbortSignal,
): Promise<Reading> {
  const first = await reader.read(server, question, "udp", lost);
  return first.outcome === "no-response" && !lost.aborted ? reader.read(server, question, "tcp", lost) : first;
}
