import { keyPair, nameOf, type SigningKey } from "../../../src/dns/dnssec/sign.fixture.ts";
import { rdataOctetsToText } from "../../../src/dns/wire/rdata.ts";
import { bindZone, pair, specialLines, using, type SpecialZone } from "./special-zone.ts";

const zone = "hostile.alpha.";
const zoneSigningFlags = 256;

/** A key of a zone that is itself secure, and whose owner would speak for others. */
export function hostileKey(): SigningKey {
  return keyPair(nameOf(zone), 13, zoneSigningFlags);
}

/** That zone, with the key among its own. */
export function hostileZone({ record }: SigningKey): SpecialZone {
  const dnskey = `@ DNSKEY ${rdataOctetsToText(record.type, record.rdata)}`;
  return bindZone("hostile", "secure", async (shop) => {
    const [ksk, zsk] = await pair(shop);
    const lines = await shop.sign({ ...using([ksk], [zsk]), lines: [...specialLines, dnskey] });
    return { lines, ds: [await shop.ds(ksk)] };
  });
}
