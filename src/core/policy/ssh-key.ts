import { fromBase64, fromHex, fromUtf8, toBase64 } from "../../values/octets.ts";
import { sha256 } from "../../values/sha256.ts";
import { bitLength, sshReader, type SshReader } from "../../values/ssh-wire.ts";

/** What an OpenSSH public key says of itself, or why it is none. */
export type PublicKey =
  /** `line` is the normal form, which PersonKey holds: type and base64, one blank between, no comment. */
  | { readonly kind: "key"; readonly type: string; readonly blob: string; readonly line: string }
  | { readonly kind: "not-a-key"; readonly why: string };

/** Bits of an RSA modulus: below, it does not outlast the journal; above, OpenSSH takes none. */
const rsaBits = { min: 3072, max: 16_384 } as const;

/** Reads what follows the type in a key's blob; a sentence's end when it does not fit. */
type Layout = (reader: SshReader) => string | undefined;

const layouts = new Map<string, Layout>([
  // RFC 8709 §4
  ["ssh-ed25519", ed25519],
  // RFC 5656 §3.1
  ["ecdsa-sha2-nistp256", point("nistp256", 65)],
  ["ecdsa-sha2-nistp384", point("nistp384", 97)],
  ["ecdsa-sha2-nistp521", point("nistp521", 133)],
  // RFC 4253 §6.6
  ["ssh-rsa", rsa],
  // OpenSSH PROTOCOL.u2f, "SSH U2F Key formats"
  ["sk-ssh-ed25519@openssh.com", forApplication(ed25519)],
  ["sk-ecdsa-sha2-nistp256@openssh.com", forApplication(point("nistp256", 65))],
]);

/** Reads one line of a `.pub` file: type, base64, and a comment if there is one. The form alone, not the curve's point. */
export function readPublicKey(line: string): PublicKey {
  const [, type = "", blob = ""] = /^([a-z0-9@.-]+) +([A-Za-z0-9+/=]+)(?: .*)?$/.exec(line) ?? [];
  if (type === "") return { kind: "not-a-key", why: "it is not of the form: type, base64, comment" };
  const layout = layouts.get(type);
  if (layout === undefined) return { kind: "not-a-key", why: unknownType(type) };
  const octets = fromBase64(blob);
  if (octets === undefined) return { kind: "not-a-key", why: "its second word is not whole base64" };
  const reader = sshReader(octets);
  const inner = reader.string();
  if (inner === undefined || fromUtf8(inner) !== type)
    return { kind: "not-a-key", why: `its octets are not of type ${type}` };
  const fault = layout(reader) ?? (reader.atEnd() ? undefined : `its octets have not the lengths of type ${type}`);
  return fault === undefined ? { kind: "key", type, blob, line: `${type} ${blob}` } : { kind: "not-a-key", why: fault };
}

/**
 * The fingerprint as `ssh-keygen -l` prints it: `SHA256:` and the digest of the key's blob in base64 without padding;
 * `undefined` when the line is no key of ours.
 */
export function fingerprintOf(line: string): string | undefined {
  const key = readPublicKey(line);
  const blob = key.kind === "key" ? fromBase64(key.blob) : undefined;
  return blob === undefined ? undefined : fingerprintOfOctets(blob);
}

/** Whether a text has the form of a fingerprint. */
export function isFingerprint(text: string): boolean {
  return /^SHA256:[A-Za-z0-9+/]{43}$/.test(text);
}

/** The fingerprint of a key's own octets: an OpenSSH blob, or a passkey's COSE key. */
export function fingerprintOfOctets(octets: Uint8Array): string {
  const digest = fromHex(sha256(octets)) ?? new Uint8Array();
  return `SHA256:${toBase64(digest).replace(/=+$/, "")}`;
}

function unknownType(type: string): string {
  if (/-cert-v0[01]@openssh\.com$/.test(type))
    return `the type ${type} is a certificate, which somebody else issues: give the person's own public key`;
  if (type === "ssh-dss")
    return "the type ssh-dss is DSA of 1024 bits, which is too weak: make a key of type ssh-ed25519";
  return `the type ${type} is not one of ${[...layouts.keys()].join(", ")}`;
}

function ed25519(reader: SshReader): string | undefined {
  return reader.string()?.length === 32 ? undefined : "its octets have not the lengths of an Ed25519 key";
}

/** An uncompressed point (SEC 1 §2.3.3) of the named curve: 4, x, y. */
function point(curve: string, length: number): Layout {
  return (reader) => {
    const name = reader.string();
    const octets = reader.string();
    const fits = name !== undefined && fromUtf8(name) === curve && octets?.length === length && octets[0] === 4;
    return fits ? undefined : `its octets have not the lengths of a key on the curve ${curve}`;
  };
}

function rsa(reader: SshReader): string | undefined {
  const exponent = reader.positive();
  const modulus = reader.positive();
  if (exponent === undefined || modulus === undefined) return "its octets have not the form of an RSA key";
  const bits = bitLength(modulus);
  if (bits < rsaBits.min) return `it is RSA of ${bits} bits, and ${rsaBits.min} is the least`;
  if (bits > rsaBits.max) return `it is RSA of ${bits} bits, and ${rsaBits.max} is the most`;
  // With an exponent of 1 everybody can sign, and an even one is no RSA; 5 octets as for DNSSEC (design §10).
  const odd = ((exponent.at(-1) ?? 0) & (modulus.at(-1) ?? 0) & 1) === 1;
  const sound = odd && exponent.length <= 5 && bitLength(exponent) >= 2;
  return sound ? undefined : "its RSA exponent or modulus is not fit to check signatures with";
}

/** Hardware keys name the application that they were made for: `ssh:`, or `ssh:` and a name (ssh-keygen(1)). */
function forApplication(layout: Layout): Layout {
  return (reader) => {
    const fault = layout(reader);
    if (fault !== undefined) return fault;
    const application = reader.string();
    const text = application === undefined ? undefined : fromUtf8(application);
    if (text === undefined) return "its octets have not the lengths of a hardware key";
    return text.startsWith("ssh:") ? undefined : "it is a hardware key made for another application than ssh:";
  };
}
