import type { ExchangeFailure } from "../../dns/transport/outcome.ts";
import type { TsigVerdict } from "../../dns/update/tsig.ts";
import { rcode, rcodeToText } from "../../dns/wire/rrtype.ts";
import type { WriteOutcome } from "../../ports/change-path.ts";
import { toHex } from "../../values/octets.ts";
import type { Instant } from "../../values/time.ts";

/** Prerequisites that do not hold (RFC 2136 §2.2): the compare-and-swap found something else. */
const conflicts = new Set<number>([rcode.YXDOMAIN, rcode.YXRRSET, rcode.NXRRSET, rcode.NXDOMAIN]);
/** The server says that it did not even try (RFC 2136 §3.1 to §3.3). */
const refusals = new Set<number>([rcode.FORMERR, rcode.NOTIMP, rcode.REFUSED, rcode.NOTAUTH, rcode.NOTZONE]);
const refusalTexts = new Set([...refusals].map(rcodeToText));

/** No answer: nothing happened only when nothing was sent. */
export function interpretFailure(failure: ExchangeFailure, lateUntil: Instant): WriteOutcome {
  if (failure.sent) return { outcome: "unknown", code: failure.code, lateUntil };
  return { outcome: "not-sent", code: failure.outcome === "aborted" ? "lost" : failure.code };
}

/**
 * An answer, as far as its signature goes. What claims that something was done, or that the record is another one, must
 * be signed for our request. A refusal may come unsigned: servers give it before they know the key (RFC 8945 §5.3.2),
 * and whoever forges one gains nothing by it, since the next attempt is a compare-and-swap as well.
 */
export function interpretVerdict(verdict: TsigVerdict, lateUntil: Instant): WriteOutcome {
  switch (verdict.outcome) {
    case "ok":
      return interpretRcode(verdict.message.flags.rcode, verdict.mac, lateUntil);
    case "server-error":
      return { outcome: "refused", code: verdict.error.toLowerCase() };
    case "unsigned":
      return interpretUnsigned(verdict.rcode, lateUntil);
    case "malformed":
      return { outcome: "unknown", code: `malformed-${verdict.code}`, lateUntil };
    case "wrong-key":
    case "short-mac":
    case "bad-mac":
    case "out-of-window":
      return { outcome: "unknown", code: `answer-${verdict.outcome}`, lateUntil };
  }
}

// PowerDNS gives an unsigned REFUSED for an unknown key, a wrong secret and a wrong time alike, so the code says as much.
function interpretUnsigned(text: string, lateUntil: Instant): WriteOutcome {
  const code = `unsigned-${text.toLowerCase()}`;
  return refusalTexts.has(text) ? { outcome: "refused", code } : { outcome: "unknown", code, lateUntil };
}

function interpretRcode(code: number, mac: Uint8Array, lateUntil: Instant): WriteOutcome {
  const text = rcodeToText(code).toLowerCase();
  if (code === rcode.NOERROR) return { outcome: "applied", receipt: `noerror, MAC ${toHex(mac)}` };
  if (conflicts.has(code)) return { outcome: "conflict", code: text };
  if (refusals.has(code)) return { outcome: "refused", code: text };
  // SERVFAIL and whatever is not known: the server may have stopped half way through, or after it.
  return { outcome: "unknown", code: text, lateUntil };
}
