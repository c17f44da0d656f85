import { readFileSync } from "node:fs";
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { trustAnchors, type TrustAnchors } from "../dns/dnssec/anchors.ts";
import { createValidator, type Validator } from "../dns/dnssec/validator.ts";
import type { ResolutionMeans, ServerEndpoint } from "../dns/resolution/ask.ts";
import { iterativePort } from "../dns/resolution/iterative.ts";
import { resolverPort } from "../dns/resolution/resolver.ts";
import { canonicalAddress } from "../dns/wire/address.ts";
import { nameToText } from "../dns/wire/name.ts";
import { systemClock } from "../platform/clock.ts";
import { systemEntropy } from "../platform/entropy.ts";
import type { DnsQueryPort } from "../ports/dns-query.ts";
import { PointsmanError } from "../values/refusal.ts";
import { duration, second } from "../values/time.ts";

/** What a look at names begins from; nothing given: the root's own anchors and nameservers. */
export interface LookOptions {
  /** Trust anchors as text: DS or DNSKEY records, or the XML of RFC 9718. */
  readonly anchors?: readonly string[];
  /** `address` or `address:port` of authoritative nameservers: of the zones that the anchors are of, or of the root. */
  readonly servers?: readonly string[];
  /** `address`, `address:port`, `tls://HOST[:PORT]` or `https://HOST[:PORT]/PATH`. */
  readonly resolver?: string;
}

/** Validated answers for who runs no controller: by the nameservers themselves, or through a resolver that is not believed. */
export interface Look {
  readonly validator: Validator;
  readonly port: DnsQueryPort;
  readonly means: ResolutionMeans;
  readonly anchors: TrustAnchors;
  /** At which port an address is asked. */
  readonly portOf: (address: string) => number;
  readonly through: "nameservers" | "resolver";
  /** Whom it asks, for people. */
  readonly asked: string;
}

/** For one exchange with one nameserver. */
const exchangeTimeoutMs = duration(2.5 * second);

/**
 * @throws PointsmanError `bad-usage` for an address or a URL that is none; `anchor-unreadable`;
 *   `resolver-not-found` for a host name that the system cannot look up.
 */
export async function createLook({ anchors: own = [], servers = [], resolver }: LookOptions): Promise<Look> {
  const means: ResolutionMeans = { clock: systemClock(), entropy: systemEntropy(), timeoutMs: exchangeTimeoutMs };
  const anchors = own.length === 0 ? trustAnchors() : trustAnchors({ anchors: own });
  const given = servers.map((text) => readAddress(text, 53));
  const portOf = portsOf(given);
  if (resolver !== undefined && servers.length > 0) {
    throw badUsage("A resolver and nameservers cannot both be asked.", "Give either --resolver or --server.");
  }
  const port =
    resolver === undefined
      ? iterativePort({ means, portOf, ...beginning(given, anchors) })
      : resolverPort({ means, server: await readResolver(resolver) });
  const validator = createValidator({ port, anchors });
  const through = resolver === undefined ? "nameservers" : "resolver";
  return { validator, port, means, anchors, portOf, through, asked: askedWords(servers, resolver) };
}

interface Address {
  readonly address: string;
  readonly port: number;
}

/** Nameservers given are those of the zones that own anchors are of, whatever a parent says of them. */
function beginning(
  given: readonly Address[],
  { positive }: TrustAnchors,
): Pick<Parameters<typeof iterativePort>[0], "servers"> {
  if (given.length === 0) return {};
  const zones = new Set(positive.map(({ zone }) => nameToText(zone)));
  return { servers: [...zones].map((zone) => ({ zone, addresses: given.map(({ address }) => address) })) };
}

/** Those that a delegation leads to are asked at the port of those given, when that is one: a laboratory has it so. */
function portsOf(given: readonly Address[]): (address: string) => number {
  const ports = new Map(given.map(({ address, port }) => [address, port]));
  const [one, ...others] = new Set(ports.values());
  const common = one !== undefined && others.length === 0 ? one : 53;
  return (address) => ports.get(address) ?? common;
}

function askedWords(servers: readonly string[], resolver: string | undefined): string {
  if (resolver !== undefined) return `the resolver ${resolver}`;
  if (servers.length > 0) return `${servers.join(", ")}, and the nameservers that they lead to`;
  return "each zone's own nameservers, from the root down";
}

/** `192.0.2.1`, `192.0.2.1:5300`, `2001:db8::1`, `[2001:db8::1]:5300`. */
function readAddress(text: string, portByDefault: number): Address {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const address = canonicalAddress(bracketed ?? plain ?? text);
  const number = port === undefined ? portByDefault : Number(port);
  if (address !== undefined && number >= 1 && number <= 65_535) return { address, port: number };
  throw badUsage(`"${text}" is not an address.`, "Give it as 192.0.2.1, 192.0.2.1:5300 or [2001:db8::1]:5300.");
}

async function readResolver(text: string): Promise<ServerEndpoint> {
  if (!text.includes("://")) return { ...readAddress(text, 53), transport: "udp" };
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.hostname === "" || (url.protocol !== "tls:" && url.protocol !== "https:")) {
    throw badUsage(
      `"${text}" is no resolver.`,
      "Give it as 192.0.2.1, tls://dns.example or https://dns.example/dns-query.",
    );
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const address = await addressOf(host);
  const identity = { name: host, pins: [], trust: null };
  return url.protocol === "tls:"
    ? { address, port: portOr(url, 853), transport: "dot", identity }
    : {
        address,
        port: portOr(url, 443),
        transport: "doh",
        identity,
        path: `${url.pathname === "/" ? "/dns-query" : url.pathname}${url.search}`,
      };
}

function portOr({ port }: URL, otherwise: number): number {
  return port === "" ? otherwise : Number(port);
}

/** By the system's own way: whoever answers there must prove by its certificate that it is the host. */
async function addressOf(host: string): Promise<string> {
  if (isIP(host) !== 0) return host;
  try {
    return (await lookup(host)).address;
  } catch (error) {
    throw new PointsmanError({
      code: "resolver-not-found",
      says: `The resolver's host ${host} has no address that this machine can find (${codeOf(error)}).`,
      figures: { host },
      mend: "Give its address instead, as in tls://192.0.2.1.",
    });
  }
}

/** @throws PointsmanError `anchor-file-unreadable`. */
export function readAnchorFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new PointsmanError({
      code: "anchor-file-unreadable",
      says: `The file of trust anchors ${file} cannot be read (${codeOf(error)}).`,
      figures: { file },
      mend: "Give a file with DS or DNSKEY records, or leave it out to trust the root's own.",
    });
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}

function badUsage(says: string, mend: string): PointsmanError {
  return new PointsmanError({ code: "bad-usage", says, figures: {}, mend });
}
