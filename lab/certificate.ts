import { generateKeyPairSync } from "node:crypto";
import { isIPv4 } from "node:net";
import { makeCertificate, sequence, tlv } from "../src/credentials/certificate.ts";
import { instant, type Instant } from "../src/values/time.ts";

/** For the lab and the tests alone: throw-away certificates, so that no private key needs to stand in the repository. */
export interface Authority {
  /** PEM; what a check's `trust` names. */
  readonly certificate: string;
  issue(leaf: Leaf): { readonly cert: string; readonly key: string };
}

interface Validity {
  readonly from: Date;
  readonly until: Date;
}

interface Leaf extends Partial<Validity> {
  /** DNS names or IPv4 addresses that the certificate is made out to. */
  readonly names: readonly string[];
}

/** A certificate authority with a P-256 key, valid from yesterday for a month unless said otherwise. */
export function createAuthority(name: string, validity: Partial<Validity> = {}): Authority {
  const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const certificate = makeCertificate({
    issuer: name,
    subject: name,
    publicKey: keys.publicKey,
    signer: keys.privateKey,
    validity: instants({ ...month(), ...validity }),
    // A CA (RFC 5280 §4.2.1.9) that signs certificates (§4.2.1.3, bit 5).
    extensions: [extension("551d13", sequence(boolean)), extension("551d0f", tlv(0x03, Buffer.of(2, 0x04)))],
  });
  return {
    certificate,
    issue({ names, ...leafValidity }) {
      const leaf = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const cert = makeCertificate({
        issuer: name,
        subject: names[0] ?? "nameless",
        publicKey: leaf.publicKey,
        signer: keys.privateKey,
        validity: instants({ ...month(), ...leafValidity }),
        extensions: [extension("551d11", sequence(...names.map(alternativeName)))],
      });
      return { cert, key: leaf.privateKey.export({ type: "pkcs8", format: "pem" }) };
    },
  };
}

const boolean = Buffer.of(0x01, 1, 0xff);

/** An extension, by the octets of its OBJECT IDENTIFIER; critical unless it is the subject's alternative names. */
function extension(id: string, value: Buffer): Buffer {
  const critical = id === "551d11" ? [] : [boolean];
  return sequence(tlv(0x06, Buffer.from(id, "hex")), ...critical, tlv(0x04, value));
}

function alternativeName(name: string): Buffer {
  return isIPv4(name) ? tlv(0x87, Buffer.from(name.split(".").map(Number))) : tlv(0x82, Buffer.from(name, "ascii"));
}

function instants({ from, until }: Validity): { readonly from: Instant; readonly until: Instant } {
  return { from: instant(from.getTime()), until: instant(until.getTime()) };
}

function month(): Validity {
  const day = 86_400_000;
  return { from: new Date(Date.now() - day), until: new Date(Date.now() + 30 * day) };
}
