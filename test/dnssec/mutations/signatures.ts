import type { ResourceRecord } from "../../../src/dns/wire/record.ts";
import { rrtype } from "../../../src/dns/wire/rrtype.ts";
import { concat } from "../../../src/values/octets.ts";
import {
  anyMessage,
  coveredBy,
  isData,
  isSignature,
  onRecord,
  patched,
  placesIn,
  signerIn,
  withRecords,
  type Operator,
} from "./scene.ts";

/** Signatures taken away, exchanged, and made to say something else. */
export const signatureOperators: { readonly [kind: string]: Operator } = {
  "signature dropped": onRecord(isSignature, () => []),
  "all signatures dropped": ({ message }) =>
    placesIn(message, isSignature).length === 0
      ? undefined
      : { ...message, answer: message.answer.filter(isData), authority: message.authority.filter(isData) },
  "signatures exchanged": ({ message, random }) => {
    const places = placesIn(message, isSignature);
    if (places.length < 2) return undefined;
    const one = random.pick(places);
    const other = random.pick(places.filter((place) => place !== one));
    const first = withRecords(message, one, { ...one.record, rdata: other.record.rdata });
    return withRecords(first, other, { ...other.record, rdata: one.record.rdata });
  },
  "signature of another answer": onRecord(isSignature, (record, scene) => {
    const donor = anyMessage(scene, (message) =>
      placesIn(message, isSignature).some((place) => coveredBy(place.record) === coveredBy(record)),
    );
    if (donor === undefined) return undefined;
    const [place] = placesIn(donor, (one) => isSignature(one) && coveredBy(one) === coveredBy(record));
    return place && [{ ...record, rdata: place.record.rdata }];
  }),
  "signature expired in word": onRecord(isSignature, (record, { library }) => [
    { ...record, rdata: patched(record.rdata, 8, seconds(library.now / 1000 - 60)) },
  ]),
  "signature not yet valid in word": onRecord(isSignature, (record, { library }) => [
    { ...record, rdata: patched(record.rdata, 12, seconds(library.now / 1000 + 3600)) },
  ]),
  "validity stretched": onRecord(isSignature, (record, { library }) => [
    { ...record, rdata: patched(record.rdata, 8, seconds(library.now / 1000 + 10 ** 8)) },
  ]),
  "algorithm downgraded in signature": onRecord(isSignature, (record, { random }) => [
    { ...record, rdata: patched(record.rdata, 2, [random.pick([1, 3, 5, 6, 7, 8, 10, 12, 13, 15, 200, 253])]) },
  ]),
  "algorithm downgraded in DS or DNSKEY": onRecord(
    ({ type }) => type === rrtype.DS || type === rrtype.DNSKEY,
    (record, { random }) => [
      {
        ...record,
        rdata: patched(record.rdata, record.type === rrtype.DS ? 2 : 3, [random.pick([1, 5, 7, 8, 12, 200, 254])]),
      },
    ],
  ),
  "digest downgraded in DS": onRecord(
    ({ type }) => type === rrtype.DS,
    (record, { random }) => [{ ...record, rdata: patched(record.rdata, 3, [random.pick([1, 3, 200])]) }],
  ),
  "labels of a signature changed": onRecord(isSignature, (record, { random }) => [
    {
      ...record,
      rdata: patched(record.rdata, 3, [Math.max(0, (record.rdata[3] ?? 0) + random.pick([-2, -1, 1, 7, 200]))]),
    },
  ]),
  "another signer named": onRecord(isSignature, (record, scene) => {
    const signer = signerIn(record);
    const [, other] = placesIn(
      anyMessage(scene, (message) => message.authority.length > 1) ?? scene.message,
      isSignature,
    );
    const name = other && signerIn(other.record);
    if (signer === undefined || name === undefined) return undefined;
    const end = 18 + signer.length;
    return [{ ...record, rdata: concat(record.rdata.subarray(0, 18), name, record.rdata.subarray(end)) }];
  }),
  "another tag named": onRecord(isSignature, (record, { random }) => [
    { ...record, rdata: patched(record.rdata, 16, [...random.octets(2)]) },
  ]),
  "TTL raised": ({ message }) => ({
    ...message,
    answer: message.answer.map(longer),
    authority: message.authority.map(longer),
  }),
  "original TTL raised": onRecord(isSignature, (record) => [
    { ...record, rdata: patched(record.rdata, 4, [0, 0x10, 0, 0]) },
  ]),
};

function longer(record: ResourceRecord): ResourceRecord {
  return { ...record, ttl: 1_000_000 };
}

function seconds(at: number): readonly number[] {
  const whole = Math.floor(at);
  return [24, 16, 8, 0].map((shift) => (whole >>> shift) & 0xff);
}
