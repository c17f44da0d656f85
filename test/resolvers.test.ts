import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ResolverSurvey } from "../src/core/integrity/resolver-survey.ts";
import { rrset } from "../src/core/plan/rrset.ts";
import { systemClock } from "../src/platform/clock.ts";
import { systemEntropy } from "../src/platform/entropy.ts";
import { duration } from "../src/values/time.ts";
import { resolverSurveyor } from "../src/verification/resolver-surveyor.ts";
import { bindSigner } from "./dnssec/corpus/bind-signer.ts";
import type { ServedZone } from "./dnssec/corpus/signer.ts";
import { describeWithServers, keepLogsOnFailure } from "./servers/available.ts";
import { startNsd } from "./servers/nsd.ts";
import { freePort } from "./servers/ports.ts";
import type { RunningServer } from "./servers/process.ts";
import { startUnbound } from "./servers/unbound.ts";
import type { ServerAddress } from "./servers/zone.ts";

const address = "127.0.33.1";
const never = new AbortController().signal;
const folder = mkdtempSync(path.join(tmpdir(), "pointsman-resolvers-"));
const running: RunningServer[] = [];
const zone = "zone.test.";
const lines = ["www 60 IN A 192.0.2.10", "ns1 60 IN A 192.0.2.53"];
let silent: Socket | undefined;
let validating: ServerAddress = { address, port: 0 };
let trusting: ServerAddress = { address, port: 0 };
let cutOff: ServerAddress = { address, port: 0 };

beforeAll(async () => {
  const order = { lines, algorithm: 13, denial: "nsec" } as const;
  const right = await bindSigner.sign({ name: zone, ...order }, place("right"));
  const broken = altered(await bindSigner.sign({ name: "broken.test.", ...order }, place("broken")));
  const zones = [right, broken];
  const authority = await startNsd({ address, port: await freePort(address), zones });
  running.push(authority);
  const options = {
    zones: zones.map(({ name }) => name),
    anchor: zones.flatMap(({ name, ds }) => ds.map((rdata) => `${name} IN DS ${rdata}`)).join("\n"),
    authority,
  };
  const lame = await startNsd({
    address,
    port: await freePort(address),
    zones: [{ name: "other.test.", records: ["www 60 IN A 192.0.2.10"] }],
  });
  running.push(lame);
  const unbounds = await Promise.all([
    startUnbound(options),
    startUnbound({ ...options, server: ['module-config: "iterator"'] }),
    startUnbound({ ...options, authority: lame, server: ['module-config: "iterator"'] }),
  ]);
  running.push(...unbounds);
  [validating, trusting, cutOff] = unbounds;
  silent = createSocket("udp4");
  silent.bind(0, address);
  await once(silent, "listening");
});

afterAll(async () => {
  silent?.close();
  await Promise.all(running.map((server) => server.stop()));
  rmSync(folder, { recursive: true, force: true });
});

function place(name: string): string {
  const at = path.join(folder, name);
  mkdirSync(at);
  return at;
}

/** Another address than was signed: bogus to whoever checks. */
function altered(signed: ServedZone): ServedZone {
  const file = path.join(place("altered"), "zone");
  writeFileSync(file, readFileSync(signed.file, "utf8").replace("192.0.2.10", "198.51.100.66"));
  return { ...signed, file };
}

function survey(endpoint: ServerAddress, brokenName: string | null, timeoutMs = 3000): Promise<ResolverSurvey> {
  const means = { clock: systemClock(), entropy: systemEntropy(), timeoutMs: duration(timeoutMs) };
  const { address: at, port } = endpoint;
  const resolver = { id: "office", view: "public", endpoint: { address: at, port }, channel: { via: "udp" } } as const;
  const watched = [
    { zone, name: `www.${zone}`, type: "A" },
    { zone, name: `no-such-name.${zone}`, type: "A" },
  ];
  return resolverSurveyor(means).survey({ resolver, vantage: "here", brokenName, watched }, never);
}

describeWithServers("a listed resolver", () => {
  keepLogsOnFailure(() => running);

  it("that validates refuses the broken name, and gives what is right with AD and the TTL that is left", async () => {
    const { broken, watched } = await survey(validating, "www.broken.test.");
    expect(broken).toEqual({ outcome: "validates", code: "servfail" });
    const [www, none] = watched;
    expect(www).toMatchObject({ outcome: "answer", authenticated: true, rrset: { rdata: ["c000020a"] } });
    expect(www?.rrset === "absent" ? 0 : www?.rrset?.ttl).toBeLessThanOrEqual(rrset(60, ["c000020a"]).ttl);
    expect(none).toMatchObject({ outcome: "answer", authenticated: true, rrset: "absent" });
  });

  it("that does not validate answers the broken name, and never says AD", async () => {
    const { broken, watched } = await survey(trusting, "www.broken.test.");
    expect(broken).toEqual({ outcome: "answers", code: null });
    expect(watched.map(({ outcome, authenticated }) => [outcome, authenticated])).toEqual([
      ["answer", false],
      ["answer", false],
    ]);
  });

  it("that has no zone to ask fails for every name: that is not taken for validation", async () => {
    const { broken, watched } = await survey(cutOff, "www.broken.test.");
    expect(broken).toEqual({ outcome: "unclear", code: "broken-name-out-of-reach" });
    expect(watched[0]).toMatchObject({ outcome: "unusable", code: "servfail", rrset: null });
  });

  it("that is asked for a name that is not broken, or not there, is not called not-validating", async () => {
    expect((await survey(validating, `www.${zone}`)).broken).toEqual({
      outcome: "unclear",
      code: "name-is-not-broken",
    });
    expect((await survey(validating, `no-such-name.${zone}`)).broken).toEqual({ outcome: "unclear", code: "nxdomain" });
    expect((await survey(validating, null)).broken).toEqual({ outcome: "not-asked", code: null });
  });

  it("that is silent is silent: neither validating nor not", async () => {
    const { broken, watched } = await survey({ address, port: silent?.address().port ?? 0 }, "www.broken.test.", 200);
    expect(broken).toMatchObject({ outcome: "no-response" });
    expect(watched.map(({ outcome }) => outcome)).toEqual(["no-response", "no-response"]);
  });
});
