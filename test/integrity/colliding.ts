import { writeFileSync } from "node:fs";
import path from "node:path";
import { keyPair, nameOf, zsk, type SigningKey } from "../../src/dns/dnssec/sign.fixture.ts";
import { rdataOctetsToText } from "../../src/dns/wire/rdata.ts";
import { rrtype } from "../../src/dns/wire/rrtype.ts";
import type { BindKey } from "../dnssec/corpus/bind-signer.ts";

const ed25519 = 15;

/** Two zone-signing keys of one tag: the first pair among keys made by chance, some 300 of them. */
export function collidingKeys(zone: string, folder: string, otherFolder: string): readonly [BindKey, BindKey] {
  const byTag = new Map<number, SigningKey>();
  for (;;) {
    const key = keyPair(nameOf(zone), ed25519, zsk);
    const other = byTag.get(key.dnskey.tag);
    if (other !== undefined) return [bindKeyOf(key, zone, folder), bindKeyOf(other, zone, otherFolder)];
    byTag.set(key.dnskey.tag, key);
  }
}

/** As dnssec-keygen writes it. */
function bindKeyOf({ dnskey, record, privateKey }: SigningKey, zone: string, folder: string): BindKey {
  const file = `K${zone}+015+${String(dnskey.tag).padStart(5, "0")}`;
  const line = `${zone} IN DNSKEY ${rdataOctetsToText(rrtype.DNSKEY, record.rdata)}`;
  const { d = "" } = privateKey.export({ format: "jwk" });
  const secret = Uint8Array.fromBase64(d, { alphabet: "base64url" }).toBase64();
  const text = `Private-key-format: v1.3\nAlgorithm: 15 (ED25519)\nPrivateKey: ${secret}\n`;
  writeFileSync(path.join(folder, `${file}.key`), `${line}\n`);
  writeFileSync(path.join(folder, `${file}.private`), text, { mode: 0o600 });
  return { file, folder, dnskey: line, tag: dnskey.tag };
}
