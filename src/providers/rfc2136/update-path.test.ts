import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeOrder } from "../../../test/servers/order.ts";
import { systemClock } from "../../platform/clock.ts";
import { systemEntropy } from "../../platform/entropy.ts";
import type { CredentialSource, WriteOrder } from "../../ports/change-path.ts";
import { rrset } from "../../core/plan/rrset.ts";
import { utf8 } from "../../values/octets.ts";
import { sha256 } from "../../values/sha256.ts";
import { duration } from "../../values/time.ts";
import { updatePath } from "./update-path.ts";
import { change } from "./change.fixture.ts";

const never = new AbortController().signal;
let server: Server;
let port = 0;
/** What arrived at the server, and how often the credential was opened. */
let arrived = 0;
let opened = 0;
let whenArrived: () => void;

beforeEach(async () => {
  arrived = 0;
  opened = 0;
  whenArrived = () => undefined;
  server = createServer((socket) => {
    socket
      .on("error", () => undefined)
      .on("data", (octets) => {
        arrived += octets.length;
        whenArrived();
      });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const bound = server.address();
  port = typeof bound === "object" && bound !== null ? bound.port : 0;
});
afterEach(() => {
  server.close();
});

function path(
  credential: Awaited<ReturnType<CredentialSource["open"]>> = { secret: utf8("hmac-sha256:key.:c2VjcmV0") },
) {
  return updatePath({
    provider: "primary",
    path: "update",
    server: { address: "127.0.0.1", port },
    credential: "tsig",
    credentials: {
      open() {
        opened += 1;
        return Promise.resolve(credential);
      },
    },
    clock: systemClock(),
    entropy: systemEntropy(),
    timeoutMs: duration(100),
  });
}

const fences = [{ name: "_pointsman.login.example.com.", before: null, after: "login-1.1" }];
const order = writeOrder(change, fences);

function altered(members: Partial<WriteOrder>): WriteOrder {
  return { ...order, ...members };
}

describe("N1: an order that the journal does not intend", () => {
  const otherChange = { ...change, rrsets: [{ ...change.rrsets[0], after: rrset(60, ["01010101"]) }] } as const;
  it.each([
    ["whose change is another one", "intent-of-another-order", altered({ change: otherChange })],
    ["whose fence is another one", "intent-of-another-order", altered({ fences: [] })],
    ["of another attempt", "intent-of-another-order", altered({ attempt: "login-2/primary/example.com/1" })],
    ["for another path", "order-for-another-path", altered({ path: "api" })],
    [
      "with a plan that the intent does not name",
      "plan-is-not-the-intended-one",
      altered({ proof: { ...order.proof, plan: order.proof.plan.replace("login-1", "login-2") } }),
    ],
    [
      "whose intent is not in the tree",
      "intent-not-in-the-journal",
      altered({ proof: { ...order.proof, root: sha256(utf8("another tree")) } }),
    ],
  ])("%s is refused before the credential is opened, and nothing is sent", async (_, code, forged) => {
    expect(await path().write(forged, never)).toEqual({ outcome: "refused", code });
    expect({ opened, arrived }).toEqual({ opened: 0, arrived: 0 });
  });

  it("while the same order unaltered is sent", async () => {
    expect(await path().write(order, never)).toMatchObject({ outcome: "unknown", code: "timeout" });
    expect(opened).toBe(1);
    expect(arrived).toBeGreaterThan(100);
  });
});

describe("when the journal is lost", () => {
  it("before the message is sent, nothing is", async () => {
    expect(await path().write(order, AbortSignal.abort())).toEqual({ outcome: "not-sent", code: "lost" });
    expect(arrived).toBe(0);
  });

  it("after it was sent, the write is not given up, since it may be applied", async () => {
    const lost = new AbortController();
    whenArrived = () => lost.abort();
    expect(await path().write(order, lost.signal)).toMatchObject({ outcome: "unknown", code: "timeout" });
    expect(lost.signal.aborted).toBe(true);
  });
});

describe("N11: a credential that cannot be used", () => {
  it.each([
    ["credential-unreadable", { code: "unreadable", says: "Credential tsig: /etc/key has mode 0644." }],
    ["credential-not-a-tsig-key", { secret: utf8("c2VjcmV0") }],
    ["credential-not-a-tsig-key", { secret: Uint8Array.of(0xff, 0xfe) }],
    ["credential-bad-secret", { secret: utf8("hmac-sha256:key.:c2VjcmV0!") }],
    ["credential-unknown-algorithm", { secret: utf8("hmac-md5:key.:c2VjcmV0") }],
  ] as const)("is %s, with nothing of it in the outcome", async (code, credential) => {
    const outcome = await path(credential).write(order, never);
    expect(outcome).toEqual({ outcome: "not-sent", code });
    expect(arrived).toBe(0);
  });
});

it("what does not fit an UPDATE is not sent", async () => {
  const outside = { ...change, zone: "example.net." };
  expect(await path().write(writeOrder(outside, fences), never)).toEqual({
    outcome: "not-sent",
    code: "outside-the-zone",
  });
});
