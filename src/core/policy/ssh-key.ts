import { fromBase64, fromUtf8 } from "../../values/octets.ts";

/** What an OpenSSH public key says of itself, or why it is none. */
export type PublicKey =
  | { readonly kind: "key"; readonly type: string; readonly blob: string }
  | { readonly kind: "not-a-key"; readonly why: string };

// Octets of each string after the type (RFC 8709 §4, RFC 5656 §3.1, OpenSSH PROTOCOL.u2f); 0: any number.
const layouts = new Map<string, readonly number[]>([
  ["ssh-ed25519", [32]],
  ["sk-ssh-ed25519@openssh.com", [32, 0]],
  ["ecdsa-sha2-nistp256", [8, 65]],
  ["ecdsa-sha2-nistp384", [8, 97]],
  ["sk-ecdsa-sha2-nistp256@openssh.com", [8, 65, 0]],
]);

/** Reads one line of a `.pub` file: type, base64, and a comment if there is one. The form alone, not the curve's point. */
export function readPublicKey(line: string): PublicKey {
  const [, type = "", blob = ""] = /^([a-z0-9@.-]+) +([A-Za-z0-9+/=]+)(?: .*)?$/.exec(line) ?? [];
  if (type === "") return { kind: "not-a-key", why: "it is not of the form: type, base64, comment" };
  const layout = layouts.get(type);
  if (layout === undefined) return { kind: "not-a-key", why: `the type ${type} is not one of ${acceptedTypes}` };
  const octets = fromBase64(blob);
  if (octets === undefined) return { kind: "not-a-key", why: "its second word is not whole base64" };
  const strings = readStrings(octets);
  const [inner, ...rest] = strings ?? [];
  if (inner === undefined || fromUtf8(inner) !== type)
    return { kind: "not-a-key", why: `its octets are not of type ${type}` };
  const fits =
    rest.length === layout.length &&
    layout.every((length, index) => (length === 0 ? rest[index]?.length !== 0 : rest[index]?.length === length));
  return fits
    ? { kind: "key", type, blob }
    : { kind: "not-a-key", why: `its octets have not the lengths of type ${type}` };
}

const acceptedTypes = [...layouts.keys()].join(", ");

/** Strings with a length of 4 octets before each (RFC 4251 §5); `undefined` when they do not end with the octets. */
function readStrings(octets: Uint8Array): readonly Uint8Array[] | undefined {
  const strings: Uint8Array[] = [];
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  let at = 0;
  while (at + 4 <= octets.length) {
    const end = at + 4 + view.getUint32(at);
    if (end > octets.length) return undefined;
    strings.push(octets.subarray(at + 4, end));
    at = end;
  }
  return at === octets.length ? strings : undefined;
}
