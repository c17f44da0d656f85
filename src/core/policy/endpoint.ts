import { canonicalAddress } from "./names.ts";
import type { Endpoint } from "./policy.ts";

/** Reads `192.0.2.53`, `192.0.2.53:5301`, `2001:db8::53` or `[2001:db8::53]:5301`; `undefined` for anything else, such as a name. */
export function parseEndpoint(text: string, portWhenNone = 53): Endpoint | undefined {
  const alone = canonicalAddress(text);
  if (alone !== undefined) return { address: alone, port: portWhenNone };
  const [, bracketed, plain, digits] = /^(?:\[([0-9A-Fa-f:.]+)\]|([0-9.]+))(?::([1-9][0-9]{0,4}))?$/.exec(text) ?? [];
  const address = canonicalAddress(bracketed ?? plain ?? "");
  const port = digits === undefined ? portWhenNone : Number(digits);
  if (address === undefined || port > 65_535 || (bracketed !== undefined) !== address.includes(":")) return undefined;
  return { address, port };
}

/** `192.0.2.53:53`, `[2001:db8::53]:53`. */
export function endpointText({ address, port }: Endpoint): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
