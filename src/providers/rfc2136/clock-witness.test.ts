import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { writeOrder } from "../../../test/servers/order.ts";
import type { ClockWitness } from "../../core/integrity/clock.ts";
import { parseTsigKey } from "../../dns/update/tsig-key.ts";
import { signMessage, verifyRequest, type Signing } from "../../dns/update/tsig.ts";
import { tsigError } from "../../dns/wire/rrtype.ts";
import { systemClock } from "../../platform/clock.ts";
import { systemEntropy } from "../../platform/entropy.ts";
import { invariant } from "../../values/invariant.ts";
import { concat, utf8 } from "../../values/octets.ts";
import { duration, minute, second } from "../../values/time.ts";
import { updatePath } from "./update-path.ts";
import { change } from "./change.fixture.ts";

const secret = "hmac-sha256:key.:c2VjcmV0";
const clock = systemClock();
/** `example.com. SOA IN` */
const zoneSectionOctets = 13 + 2 + 2;
const serverBehindSeconds = (2 * minute) / second;

/** Answers an UPDATE signed with this key, as though its clock were two minutes behind ours. */
function answerOf(request: Uint8Array, keyText: string, answer: Pick<Signing, "error" | "otherData">): Uint8Array {
  const parsed = parseTsigKey(keyText);
  const own = parseTsigKey(secret);
  invariant("key" in parsed && "key" in own, "the test's keys are keys");
  const now = Math.floor(clock.now() / second);
  const verdict = verifyRequest(request, own.key, now);
  invariant(verdict.outcome === "ok", "what arrives is signed");
  const head = Uint8Array.of(request[0] ?? 0, request[1] ?? 0, 0xa8, 0, 0, 1, 0, 0, 0, 0, 0, 0);
  const bare = concat(head, request.subarray(12, 12 + zoneSectionOctets));
  const timeSigned = answer.error === undefined ? now - serverBehindSeconds : now;
  return signMessage(bare, parsed.key, { timeSigned, fudge: 300, requestMac: verdict.mac, ...answer }).octets;
}

/** What a write hears of the time from a server that answers so. */
async function heardFrom(answer: Pick<Signing, "error" | "otherData"> = {}, keyText = secret) {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", (octets: Buffer) => {
      const octetsBack = answerOf(new Uint8Array(octets.subarray(2)), keyText, answer);
      socket.end(concat(Uint8Array.of(octetsBack.length >> 8, octetsBack.length & 0xff), octetsBack));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a server over IP has such an address
  const { port } = server.address() as AddressInfo;
  const heard: ClockWitness[] = [];
  const path = updatePath({
    provider: "primary",
    path: "update",
    server: { address: "127.0.0.1", port },
    credential: "tsig",
    credentials: { open: () => Promise.resolve({ secret: utf8(secret) }) },
    clock,
    clockWitnesses: { heard: (witness) => heard.push(witness) },
    entropy: systemEntropy(),
    timeoutMs: duration(2000),
  });
  const outcome = await path.write(writeOrder(change, []), new AbortController().signal);
  return { outcome, heard };
}

function expectTwoMinutesBehind(heard: readonly ClockWitness[]): void {
  expect(heard).toMatchObject([{ source: "tsig", from: "127.0.0.1" }]);
  const [{ offsetMs, errorMs } = { offsetMs: 0, errorMs: 0 }] = heard;
  expect(errorMs).toBeGreaterThanOrEqual(1000);
  expect(Math.abs(offsetMs + 2 * minute)).toBeLessThan(errorMs);
}

describe("a nameserver's time", () => {
  it("is heard from the signature of its answer", async () => {
    const { outcome, heard } = await heardFrom();
    expect(outcome).toMatchObject({ outcome: "applied" });
    expectTwoMinutesBehind(heard);
  });

  it("is heard from BADTIME, where it is the server's own and not that of the signature", async () => {
    const behind = Math.floor(clock.now() / second) - serverBehindSeconds;
    const otherData = Uint8Array.of(0, 0, behind >>> 24, behind >>> 16, behind >>> 8, behind);
    const { outcome, heard } = await heardFrom({ error: tsigError.BADTIME, otherData });
    expect(outcome).toMatchObject({ outcome: "refused", code: "badtime" });
    expectTwoMinutesBehind(heard);
  });

  it("is not heard from whoever has not the key", async () => {
    const { outcome, heard } = await heardFrom({}, "hmac-sha256:key.:b3RoZXI=");
    expect(outcome).toMatchObject({ outcome: "unknown", code: "answer-bad-mac" });
    expect(heard).toEqual([]);
  });
});
