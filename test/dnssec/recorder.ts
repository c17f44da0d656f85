import { randomBytes } from "node:crypto";
import { exchange } from "../../src/dns/transport/exchange.ts";
import { buildQuery } from "../../src/dns/update/update.ts";
import { decodeMessage } from "../../src/dns/wire/message.ts";
import { canonicalText } from "../../src/dns/wire/name.ts";
import type { Message } from "../../src/dns/wire/record.ts";
import { rcode, typeToText } from "../../src/dns/wire/rrtype.ts";
import { systemClock } from "../../src/platform/clock.ts";
import type { DnsAnswer, DnsQueryPort, DnsQuestion } from "../../src/ports/dns-query.ts";
import { duration } from "../../src/values/time.ts";
import type { ServerAddress } from "../servers/zone.ts";

/** Answers of one server, kept: each question is put to it once, and then answered from memory. */
export interface Recorder extends DnsQueryPort {
  /** What was recorded, by {@link recordKey}. */
  readonly messages: ReadonlyMap<string, Message>;
  readonly asked: number;
}

/** `www.example. A`: what a recorded answer is found by. */
export function recordKey({ name, type }: DnsQuestion): string {
  return `${canonicalText(name)} ${typeToText(type)}`;
}

/**
 * Records what the server at `address` says. All zones are there, so it matters not whose nameservers are asked: it
 * answers a DS from the parent, all else from the deepest zone.
 */
export function recordFrom(server: ServerAddress): Recorder {
  const messages = new Map<string, Message>();
  const clock = systemClock();
  let asked = 0;
  return {
    messages,
    get asked() {
      return asked;
    },
    async query(_zone, question, signal): Promise<DnsAnswer> {
      const key = recordKey(question);
      const known = messages.get(key);
      if (known !== undefined) return { outcome: "message", message: known, from: "recorded" };
      asked += 1;
      const options = {
        id: randomBytes(2).readUInt16BE(),
        recursion: "none",
        dnssec: "send",
        checking: "enabled",
      } as const;
      const request = {
        address: server.address,
        port: server.port,
        message: buildQuery(question.name, question.type, options),
        transport: "udp" as const,
        timeoutMs: duration(5000),
        abortable: "throughout" as const,
      };
      const result = await exchange(request, clock, signal);
      if (result.outcome !== "response") return { outcome: "no-response", code: result.code, from: "nsd" };
      const message = decodeMessage(result.octets);
      messages.set(key, message);
      return answerOf(message, "nsd");
    },
  };
}

/** A message as the port gives it: a response code that is no answer is unusable. */
export function answerOf(message: Message, from: string): DnsAnswer {
  const { rcode: code } = message.flags;
  if (code === rcode.NOERROR || code === rcode.NXDOMAIN) return { outcome: "message", message, from };
  return { outcome: "unusable", code: `rcode-${code}`, from };
}
