import { witnessOf } from "../../core/integrity/clock.ts";
import { exchange } from "../../dns/transport/exchange.ts";
import { parseTsigKey, type TsigKey } from "../../dns/update/tsig-key.ts";
import { signMessage, verifyResponse, type TsigVerdict } from "../../dns/update/tsig.ts";
import { buildUpdate } from "../../dns/update/update.ts";
import { WireError } from "../../dns/wire/wire-error.ts";
import type { ChangePath, CredentialSource, WriteOrder, WriteOutcome } from "../../ports/change-path.ts";
import type { ClockWitnessSink } from "../../ports/clock-witness.ts";
import type { Clock, Entropy } from "../../ports/clock.ts";
import { checkOrder } from "../../transparency/order.ts";
import { fromUtf8 } from "../../values/octets.ts";
import { PointsmanError } from "../../values/refusal.ts";
import { duration, instant, second, type DurationMs } from "../../values/time.ts";
import { interpretFailure, interpretVerdict } from "./interpret.ts";
import { SigningWindow } from "./signing-window.ts";

export interface UpdatePathMeans {
  readonly provider: string;
  readonly path: string;
  /** The primary that takes UPDATEs. */
  readonly server: { readonly address: string; readonly port: number };
  /** The address of this machine that it is sent from. Left out: as the system routes. */
  readonly source?: string | undefined;
  /** Its name in the settings; what it refers to is `algorithm:name:secret`, the secret in base64. */
  readonly credential: string;
  readonly credentials: CredentialSource;
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** Hears the time of each answer whose MAC verifies. */
  readonly clockWitnesses?: ClockWitnessSink;
  /** From the connection to the answer; then the outcome is not known. */
  readonly timeoutMs: DurationMs;
}

/**
 * Changes records by one signed UPDATE (RFC 2136, RFC 8945), as a compare-and-swap with its fences in the same message.
 *
 * It goes over TCP: a connection that fails has certainly sent nothing, so the next path may be taken at once; a packet
 * that is lost is repeated by the kernel inside the connection, not by us as a second message; and no size and no forged
 * sender is in the way of the answer. It costs one round trip more than UDP.
 */
export function updatePath(means: UpdatePathMeans): ChangePath {
  const window = new SigningWindow();
  const { provider, path } = means;
  return {
    provider,
    path,
    // 64 KiB hold far more RRsets than a service has records.
    capabilities: { compareAndSwap: true, atomicRRsets: 100, minimumTtl: 0, shares: false },
    write: (order, lost) => write(means, window, order, lost),
  };
}

type Early = Extract<WriteOutcome, { readonly outcome: "refused" | "not-sent" }>;

async function write(
  means: UpdatePathMeans,
  window: SigningWindow,
  order: WriteOrder,
  lost: AbortSignal,
): Promise<WriteOutcome> {
  const refusal = refusalOf(means, order);
  if (refusal !== undefined) return { outcome: "refused", code: refusal };
  const update = updateOf(means, order);
  if ("outcome" in update) return update;
  const credential = await openKey(means);
  if ("outcome" in credential) return credential;
  const askedAt = means.clock.monotonic();
  const timeSigned = Math.floor(means.clock.now() / second);
  const { fudge } = window;
  const { octets, mac } = signMessage(update.octets, credential.key, { timeSigned, fudge });
  const { server, source } = means;
  const request = { ...server, source, message: octets, transport: "tcp", timeoutMs: means.timeoutMs } as const;
  const result = await exchange({ ...request, abortable: "until-sent" }, means.clock, lost);
  const lateUntil = window.lateUntil(timeSigned, fudge);
  if (result.outcome !== "response") return interpretFailure(result, lateUntil);
  const verdict = verifyResponse(result.octets, credential.key, mac, Math.floor(means.clock.now() / second));
  hear(means, verdict, duration(means.clock.monotonic() - askedAt));
  if (verdict.outcome === "server-error" && verdict.authentic === "yes" && verdict.serverTime !== undefined)
    window.learn(timeSigned, verdict.serverTime);
  return interpretVerdict(verdict, lateUntil);
}

/** The server is a witness of the time wherever its MAC verified: also when it, or we, refused for the time itself. */
function hear({ clockWitnesses, clock, server }: UpdatePathMeans, verdict: TsigVerdict, tripMs: DurationMs): void {
  const seconds = serverSeconds(verdict);
  if (seconds === undefined) return;
  const theirs = instant(seconds * second);
  clockWitnesses?.heard(witnessOf({ source: "tsig", from: server.address, theirs, heardAt: clock.now(), tripMs }));
}

function serverSeconds(verdict: TsigVerdict): number | undefined {
  if (verdict.outcome === "ok" || verdict.outcome === "out-of-window") return verdict.timeSigned;
  return verdict.outcome === "server-error" && verdict.authentic === "yes" ? verdict.serverTime : undefined;
}

function refusalOf({ provider, path }: UpdatePathMeans, order: WriteOrder): string | undefined {
  if (order.path !== path || order.change.provider !== provider) return "order-for-another-path";
  return checkOrder(order);
}

function updateOf({ entropy }: UpdatePathMeans, order: WriteOrder): { readonly octets: Uint8Array } | Early {
  const [high = 0, low = 0] = entropy.octets(2);
  const { zone, rrsets } = order.change;
  try {
    return { octets: buildUpdate({ zone, rrsets, fences: order.fences }, (high << 8) | low) };
  } catch (error) {
    if (error instanceof PointsmanError) return { outcome: "not-sent", code: error.refusal.code };
    if (error instanceof WireError) return { outcome: "not-sent", code: error.code };
    throw error;
  }
}

async function openKey({ credentials, credential }: UpdatePathMeans): Promise<{ readonly key: TsigKey } | Early> {
  const opened = await credentials.open(credential);
  if ("code" in opened) return { outcome: "not-sent", code: `credential-${opened.code}` };
  const parsed = parseTsigKey(fromUtf8(opened.secret) ?? "");
  return "key" in parsed ? parsed : { outcome: "not-sent", code: `credential-${parsed.code}` };
}
