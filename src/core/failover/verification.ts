/** What one address of one nameserver answered when it was verified. */
export interface NameserverVerdict {
  readonly provider: string;
  readonly nameserver: string;
  readonly address: string;
  readonly udp: NameserverAnswer;
  readonly tcp: NameserverAnswer;
  readonly serial: number | null;
}

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

/** It answers, and not with what the plan says, over UDP or TCP: it holds `switched` back (N9). */
export function isWrong({ udp, tcp }: NameserverVerdict): boolean {
  return wrongAnswers.has(udp) || wrongAnswers.has(tcp);
}

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
