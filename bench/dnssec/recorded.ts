import type { FixtureZone } from "../../src/dns/dnssec/zone.fixture.ts";
import { World } from "../../src/dns/dnssec/world.fixture.ts";
import { decodeMessage, encodeMessage } from "../../src/dns/wire/message.ts";
import { nameToText, type Name } from "../../src/dns/wire/name.ts";
import type { DnsAnswer, DnsQueryPort, DnsQuestion } from "../../src/ports/dns-query.ts";

/**
 * Zones in memory whose answers are made and signed once and then kept as octets: each question costs its decoding, as
 * an answer from the network would, and no signing.
 */
export class RecordedWorld implements DnsQueryPort {
  readonly world: World;
  readonly #octets = new Map<string, Uint8Array>();

  constructor(zones: readonly FixtureZone[]) {
    this.world = new World(zones);
  }

  async query(zone: Name | "closest", question: DnsQuestion, signal: AbortSignal): Promise<DnsAnswer> {
    const at = zone === "closest" ? zone : nameToText(zone);
    const key = `${at} ${nameToText(question.name)} ${question.type}`;
    const octets = this.#octets.get(key) ?? (await this.#record(key, zone, question, signal));
    return { outcome: "message", message: decodeMessage(octets), from: "recorded" };
  }

  async #record(key: string, zone: Name | "closest", question: DnsQuestion, signal: AbortSignal): Promise<Uint8Array> {
    const answer = await this.world.query(zone, question, signal);
    if (answer.outcome !== "message") throw new Error(`${key} is not answered`);
    const octets = encodeMessage(answer.message);
    this.#octets.set(key, octets);
    return octets;
  }
}
