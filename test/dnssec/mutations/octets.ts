import { branded, labelsOf } from "../../../src/dns/wire/name.ts";
import { rcode } from "../../../src/dns/wire/rrtype.ts";
import { concat } from "../../../src/values/octets.ts";
import { isData, isSignature, onRecord, patched, type Operator, type Scene } from "./scene.ts";

function flipped(octets: Uint8Array, { random }: Scene): Uint8Array {
  const at = random.below(octets.length);
  return patched(octets, at, [(octets[at] ?? 0) ^ (1 << random.below(8))]);
}

/** Single octets, with no plan. */
export const octetOperators: { readonly [kind: string]: Operator } = {
  "bit flipped in data": onRecord(isData, (record, scene) =>
    record.rdata.length === 0 ? undefined : [{ ...record, rdata: flipped(record.rdata, scene) }],
  ),
  "bit flipped in a signature": onRecord(isSignature, (record, scene) => [
    { ...record, rdata: flipped(record.rdata, scene) },
  ]),
  "octet flipped in an owner": onRecord(
    () => true,
    (record, scene) => {
      const labels = labelsOf(record.name);
      if (labels.length === 0) return undefined;
      const chosen = scene.random.below(labels.length);
      const altered = labels.map((label, index) => (index === chosen ? flipped(label, scene) : label));
      return [
        {
          ...record,
          name: branded(concat(...altered.flatMap((label) => [Uint8Array.of(label.length), label]), new Uint8Array(1))),
        },
      ];
    },
  ),
  "data cut short": onRecord(isData, (record, { random }) =>
    record.rdata.length === 0
      ? undefined
      : [{ ...record, rdata: record.rdata.slice(0, random.below(record.rdata.length)) }],
  ),
  "signature cut short": onRecord(isSignature, (record, { random }) => [
    { ...record, rdata: record.rdata.slice(0, random.below(record.rdata.length)) },
  ]),
  "octets at the end of data": onRecord(isData, (record, { random }) => [
    { ...record, rdata: concat(record.rdata, random.octets(1 + random.below(4))) },
  ]),
  "another response code": ({ message, random }) => {
    const { NOERROR, NXDOMAIN, SERVFAIL, REFUSED } = rcode;
    const codes = [NOERROR, NXDOMAIN, NXDOMAIN, SERVFAIL, REFUSED].filter((code) => code !== message.flags.rcode);
    return { ...message, flags: { ...message.flags, rcode: random.pick(codes) } };
  },
  "another class": onRecord(isData, (record) => [{ ...record, class: 3 }]),
  "another type": onRecord(isData, (record, { random }) => [
    { ...record, type: random.pick([1, 5, 16, 28, 39, 43, 99]) },
  ]),
};
