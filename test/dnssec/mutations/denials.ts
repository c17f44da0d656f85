import { isWithin, sameName, type Name } from "../../../src/dns/wire/name.ts";
import type { Message } from "../../../src/dns/wire/record.ts";
import { rcode, rrtype } from "../../../src/dns/wire/rrtype.ts";
import { anyMessage, onRecord, patched, placesIn, signerOf, type Forgery, type Operator, type Scene } from "./scene.ts";

/** Denials of what exists, made of genuine ones of other names, zones and moments of the chain. */
export const denialOperators: { readonly [kind: string]: Operator } = {
  "denied by a denial of its zone": (scene) => {
    const zone = signerOf(scene.message);
    return denied(scene, (message) => zone !== undefined && isDenialOf(message, zone));
  },
  "denied by all denials of its zone": (scene) => {
    const zone = signerOf(scene.message);
    if (zone === undefined) return undefined;
    const denials = [...scene.library.messages.values()].filter((message) => isDenialOf(message, zone));
    return withDenial(
      scene,
      denials.flatMap(({ authority }) => authority),
    );
  },
  "denied by an ancestor": (scene) => {
    const zone = signerOf(scene.message);
    return denied(scene, (message) => zone !== undefined && isDenialAbove(message, zone));
  },
  "denied by another zone": (scene) =>
    denied(scene, (message) => message.answer.length === 0 && message.authority.length > 0),
  "denied by what is below": (scene) => {
    const [question] = scene.message.question;
    return denied(scene, (message) => question !== undefined && isDenialOf(message, question.name));
  },
  "delegation taken for unsigned, by its parent's denials": (scene) =>
    unsignedDelegation(scene, (message, parent) => isDenialOf(message, parent)),
  "delegation taken for unsigned, by the child's denials": (scene) =>
    unsignedDelegation(scene, (message, _parent, child) => isDenialOf(message, child)),
  "delegation taken for unsigned, by any denial": (scene) =>
    unsignedDelegation(scene, (message) => message.answer.length === 0 && message.authority.length > 0),
  "delegation taken for unsigned, without denial, and its data unsigned": (scene) =>
    unsignedDelegation(scene, (message) => message.answer.length > 0, "no authority"),
  "opt-out set in NSEC3": onRecord(
    ({ type }) => type === rrtype.NSEC3,
    (record) => [{ ...record, rdata: patched(record.rdata, 1, [1]) }],
  ),
  "iterations raised in NSEC3": onRecord(
    ({ type }) => type === rrtype.NSEC3,
    (record, { random }) => [{ ...record, rdata: patched(record.rdata, 2, [random.pick([0, 1, 200]), 200]) }],
  ),
  "types removed from a denial": onRecord(
    ({ type }) => type === rrtype.NSEC || type === rrtype.NSEC3,
    (record) => [{ ...record, rdata: patched(record.rdata, record.rdata.length - 4, [0, 0, 0, 1]) }],
  ),
  "half of the denial dropped": ({ message, random }) => {
    const places = placesIn(message, isDenial);
    if (places.length < 2) return undefined;
    const { record } = random.pick(places);
    return { ...message, authority: message.authority.filter(({ name }) => !sameName(name, record.name)) };
  },
};

function denied(scene: Scene, wanted: (message: Message) => boolean): Message | undefined {
  const donor = anyMessage(scene, wanted);
  return donor && withDenial(scene, donor.authority);
}

function withDenial({ message, random }: Scene, authority: Message["authority"]): Message {
  const code = random.pick([rcode.NOERROR, rcode.NXDOMAIN]);
  return { ...message, answer: [], authority, flags: { ...message.flags, rcode: code } };
}

/** The DS of some zone on the way replaced by a denial, and all that the zone says stripped of signatures. */
function unsignedDelegation(
  scene: Scene,
  wanted: (message: Message, parent: Name, child: Name) => boolean,
  authority: "its authority" | "no authority" = "its authority",
): Forgery | undefined {
  const keys = scene.way.filter((key) => key.endsWith(" DS"));
  if (keys.length === 0) return undefined;
  const key = scene.random.pick(keys);
  const ds = scene.library.messages.get(key);
  const parent = ds && signerOf(ds);
  const child = ds?.question[0]?.name;
  if (ds === undefined || parent === undefined || child === undefined || ds.answer.length === 0) return undefined;
  const donor = anyMessage(scene, (message) => wanted(message, parent, child));
  if (donor === undefined) return undefined;
  const forgery = new Map<string, Message>([
    [key, { ...ds, answer: [], authority: authority === "its authority" ? donor.authority : [] }],
  ]);
  for (const one of scene.way) {
    const message = scene.library.messages.get(one);
    const signer = message && signerOf(message);
    if (one !== key && message !== undefined && signer !== undefined && isWithin(signer, child))
      forgery.set(one, stripped(message));
  }
  return forgery;
}

function stripped(message: Message): Message {
  return { ...message, answer: message.answer.filter(isPlain), authority: message.authority.filter(isPlain) };
}

interface Typed {
  readonly type: number;
}

function isDenial({ type }: Typed): boolean {
  return type === rrtype.NSEC || type === rrtype.NSEC3;
}

function isPlain({ type }: Typed): boolean {
  return type !== rrtype.RRSIG && type !== rrtype.DNSKEY && !isDenial({ type });
}

function isDenialOf({ answer, authority }: Message, zone: Name): boolean {
  return answer.length === 0 && authority.some(({ type, name }) => type === rrtype.SOA && sameName(name, zone));
}

function isDenialAbove({ answer, authority }: Message, zone: Name): boolean {
  return (
    answer.length === 0 &&
    authority.some(({ type, name }) => type === rrtype.SOA && isWithin(zone, name) && !sameName(zone, name))
  );
}
