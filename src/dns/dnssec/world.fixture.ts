import type { DnsAnswer, DnsQueryPort, DnsQuestion } from "../../ports/dns-query.ts";
import { isWithin, nameToText, parentOf, type Name } from "../wire/name.ts";
import type { Message } from "../wire/record.ts";
import { rdataOctetsToText } from "../wire/rdata.ts";
import { rrtype, typeFromText, typeToText } from "../wire/rrtype.ts";
import { trustAnchors, type GivenAnchors } from "./anchors.ts";
import { dsOf, keyPair, ksk, nameOf, zsk, type SigningKey } from "./sign.fixture.ts";
import { createValidator, type Validator, type ValidatorParts } from "./validator.ts";
import type { Validation } from "./verdict.ts";
import { FixtureZone, testNow, type ZoneOptions } from "./zone.fixture.ts";

export const ecdsa = 13;
export const ed25519 = 15;

/** A KSK and a ZSK of a zone; each is made once for all tests of a file, for keys take time. */
export function keysOf(apex: string, algorithm = ecdsa): readonly SigningKey[] {
  const key = `${apex} ${algorithm}`;
  const keys = made.get(key) ?? [ksk, zsk].map((flags) => keyPair(nameOf(apex), algorithm, flags));
  made.set(key, keys);
  return keys;
}

const made = new Map<string, readonly SigningKey[]>();

/** `child 300 DS ...` and its NS, for the lines of its parent. */
export function delegation(apex: string, keys: readonly SigningKey[]): readonly string[] {
  const ds = keys
    .filter(({ dnskey }) => dnskey.flags !== zsk)
    .map((key) => rdataOctetsToText(rrtype.DS, dsOf(key).rdata));
  return [`${apex} 300 NS ns.invalid.`, ...ds.map((text) => `${apex} 300 DS ${text}`)];
}

/** Zones in memory, each answered for by a server of its own, as the port has them. */
export class World implements DnsQueryPort {
  readonly #zones = new Map<string, FixtureZone>();
  /** Every question, as `zone NAME TYPE`, in order. */
  readonly asked: string[] = [];
  /** What comes instead of an answer, or of it changed; undefined: it comes as it is. */
  intercept: (question: DnsQuestion, answer: Message, zone: Name) => Message | "silence" | "SERVFAIL" | undefined =
    () => undefined;

  constructor(zones: readonly FixtureZone[]) {
    for (const zone of zones) this.put(zone);
  }

  put(zone: FixtureZone): void {
    this.#zones.set(nameToText(zone.apex), zone);
  }

  zone(apex: string): FixtureZone {
    const zone = this.#zones.get(apex);
    if (zone === undefined) throw new Error(`no zone ${apex}`);
    return zone;
  }

  /** What the zone's server answers, before anything is done to it. */
  answerTo(name: string, type: string): Message {
    const question = { name: nameOf(name), type: typeFromText(type) ?? 0 };
    return this.#serving("closest", question).answer(question.name, question.type);
  }

  query(zone: Name | "closest", question: DnsQuestion, signal: AbortSignal): Promise<DnsAnswer> {
    const serving = this.#serving(zone, question);
    this.asked.push(`${nameToText(serving.apex)} ${nameToText(question.name)} ${typeToText(question.type)}`);
    if (signal.aborted) return Promise.resolve({ outcome: "no-response", code: "aborted", from: "fixture" });
    const answer = serving.answer(question.name, question.type);
    const changed = this.intercept(question, answer, serving.apex) ?? answer;
    if (changed === "silence") return Promise.resolve({ outcome: "no-response", code: "timeout", from: "192.0.2.53" });
    if (changed === "SERVFAIL") return Promise.resolve({ outcome: "unusable", code: "SERVFAIL", from: "192.0.2.53" });
    return Promise.resolve({ outcome: "message", message: changed, from: "fixture" });
  }

  #serving(zone: Name | "closest", { name, type }: DnsQuestion): FixtureZone {
    if (zone !== "closest") return this.zone(nameToText(zone));
    const base = type === rrtype.DS ? (parentOf(name) ?? name) : name;
    const above = [...this.#zones.values()].filter(({ apex }) => isWithin(base, apex));
    const [deepest] = above.toSorted((a, b) => b.apex.length - a.apex.length);
    if (deepest === undefined) throw new Error("a world has a root");
    return deepest;
  }
}

/** `.`, `com.` (NSEC3), `org.` (NSEC3 with opt-out) and `example.com.`, `example.org.` below them; more lines and zones on request. */
export function worldOf(parts: {
  readonly root?: readonly string[];
  readonly com?: readonly string[];
  readonly example?: readonly string[];
  readonly options?: ZoneOptions;
  readonly more?: readonly FixtureZone[];
}): World {
  const { root = [], com = [], example = [], options = {}, more = [] } = parts;
  const own = options.keys ?? keysOf("example.com.");
  const tlds = ["com.", "org."].flatMap((apex) => delegation(apex, keysOf(apex)));
  return new World([
    new FixtureZone(".", [...tlds, ...root], { keys: keysOf(".") }),
    new FixtureZone("com.", [...delegation("example.com.", own), ...com], { keys: keysOf("com."), denial: "nsec3" }),
    new FixtureZone(
      "org.",
      [...delegation("example.org.", keysOf("example.org.", ed25519)), "unsigned.org. 300 NS ns.invalid."],
      {
        keys: keysOf("org."),
        denial: "nsec3-opt-out",
      },
    ),
    new FixtureZone("example.com.", ["www.example.com. 300 A 192.0.2.1", ...example], { keys: own, ...options }),
    new FixtureZone("example.org.", ["www.example.org. 300 A 192.0.2.2", "mail.www.example.org. 300 A 192.0.2.3"], {
      keys: keysOf("example.org.", ed25519),
      denial: "nsec3",
    }),
    new FixtureZone("unsigned.org.", ["www.unsigned.org. 300 A 192.0.2.4"]),
    ...more,
  ]);
}

/** The anchor of the world's root. */
export function rootAnchor(keys: readonly SigningKey[] = keysOf(".")): string {
  return keys
    .filter(({ dnskey }) => dnskey.flags !== zsk)
    .map((key) => `. IN DS ${rdataOctetsToText(rrtype.DS, dsOf(key).rdata)}`)
    .join("\n");
}

export function validatorOf(port: DnsQueryPort, given: GivenAnchors & Pick<ValidatorParts, "options"> = {}): Validator {
  const { options = {}, ...anchors } = given;
  return createValidator({ port, anchors: trustAnchors({ anchors: rootAnchor(), ...anchors }), options });
}

export function resolve(validator: Validator, name: string, type = "A", now = testNow): Promise<Validation> {
  const question = { name: nameOf(name), type: typeFromText(type) ?? 0 };
  return validator.resolve(question, now, new AbortController().signal);
}

/** The verdict and the code that decided on it. */
export function short({ verdict, outcome, reasons }: Validation): readonly (string | undefined)[] {
  return [verdict, outcome, reasons.at(-1)?.code];
}
