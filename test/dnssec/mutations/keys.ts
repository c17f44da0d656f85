import { parseDnskey } from "../../../src/dns/dnssec/parse.ts";
import {
  dsOf,
  keyPair,
  ksk,
  revokedKsk,
  rewritten,
  signRRset,
  zsk,
  type SigningKey,
} from "../../../src/dns/dnssec/sign.fixture.ts";
import { nameFromText, rootName, sameName, type Name } from "../../../src/dns/wire/name.ts";
import type { Message, ResourceRecord } from "../../../src/dns/wire/record.ts";
import { rcode, rrclass, rrtype } from "../../../src/dns/wire/rrtype.ts";
import { bitmapOfTypes } from "../../../src/dns/wire/type-bitmap.ts";
import { concat } from "../../../src/values/octets.ts";
import { day, add } from "../../../src/values/time.ts";
import { timeToLive } from "../corpus/signer.ts";
import { isData, signerOf, type Forgery, type Operator, type Scene } from "./scene.ts";

/** Lies that are well signed: by a key that nobody vouches for, or by a secure zone that speaks for others. */
export const keyOperators: { readonly [kind: string]: Operator } = {
  "lie signed by a stranger": (scene) => lie(scene, stranger),
  "lie signed by a stranger who adds his key": (scene) => lie(scene, stranger, withKeyAdded),
  "lie signed by a stranger who replaces the keys": (scene) => lie(scene, stranger, withKeyReplaced),
  "lie signed by a stranger who replaces keys and DS": (scene) => lie(scene, stranger, withKeyReplaced, withDsReplaced),
  "lie signed by a stranger under the tag of a key": (scene) => lie(scene, namesake),
  "lie signed by a stranger whose key has the tag of one that it replaces": (scene) =>
    lie(scene, namesake, withKeyReplaced),
  "lie signed by another zone": (scene) => lie(scene, hostile),
  "lie signed by another zone in this one's name": (scene) => lie(scene, hostileInItsName),
  "lie signed by another zone, its keys put in place": (scene) => lie(scene, hostile, withKeyReplaced),
  "DS signed by another zone": (scene) => lie(scene, stranger, withKeyReplaced, withDsReplacedBy(hostile)),
  "name denied by another zone": (scene) => {
    const [question] = scene.message.question;
    const signing = hostile(scene);
    if (question === undefined || signing === undefined) return undefined;
    const next = nameFromText("\\255.zzz.") ?? rootName;
    const nsec = {
      ...blank(scene),
      name: nameFromText("a.") ?? rootName,
      type: rrtype.NSEC,
      rdata: concat(next, bitmapOfTypes([1])),
    };
    return negative(scene, signed([nsec], signing, scene));
  },
  "data denied by another zone": (scene) => {
    const [question] = scene.message.question;
    const signing = hostile(scene);
    if (question === undefined || signing === undefined) return undefined;
    const rdata = concat(question.name, bitmapOfTypes([rrtype.RRSIG, rrtype.NSEC]));
    return negative(
      scene,
      signed([{ ...blank(scene), name: question.name, type: rrtype.NSEC, rdata }], signing, scene),
    );
  },
};

interface Signing {
  readonly key: SigningKey;
  readonly signer: Name;
}

type Who = (scene: Scene) => Signing | undefined;
type Companion = (scene: Scene, signing: Signing, zone: Name) => readonly [string, Message] | undefined;

function stranger(scene: Scene): Signing {
  const zone = signerOf(scene.message) ?? rootName;
  return { key: scene.library.stranger(zone), signer: zone };
}

/** With a key of the algorithm and tag of the one that the DS names; RSA keys are dear, and left alone. */
function namesake(scene: Scene): Signing | undefined {
  const zone = signerOf(scene.message) ?? rootName;
  const [, set] = onWay(scene, zone, "DNSKEY", (message) => message) ?? [];
  const keys = set?.answer.flatMap(({ type, rdata }) =>
    type === rrtype.DNSKEY ? (parseDnskey(zone, rdata) ?? []) : [],
  );
  const key = keys?.find(({ flags, algorithm }) => flags === ksk && algorithm >= 13);
  const made = key && taggedKey(zone, key.algorithm, key.tag);
  return made && { key: made, signer: zone };
}

/** A tag is a sum of words, the flags among them, and most of their bits mean nothing (RFC 4034 §2.1.1 and appendix B). */
function taggedKey(zone: Name, algorithm: number, tag: number): SigningKey | undefined {
  for (let attempt = 0; attempt < 64; attempt += 1) {
    const key = keyPair(zone, algorithm);
    const flags = (ksk + tag - key.dnskey.tag + 0xff_ff) % 0xff_ff;
    const tagged = rewritten(key, { flags });
    const isZoneKey = (flags & zsk) !== 0 && (flags & revokedKsk & ~ksk) === 0;
    if (isZoneKey && tagged.dnskey.tag === tag) return tagged;
  }
  return undefined;
}

/** Its owner speaks for others; in its own zone what it signs is no lie. */
function hostile({ library, message }: Scene): Signing | undefined {
  const { owner } = library.hostile.dnskey;
  const zone = signerOf(message);
  return zone !== undefined && sameName(zone, owner) ? undefined : { key: library.hostile, signer: owner };
}

function hostileInItsName(scene: Scene): Signing | undefined {
  const signing = hostile(scene);
  return signing && { ...signing, signer: signerOf(scene.message) ?? rootName };
}

/** Another address for the name that was asked for, well signed, and what goes with it elsewhere on the way. */
function lie(scene: Scene, who: Who, ...companions: readonly Companion[]): Forgery | undefined {
  const [question] = scene.message.question;
  const zone = signerOf(scene.message);
  if (question === undefined || zone === undefined || question.type !== rrtype.A) return undefined;
  const signing = who(scene);
  if (signing === undefined) return undefined;
  const record = { ...blank(scene), name: question.name, type: rrtype.A, rdata: Uint8Array.of(198, 51, 100, 1) };
  const answer = signed([record], signing, scene);
  const flags = { ...scene.message.flags, rcode: rcode.NOERROR };
  const forged: [string, Message][] = [[scene.key, { ...scene.message, answer, authority: [], flags }]];
  for (const companion of companions) {
    const also = companion(scene, signing, zone);
    if (also === undefined) return undefined;
    forged.push([...also]);
  }
  return new Map(forged);
}

const withKeyAdded: Companion = (scene, { key }, zone) =>
  onWay(scene, zone, "DNSKEY", (message) => ({
    ...message,
    answer: [{ ...key.record, name: zone }, ...message.answer],
  }));

const withKeyReplaced: Companion = (scene, signing, zone) =>
  onWay(scene, zone, "DNSKEY", (message) => {
    const zoneKey = { ...signing.key.record, name: zone, ttl: timeToLive };
    return { ...message, answer: signed([...message.answer.filter(isData), zoneKey], signing, scene) };
  });

const withDsReplaced: Companion = (scene, signing, zone) =>
  onWay(scene, zone, "DS", (message) => ({
    ...message,
    answer: [{ ...dsOf(signing.key), name: zone }, ...message.answer],
  }));

function withDsReplacedBy(who: Who): Companion {
  return (scene, { key }, zone) => {
    const signing = who(scene);
    if (signing === undefined) return undefined;
    return onWay(scene, zone, "DS", (message) => ({
      ...message,
      answer: signed([{ ...dsOf(key), name: zone, ttl: timeToLive }], signing, scene),
    }));
  };
}

function onWay(
  { way, library }: Scene,
  zone: Name,
  type: "DNSKEY" | "DS",
  change: (message: Message) => Message,
): readonly [string, Message] | undefined {
  const keys = way.filter((key) => key.endsWith(` ${type}`));
  for (const key of keys) {
    const message = library.messages.get(key);
    const [question] = message?.question ?? [];
    if (message !== undefined && question !== undefined && sameName(question.name, zone)) return [key, change(message)];
  }
  return undefined;
}

function signed(
  records: readonly ResourceRecord[],
  { key, signer }: Signing,
  { library }: Scene,
): readonly ResourceRecord[] {
  const period = { inception: add(library.now, -day), expiration: add(library.now, day) };
  return [...records, signRRset(records, key, period, { signer })];
}

function blank({ message }: Scene): ResourceRecord {
  const name = message.question[0]?.name ?? rootName;
  return { name, type: rrtype.A, class: rrclass.IN, ttl: timeToLive, rdata: new Uint8Array(0) };
}

function negative({ message, random }: Scene, denial: readonly ResourceRecord[]): Message {
  const code = random.pick([rcode.NOERROR, rcode.NXDOMAIN]);
  const authority = [...message.authority.filter(({ type }) => type === rrtype.SOA), ...denial];
  return { ...message, answer: [], authority, flags: { ...message.flags, rcode: code } };
}
