import { setTimeout as delay } from "node:timers/promises";
import type { Json } from "../../src/values/json.ts";
import { startNsd } from "../servers/nsd.ts";
import { freePort } from "../servers/ports.ts";
import type { RunningServer } from "../servers/process.ts";
import { isSigned } from "../servers/soa.ts";
import { createMonitor, type Look, type Monitor } from "./monitor.ts";
import { startParentAgent, type ParentAgent } from "./parent-agent.ts";
import { startRollingBind, startRollingKnot, type RollingSigner, type Role } from "./signers.ts";
import { nsNames, startParent, zoneName, type Parent } from "./world.ts";

/** A signer that rolls, its two secondaries, a parent that follows its CDS, and the monitor. */
interface RollingWorld {
  readonly signer: RollingSigner;
  readonly parent: Parent;
  readonly agent: ParentAgent;
  readonly monitor: Monitor;
  readonly servers: readonly RunningServer[];
  stop(): Promise<void>;
}

const secondaryAddresses = ["127.0.44.2", "127.0.44.3"] as const;
const parentAddress = "127.0.44.9";

const starters = { bind: startRollingBind, knot: startRollingKnot } as const;
export type SignerKind = keyof typeof starters;

async function startRollingWorld(kind: SignerKind, rolls: Role | null): Promise<RollingWorld> {
  const ports = await Promise.all(secondaryAddresses.map((address) => freePort(address)));
  const secondaries = secondaryAddresses.map((address, index) => ({ address, port: ports[index] ?? 0 }));
  const all = [{ address: "127.0.0.1" }, ...secondaries];
  const records = [
    ...nsNames.map((name) => `@ IN NS ${name}`),
    ...all.map(({ address }, index) => `ns${index + 1} IN A ${address}`),
    "login IN A 127.0.0.11",
  ];
  const parent = await startParent(
    parentAddress,
    all.map(({ address }) => ({ address, port: 0 })),
  );
  const signer = await starters[kind]({ records, secondaries, parent: parent.server, rolls });
  const agent = startParentAgent(parent, signer);
  const zones = [{ name: zoneName, records: [] }];
  const nsds = await Promise.all(secondaries.map((at) => startNsd({ ...at, zones, primary: signer })));
  const { address, port } = parent.server;
  const monitor = createMonitor({
    parent: { address, port, anchor: parent.anchor },
    nameservers: [signer, ...nsds],
    signing: declared,
  });
  const servers = [signer, ...nsds, parent.server];
  return {
    signer,
    parent,
    agent,
    monitor,
    servers,
    async stop() {
      await agent.stop();
      await Promise.all([signer.stop(), ...nsds.map((server) => server.stop()), parent.stop()]);
    },
  };
}

/** What the policy says of the signer: it rolls by itself, and the parent follows its CDS. */
const declared: Json = {
  signers: ["primary"],
  algorithms: ["ECDSAP256SHA256", "ED25519"],
  privateKeys: "the signer's own disk",
  ksk: { rolledBy: "signer", method: "double-signature" },
  zsk: { rolledBy: "signer", method: "pre-publication" },
  parent: "cds",
  parentWithin: "10s",
  propagation: "1s",
  largestTtl: "1s",
};

export type RolloverKind = Role | "algorithm";

/** What a rollover came to. */
export interface RolloverSeen {
  readonly looks: number;
  readonly ms: number;
  /** Every alarm that rang, with when, and its sentence where it is one of integrity. */
  readonly alarms: readonly string[];
  /** What was foreseen, in order. */
  readonly expected: readonly string[];
}

const startsWithinMs = 30_000;
const roundMs = 700;
/** Steps that come after the old key is gone, such as the end of its signatures, take place in this time. */
const tailMs = 4000;

/**
 * Looks about once a second, from before a rollover begins until its last step is done.
 * @throws Error when that takes longer than `withinMs`.
 */
async function watchRollover(world: RollingWorld, kind: RolloverKind, withinMs: number): Promise<RolloverSeen> {
  const { monitor, signer } = world;
  await untilSettled(world);
  const old = keysOf(await monitor.look(), kind);
  if (kind === "algorithm") signer.changeAlgorithm("ED25519");
  const alarms: string[] = [];
  const expected: string[] = [];
  const started = Date.now();
  let doneAt: number | undefined;
  for (let looks = 1; ; looks += 1) {
    const look = await monitor.look(); // oxlint-disable-line no-await-in-loop -- one survey after the other
    const ms = Date.now() - started;
    alarms.push(
      ...look.report.integrity.map(({ code, about, says }) => `${ms} ms integrity ${code} ${about}: ${says}`),
      ...monitor.alarms().availability.map((alarm) => `${ms} ms availability ${alarm}`),
    );
    expected.push(...look.report.expected.map(({ by, says }) => `${by}: ${says}`));
    if (isDone(look, kind, old)) doneAt ??= ms;
    if (doneAt !== undefined && ms >= doneAt + tailMs) return { looks, ms: doneAt, alarms, expected };
    if (ms > withinMs) throw new Error(`no rollover: ${JSON.stringify({ alarms, expected, ...look }, undefined, 1)}`);
    await delay(roundMs); // oxlint-disable-line no-await-in-loop -- the pause between two rounds
  }
}

/** Starts a world, watches one whole rollover in it, and ends it. After a failure the servers' logs stay. */
export async function wholeRollover(signer: SignerKind, kind: RolloverKind, withinMs: number): Promise<RolloverSeen> {
  const world = await startRollingWorld(signer, kind === "algorithm" ? null : kind);
  try {
    const seen = await watchRollover(world, kind, withinMs);
    if (seen.alarms.length > 0) for (const server of world.servers) server.keep();
    return seen;
  } catch (error) {
    for (const server of world.servers) server.keep();
    throw error;
  } finally {
    await world.stop();
  }
}

/** The zone is secure at every nameserver. */
async function untilSettled({ servers, monitor }: RollingWorld): Promise<void> {
  const end = Date.now() + startsWithinMs;
  const nameservers = servers.slice(0, 3);
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- a poll
    const signed = await Promise.all(nameservers.map(({ address, port }) => isSigned(address, port, zoneName)));
    // oxlint-disable-next-line no-await-in-loop -- a poll
    const survey = signed.every(Boolean) ? await monitor.survey() : undefined;
    if (survey?.servers.every(({ finding }) => finding.authenticity === "secure") === true) return;
    if (Date.now() > end) throw new Error(`it is never secure: ${JSON.stringify(survey?.servers)}`);
    await delay(100); // oxlint-disable-line no-await-in-loop -- a poll
  }
}

const entryPoint = 257;

/** Tags of keys that the rollover replaces. */
function keysOf({ survey }: Look, kind: RolloverKind): ReadonlySet<number> {
  const keys = survey.servers[0]?.keys ?? [];
  const replaced = keys.filter(({ flags }) => kind === "algorithm" || (flags === entryPoint) === (kind === "ksk"));
  return new Set(replaced.map(({ tag }) => tag));
}

/** No nameserver has an old key, all are secure, and the parent has a DS of new keys alone. */
function isDone({ survey }: Look, kind: RolloverKind, old: ReadonlySet<number>): boolean {
  const free = survey.servers.every(
    ({ keys, finding }) => finding.authenticity === "secure" && keys?.every(({ tag }) => !old.has(tag)) === true,
  );
  const ds = survey.delegation?.ds?.map((rdata) => Number.parseInt(rdata.slice(0, 4), 16)) ?? [];
  return old.size > 0 && free && ds.length > 0 && (kind === "zsk" || ds.every((tag) => !old.has(tag)));
}
