/** The four octets of `192.0.2.1`; `undefined` for leading zeros, missing parts or anything else (RFC 6943 §3.1.1). */
export function ipv4FromText(text: string): Uint8Array | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) {
    return undefined;
  }
  return Uint8Array.from(parts, Number);
}

export function ipv4ToText(octets: Uint8Array): string {
  const [first = 0, second = 0, third = 0, fourth = 0] = octets;
  return `${first}.${second}.${third}.${fourth}`;
}

/** The sixteen octets of an IPv6 address as RFC 4291 §2.2 writes it; no zone, no prefix length; `undefined` otherwise. */
export function ipv6FromText(text: string): Uint8Array | undefined {
  const [left = "", right, more] = text.split("::");
  if (more !== undefined) return undefined;
  const head = groupsOf(left, right === undefined);
  const tail = groupsOf(right ?? "", true);
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  // `::` stands for one group of zeros or more.
  if (right === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => 0), ...tail];
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

/** The groups between colons; the last two may be written as an IPv4 address where they end the whole. */
function groupsOf(text: string, mayEndInIpv4: boolean): number[] | undefined {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":");
  for (const [index, part] of parts.entries()) {
    const ipv4 = mayEndInIpv4 && index === parts.length - 1 ? ipv4FromText(part) : undefined;
    if (ipv4 !== undefined) {
      groups.push(groupAt(ipv4, 0), groupAt(ipv4, 2));
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return undefined;
      groups.push(Number.parseInt(part, 16));
    }
  }
  return groups;
}

function groupAt(octets: Uint8Array, at: number): number {
  return ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0);
}

/** The one text of RFC 5952: lower case, the longest run of zeros (the first of equals) as `::`, IPv4-mapped with dots. */
export function ipv6ToText(octets: Uint8Array): string {
  if (isMapped(octets)) return `::ffff:${ipv4ToText(octets.subarray(12))}`;
  const groups = [0, 2, 4, 6, 8, 10, 12, 14].map((at) => groupAt(octets, at));
  const { start, length } = longestZeros(groups);
  const hex = groups.map((group) => group.toString(16));
  if (length < 2) return hex.join(":");
  return `${hex.slice(0, start).join(":")}::${hex.slice(start + length).join(":")}`;
}

function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let length = 0;
  for (const [index, group] of groups.entries()) {
    length = group === 0 ? length + 1 : 0;
    if (length > best.length) best = { start: index - length + 1, length };
  }
  return best;
}

/** ::ffff:0:0/96 (RFC 4291 §2.5.5.2): an IPv4 address in the clothes of an IPv6 one. */
function isMapped(octets: Uint8Array): boolean {
  return octets.length === 16 && matches(octets, { octets: mappedPrefix, length: 96 });
}

/** Four or sixteen octets of an address in text; `undefined` for anything else, host names and zones included. */
export function addressOctets(text: string): Uint8Array | undefined {
  return text.includes(":") ? ipv6FromText(text) : ipv4FromText(text);
}

/** The one text of an address, so that addresses can be compared as texts. */
export function canonicalAddress(text: string): string | undefined {
  const octets = addressOctets(text);
  if (octets === undefined) return undefined;
  return octets.length === 4 ? ipv4ToText(octets) : ipv6ToText(octets);
}

/** 127.0.0.0/8, ::1, and the former inside ::ffff:0:0/96. `false` for what is no address. */
export function isLoopback(text: string): boolean {
  const octets = unmapped(text);
  return octets !== undefined && loopbacks.some((prefix) => matches(octets, prefix));
}

/**
 * Whether the IANA special-purpose address registries (RFC 6890, RFC 8190) leave an address globally reachable: every
 * address that no entry makes otherwise, multicast and the retired relay prefixes (6to4, Teredo) included, because a
 * packet to them may leave the site. `false` for what is no address.
 */
export function isGloballyRoutable(text: string): boolean {
  const octets = unmapped(text);
  if (octets === undefined) return false;
  return reachable.some((prefix) => matches(octets, prefix)) || !unreachable.some((prefix) => matches(octets, prefix));
}

/** An IPv4-mapped address as the IPv4 address that a socket would connect to. */
function unmapped(text: string): Uint8Array | undefined {
  const octets = addressOctets(text);
  return octets !== undefined && isMapped(octets) ? octets.slice(12) : octets;
}

interface Prefix {
  readonly octets: Uint8Array;
  /** Bits. */
  readonly length: number;
}

function prefixes(...texts: readonly string[]): readonly Prefix[] {
  return texts.flatMap((text) => {
    const [address = "", length = ""] = text.split("/");
    const octets = addressOctets(address);
    return octets === undefined ? [] : [{ octets, length: Number(length) }];
  });
}

function matches(octets: Uint8Array, prefix: Prefix): boolean {
  if (octets.length !== prefix.octets.length) return false;
  for (let bit = 0; bit < prefix.length; bit += 8) {
    const mask = 0xff_00 >> Math.min(8, prefix.length - bit);
    const difference = (octets[bit / 8] ?? 0) ^ (prefix.octets[bit / 8] ?? 0);
    if ((difference & mask & 0xff) !== 0) return false;
  }
  return true;
}

const mappedPrefix = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0);
const loopbacks = prefixes("127.0.0.0/8", "::1/128");

// The registries "IANA IPv4/IPv6 Special-Purpose Address Space", column "Globally Reachable": False.
const unreachable = [
  ...prefixes("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
  ...prefixes("192.0.0.0/24", "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24"),
  ...prefixes("203.0.113.0/24", "240.0.0.0/4"),
  ...prefixes("::/128", "::1/128", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64", "2001::/23", "2001:db8::/32"),
  ...prefixes("3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10"),
];

// Those that lie inside one of the above and are reachable; and Teredo (2001::/32), for which the registry says N/A.
const reachable = [
  ...prefixes("192.0.0.9/32", "192.0.0.10/32"),
  ...prefixes("2001::/32", "2001:1::1/128", "2001:1::2/128", "2001:1::3/128", "2001:3::/32", "2001:4:112::/48"),
  ...prefixes("2001:20::/28", "2001:30::/28"),
];
