import { isIPv6 } from "node:net";

/** Between which two addresses messages go. */
export interface Way {
  /** IPv4 or IPv6 address in text: nothing is looked up. */
  readonly address: string;
  /** The address of this machine that they go out from, where it is of the same family. Left out: as the system routes. */
  readonly source?: string | undefined;
}

/** From an address of the other family nothing can go there. */
export function sourceOf({ address, source }: Way): string | undefined {
  return source !== undefined && isIPv6(source) === isIPv6(address) ? source : undefined;
}
