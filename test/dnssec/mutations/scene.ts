import type { SigningKey } from "../../../src/dns/dnssec/sign.fixture.ts";
import { canonicalText, type Name, nameFromOctets } from "../../../src/dns/wire/name.ts";
import type { Message, ResourceRecord } from "../../../src/dns/wire/record.ts";
import { rrtype } from "../../../src/dns/wire/rrtype.ts";
import type { Instant } from "../../../src/values/time.ts";
import type { Random } from "../../fuzz/random.ts";

/** One recorded message of the way to an answer, and what somebody who alters it has at hand. */
export interface Scene {
  readonly random: Random;
  /** Under which the message is recorded. */
  readonly key: string;
  readonly message: Message;
  /** Of all messages on the way, this one included, the answer to the question itself first. */
  readonly way: readonly string[];
  readonly library: Library;
}

/** Everything that was recorded, to take pieces from, and keys to sign lies with. */
export interface Library {
  readonly messages: ReadonlyMap<string, Message>;
  readonly now: Instant;
  /** A key of a zone that is itself secure, `hostile.alpha.`: its owner tries to speak for others. */
  readonly hostile: SigningKey;
  /** Makes a key of that zone that no DS knows. */
  stranger(zone: Name): SigningKey;
}

/** Messages by the key under which they were recorded, in place of those. */
export type Forgery = ReadonlyMap<string, Message>;

/** Undefined where the message has nothing to do this to. */
export type Operator = (scene: Scene) => Message | Forgery | undefined;

type Section = "answer" | "authority";

export interface Place {
  readonly section: Section;
  readonly index: number;
  readonly record: ResourceRecord;
}

/** The records that a validator has to look at. */
export function placesIn(message: Message, wanted: (record: ResourceRecord) => boolean = () => true): readonly Place[] {
  return (["answer", "authority"] as const).flatMap((section) =>
    message[section].flatMap((record, index) => (wanted(record) ? [{ section, index, record }] : [])),
  );
}

/** The message with other records at one place. */
export function withRecords(message: Message, place: Place, ...records: readonly ResourceRecord[]): Message {
  return { ...message, [place.section]: message[place.section].toSpliced(place.index, 1, ...records) };
}

/** Does it to one record of those wanted, chosen by chance. */
export function onRecord(
  wanted: (record: ResourceRecord) => boolean,
  change: (record: ResourceRecord, scene: Scene) => readonly ResourceRecord[] | undefined,
): Operator {
  return (scene) => {
    const places = placesIn(scene.message, wanted);
    if (places.length === 0) return undefined;
    const place = scene.random.pick(places);
    const records = change(place.record, scene);
    return records && withRecords(scene.message, place, ...records);
  };
}

export function isSignature(record: ResourceRecord): boolean {
  return record.type === rrtype.RRSIG;
}

export function isData(record: ResourceRecord): boolean {
  return record.type !== rrtype.RRSIG;
}

export function coveredBy(record: ResourceRecord): number {
  return isSignature(record) ? ((record.rdata[0] ?? 0) << 8) | (record.rdata[1] ?? 0) : record.type;
}

/** The zone that signed something in the message, the first of them; undefined where nothing is signed. */
export function signerOf(message: Message): Name | undefined {
  const [signature] = placesIn(message, isSignature);
  return signature && signerIn(signature.record);
}

export function signerIn({ rdata }: ResourceRecord): Name | undefined {
  for (let end = 19; end <= rdata.length; end += 1) {
    const name = nameFromOctets(rdata, 18, end);
    if (name !== undefined) return name;
  }
  return undefined;
}

export function sameText(name: Name): string {
  return canonicalText(name);
}

/** Octets with some of them replaced from `at` on. */
export function patched(octets: Uint8Array, at: number, values: readonly number[]): Uint8Array {
  const copy = Uint8Array.from(octets);
  copy.set(values.slice(0, Math.max(0, copy.length - at)), at);
  return copy;
}

/** A recorded message of that kind, chosen by chance. */
export function anyMessage(
  { library, random }: Scene,
  wanted: (message: Message, key: string) => boolean,
): Message | undefined {
  const keys = [...library.messages.keys()];
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const key = random.pick(keys);
    const message = library.messages.get(key);
    if (message !== undefined && wanted(message, key)) return message;
  }
  return undefined;
}
