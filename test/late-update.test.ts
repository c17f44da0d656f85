import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeMessage } from "../src/dns/wire/message.ts";
import { rcodeToText } from "../src/dns/wire/rrtype.ts";
import { describeWithServers, keepLogsOnFailure } from "./servers/available.ts";
import { dig } from "./servers/dig.ts";
import { writeOrder } from "./servers/order.ts";
import { primaries } from "./servers/primaries.ts";
import type { RunningServer } from "./servers/process.ts";
import { startRelay, type HeldMessage, type Relay } from "./servers/relay.ts";
import { pathTo, rrsetChange, zoneChange } from "./servers/update.ts";

const zone = "example.com.";
const zones = [{ name: zone, records: ["login 60 IN A 192.0.2.10", "bare 60 IN A 192.0.2.10"] }];
const home = ["192.0.2.10"];
const away = ["198.51.100.10"];
const never = new AbortController().signal;
/** How long the first message is held back: 20 s in the long run, still inside the fudge of its signature. */
const heldMs = process.env["POINTSMAN_LONG"] === "true" ? 20_000 : 0;

function move(
  host: string,
  from: readonly string[],
  to: readonly string[],
  fence: readonly [string | null, string] | "off",
) {
  const change = zoneChange(zone, rrsetChange(`${host}.${zone}`, "A", from, to));
  if (fence === "off") return writeOrder(change, []);
  return writeOrder(change, [{ name: `_pointsman.${host}.${zone}`, before: fence[0], after: fence[1] }]);
}

async function rcodeOf(late: HeldMessage): Promise<string> {
  return rcodeToText(decodeMessage(await late.deliver()).flags.rcode);
}

describeWithServers("a late UPDATE", () => {
  describe.each(primaries)("at %s", (_, start) => {
    let server: RunningServer;
    let relay: Relay;
    keepLogsOnFailure(() => [server]);
    beforeAll(async () => {
      server = await start(zones);
      relay = await startRelay(server);
    });
    afterAll(async () => {
      await relay.stop();
      await server.stop();
    });

    async function sendAndHold(order: ReturnType<typeof move>): Promise<HeldMessage> {
      relay.mode = "hold";
      const outcome = await pathTo(relay, { timeoutMs: 100 }).write(order, never);
      expect(outcome).toMatchObject({ outcome: "unknown", code: "timeout" });
      return relay.held();
    }

    it("that arrives after the failback is refused by the nameserver itself, since its fence has moved on", async () => {
      const direct = pathTo(server);
      await direct.write(move("login", home, away, [null, "login-0.1"]), never);
      await direct.write(move("login", away, home, ["login-0.1", "login-0.2"]), never);

      const late = await sendAndHold(move("login", home, away, ["login-0.2", "login-1.1"]));
      const startedAt = Date.now();
      expect(await direct.write(move("login", home, away, ["login-0.2", "login-1.2"]), never)).toMatchObject({
        outcome: "applied",
      });
      expect(await direct.write(move("login", away, home, ["login-1.2", "login-2.1"]), never)).toMatchObject({
        outcome: "applied",
      });
      await new Promise((resolve) => {
        setTimeout(resolve, Math.max(0, heldMs - (Date.now() - startedAt)));
      });

      expect(await rcodeOf(late)).toBe("NXRRSET");
      expect(await dig(server, `login.${zone}`, "A")).toEqual(home);
      expect(await dig(server, `_pointsman.login.${zone}`, "TXT")).toEqual(['"login-2.1"']);
    });

    it("that was the first to set a fence is refused as well", async () => {
      const direct = pathTo(server);
      const late = await sendAndHold(move("bare", home, away, [null, "bare-1.1"]));
      await direct.write(move("bare", home, away, [null, "bare-1.2"]), never);
      await direct.write(move("bare", away, home, ["bare-1.2", "bare-2.1"]), never);
      expect(await rcodeOf(late)).toBe("YXRRSET");
      expect(await dig(server, `bare.${zone}`, "A")).toEqual(home);
    });

    it("without a fence is accepted: the hole that the fence closes is there", async () => {
      const late = await sendAndHold(move("login", home, away, "off"));
      expect(await rcodeOf(late)).toBe("NOERROR");
      expect(await dig(server, `login.${zone}`, "A")).toEqual(away);
    });
  });
});
