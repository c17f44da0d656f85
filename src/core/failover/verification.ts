import type { Authenticity } from "../integrity/survey.ts";

/** What one address of one nameserver answered when it was verified. */
export interface NameserverVerdict {
  readonly provider: string;
  readonly nameserver: string;
  readonly address: string;
  readonly udp: NameserverAnswer;
  readonly tcp: NameserverAnswer;
  readonly serial: number | null;
  /** Left out where nobody validates, as in entries from before there was a validator: `not-checked`. */
  readonly authenticity?: CheckedAuthenticity;
}

/** Whether the changed RRsets are authentic as this nameserver gives them: the worst of them. */
export interface CheckedAuthenticity {
  readonly verdict: Authenticity | "not-checked";
  /** Of `dns/dnssec`. */
  readonly code: string;
  /** Vantages that had the right data from it over TCP, DoT or DoH; two of them corroborate what nobody signed. */
  readonly vantages: readonly string[];
}

/**
 * What `recovered` says of authenticity: every nameserver's answer is `secure`; `corroborated`: unsigned, and seen over a
 * stream from two vantages at each; `unauthenticated`: unsigned, and not; `not checked`: nobody validates.
 */
export type RecoveredAuthenticity = "secure" | "corroborated" | "unauthenticated" | "not checked";

/** `right`: the plan's data and TTL; `ttl-differs`: its data under another TTL; `wrong`: other data. */
export type NameserverAnswer = "right" | "ttl-differs" | "wrong" | "no-response" | "lame" | "malformed" | "no-route";

/** A nameserver that does not stand in the way of `recovered`, and is not verified either. */
export interface Exception {
  readonly provider: string;
  readonly address: string;
  /** `not-seen-from-here`: no vantage has a route to it. `udp-only`: it answers UDP rightly and TCP not at all. */
  readonly kind: "silent" | "not-seen-from-here" | "udp-only";
}

const rightAnswers: ReadonlySet<NameserverAnswer> = new Set(["right", "ttl-differs"]);
const wrongAnswers: ReadonlySet<NameserverAnswer> = new Set(["wrong", "lame", "malformed"]);

/** It answers, and not with what the plan says, over UDP or TCP, or with what is bogus: it holds `switched` back (N9). */
export function isWrong({ udp, tcp, authenticity }: NameserverVerdict): boolean {
  return wrongAnswers.has(udp) || wrongAnswers.has(tcp) || authenticity?.verdict === "bogus";
}

/** Where the policy requires DNSSEC, a right answer counts once it is secure (N9): unknown is never success. */
export function isUnproven(one: NameserverVerdict): boolean {
  return isRight(one) && one.authenticity?.verdict !== "secure";
}

/** What those that are right say together; the silent ones are exceptions, and say nothing. */
export function recoveredAuthenticity(nameservers: readonly NameserverVerdict[]): RecoveredAuthenticity {
  const right = nameservers.filter(isRight);
  if (right.length === 0) return "not checked";
  if (right.some(({ authenticity }) => (authenticity?.verdict ?? "not-checked") === "not-checked"))
    return "not checked";
  if (right.every(({ authenticity }) => authenticity?.verdict === "secure")) return "secure";
  const signedOrTwice = ({ authenticity }: NameserverVerdict): boolean =>
    authenticity?.verdict === "secure" || new Set(authenticity?.vantages).size >= corroborationMin;
  return right.every(signedOrTwice) ? "corroborated" : "unauthenticated";
}

/** Vantages that must have seen an unsigned answer over a stream: a forger would have to stand in the way of both. */
const corroborationMin = 2;

export function isRight(one: NameserverVerdict): boolean {
  return !isWrong(one) && (rightAnswers.has(one.udp) || rightAnswers.has(one.tcp));
}

export function isSilent(one: NameserverVerdict): boolean {
  return !isWrong(one) && !isRight(one);
}

/** Nameservers that keep a failover from being more than `recovered, with exceptions`. */
export function exceptionsOf(nameservers: readonly NameserverVerdict[]): readonly Exception[] {
  return nameservers.flatMap((one): Exception[] => {
    const { provider, address, udp, tcp } = one;
    if (udp === "no-route" && tcp === "no-route") return [{ provider, address, kind: "not-seen-from-here" }];
    if (isSilent(one)) return [{ provider, address, kind: "silent" }];
    return rightAnswers.has(tcp) || isWrong(one) ? [] : [{ provider, address, kind: "udp-only" }];
  });
}
