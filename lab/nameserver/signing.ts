import { dsOf, keyPair, ksk, signRRset, zsk } from "../../src/dns/dnssec/sign.fixture.ts";
import { rrtype } from "../../src/dns/wire/rrtype.ts";
import { rdataOctetsToText } from "../../src/dns/wire/rdata.ts";
import { add, day, hour, instant, type Instant } from "../../src/values/time.ts";
import { keyOf, recordsOf, type Zone, type ZoneRRset, type ZoneSigner } from "./zone.ts";

/** A zone that is signed, and what its parent publishes for it, or who trusts it directly keeps as an anchor. */
export interface SignedZone {
  readonly zone: Zone;
  /** Master-file text of the DS of its key-signing key, without owner and type (RFC 4034 §5.3). */
  readonly ds: string;
}

/**
 * Signs a zone with keys made now, which nobody has once this process ends: ECDSA P-256 (RFC 6605), one for the keys and
 * one for all else. In a lab one for both would do; two is what most zones have, so that it is what people see there.
 */
export function signZone(zone: Zone): SignedZone {
  const keys = [keyPair(zone.name, ecdsaP256, ksk), keyPair(zone.name, ecdsaP256, zsk)] as const;
  const [keySigner, zoneSigner] = keys;
  const signatures = new WeakMap<ZoneRRset, Uint8Array>();
  const signer: ZoneSigner = {
    sign(rrset) {
      const known = signatures.get(rrset);
      if (known !== undefined) return known;
      const key = rrset.type === rrtype.DNSKEY ? keySigner : zoneSigner;
      const { rdata } = signRRset(recordsOf(rrset, rrset), key, periodAt(instant(Date.now())));
      signatures.set(rrset, rdata);
      return rdata;
    },
  };
  const { name } = zone;
  const published = { name, type: rrtype.DNSKEY, ttl: 3600, rdata: keys.map(({ record }) => record.rdata) };
  return {
    zone: { ...zone, rrsets: new Map(zone.rrsets).set(keyOf(name, rrtype.DNSKEY), published), signer },
    ds: rdataOctetsToText(rrtype.DS, dsOf(keySigner).rdata),
  };
}

const ecdsaP256 = 13;

/** A lab lives for less. It begins a little earlier, as with most signers, for clocks that are behind. */
function periodAt(now: Instant): { readonly inception: Instant; readonly expiration: Instant } {
  return { inception: add(now, -hour), expiration: add(now, 14 * day) };
}
