import { replay } from "../../src/control/replay.ts";
import type { Failover } from "../../src/core/failover/state.ts";
import { evolve } from "../../src/core/failover/evolve.ts";
import { placementAt, rrsetUnder } from "../../src/core/plan/placement.ts";
import { sameData } from "../../src/core/plan/rrset.ts";
import { openMemoryJournal } from "../../src/journal/memory/journal.ts";
import { minute, second } from "../../src/values/time.ts";
import { Random } from "../fuzz/random.ts";
import { simulatedEntropy } from "./clock.ts";
import { found } from "./dns.ts";
import { disturbances } from "./disturbances.ts";
import { siteLost } from "./policy.ts";
import { World, type WorldOptions } from "./world.ts";

/** What one random schedule came to. */
export interface Outcome {
  readonly seed: number;
  /** Broken promises; empty when all held. */
  readonly broken: readonly string[];
  /** What happened to the world, in order, for whoever looks for the cause. */
  readonly schedule: readonly string[];
  readonly moves: number;
}

/**
 * Runs the worlds of `runs` seeds from `seed` on, and returns those in which a promise was broken. Each has a random
 * policy and a random schedule of faults, crashes and people; then everything heals, and it has to end well.
 */
export async function simulate(
  seed: number,
  runs: number,
): Promise<{ readonly failed: readonly Outcome[]; readonly moves: number }> {
  const failed: Outcome[] = [];
  let moves = 0;
  for (let run = 0; run < runs; run += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one world after the other
    const outcome = await simulateOne(seed + run);
    moves += outcome.moves;
    if (outcome.broken.length > 0) failed.push(outcome);
  }
  return { failed, moves };
}

/** The same, for a run by hand. @throws with seed, promise and schedule of the first world in which one was broken. */
export async function simulateAll(
  seed: number,
  runs: number,
): Promise<{ readonly runs: number; readonly moves: number }> {
  const { failed, moves } = await simulate(seed, runs);
  const [first] = failed;
  if (first === undefined) return { runs, moves };
  throw new Error(
    [`seed ${first.seed}, ${failed.length} of ${runs} worlds:`, ...first.broken, ...first.schedule].join("\n"),
  );
}

/** How long a healed world may take to come to rest: the stability of home, and every window of the policy. */
const restMs = 40 * minute;

export async function simulateOne(seed: number): Promise<Outcome> {
  const random = new Random(seed);
  const world = await World.start(randomOptions(seed, random));
  const schedule: string[] = [];
  const note = (what: string): void => {
    schedule.push(`${Math.round(world.clock.monotonic() / 1000)} s ${what}`);
  };
  const begun = world.clock.monotonic();
  const lengthMs = minute * (5 + random.below(35));
  const broken: string[] = [];
  try {
    while (world.clock.monotonic() - begun < lengthMs) {
      // oxlint-disable-next-line no-await-in-loop -- time passes
      await world.advance(1 + random.below(45 * second));
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      if (await startedAgain(world)) note("it is started again");
      world.auditor.disturbed();
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      note(await random.pick(disturbances)(world, random));
    }
    note("all heals");
    await heal(world);
    await world.advance(restMs);
    broken.push(...(await atRest(world)));
    note("a person moves");
    broken.push(...(await personMoves(world)));
  } catch (error) {
    broken.push(error instanceof Error ? (error.stack ?? error.message) : "unknown error");
  }
  broken.push(...world.auditor.broken, ...faultsOfOurs(world));
  if (broken.length > 0) schedule.push(`entries: ${world.tail(60)}`, `logged: ${world.logged.slice(-10).join("; ")}`);
  return { seed, broken, schedule, moves: world.ours().length };
}

function randomOptions(seed: number, random: Random): WorldOptions {
  const v6 = random.pick([["2001:db8:2::10"], "none"] as const);
  const home = random.pick([["fra"], ["fra"], ["fra", "iad"]] as const);
  const drain = home.length > 1;
  return {
    seed,
    sites: {
      fra: { region: "eu", v4: ["192.0.2.10"], v6: ["2001:db8:1::10"] },
      iad: { region: "us", v4: ["198.51.100.10"], v6 },
      sin: { region: "ap", v4: ["203.0.113.110", "203.0.113.111"], v6: "none" },
    },
    home,
    providers: random.pick([{ primary: 3 }, { primary: 2 }, { primary: 2, second: 2 }]),
    ...(random.below(4) === 0 ? { notify: "off" as const } : {}),
    ...(random.below(4) === 0 ? {} : { integrity: "watched" as const }),
    band: {
      ...siteLost,
      move: drain ? { kind: "drain", site: "fra" } : { kind: "replace", from: "fra", to: "iad" },
      authority: random.pick(["pre-authorised", "pre-authorised", "approve"] as const),
      reassert: random.below(3) === 0,
    },
  };
}

/** Starts it again when it has died. */
async function startedAgain(world: World): Promise<boolean> {
  if (!world.hasDied) return false;
  world.onCrashPoint = () => undefined;
  world.journalFault = () => undefined;
  await world.restart();
  return true;
}

/** Everything works again, and whoever died is started again. */
async function heal(world: World): Promise<void> {
  for (const site of world.policy.sites.keys()) {
    world.sites.set(site, "up");
    for (const record of ["v4", "v6"]) world.sites.set(`${site}/${record}`, "up");
  }
  for (const vantage of world.vantages.all) {
    vantage.state = "well";
    vantage.sees.clear();
  }
  for (const nameserver of world.dns.nameservers) {
    nameserver.answers = "all";
    nameserver.transfers = "work";
    nameserver.authenticity = "secure";
    if (nameserver !== world.dns.primary(nameserver.provider)) world.dns.transferSoon(nameserver, 0);
  }
  world.paths.faultOf = () => undefined;
  world.journalFault = () => undefined;
  world.onCrashPoint = () => undefined;
  world.clockTrust = { trustworthy: true, errorMs: 0, says: "" };
  world.paths.release();
  world.auditor.disturbed();
  await startedAgain(world);
  await world.ask({ kind: "resume" });
  for (const { id } of world.state().vetoes)
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await world.ask({ kind: "lift-veto", veto: id });
}

/** What is wrong with the world at rest. */
async function atRest(world: World): Promise<readonly string[]> {
  const wrong: string[] = [];
  const state = world.state();
  const about = world.controller.about();
  if (about.status !== "running") wrong.push(`it is ${about.status}: ${about.halted?.says ?? "no reason"}`);
  const open = state.failover;
  if (open !== null && !waitsForPeople(open)) wrong.push(`${open.id} is ${open.status} and does not end`);
  if (state.outstanding.length > 0) wrong.push(`${state.outstanding[0]?.id ?? ""} was never read back`);
  wrong.push(...disagreements(world), ...(await differsWhenReplayed(world)));
  return wrong;
}

/** A proposal to approve, or a failover that cannot end and says so: a person may supersede it. */
function waitsForPeople(open: Failover): boolean {
  return open.status === "proposed" ? open.needs !== "nothing" : "diverged" in open && open.diverged !== null;
}

/** Always a way to move: whatever state it is in, a person moves the service, and every nameserver follows. */
async function personMoves(world: World): Promise<readonly string[]> {
  const site = world.placement().join() === "iad" ? "fra" : "iad";
  const declared = await world.ask({ kind: "declare", move: { kind: "to", site } });
  if (!declared.accepted) {
    const { code, says } = declared.refusal;
    return code === "nothing-to-change" ? [] : [`a person's move to ${site} is refused: ${code}: ${says}`];
  }
  const { failover } = world.state();
  await world.ask({ kind: "approve", failover: failover?.id ?? "", planHash: failover?.planHash ?? "" });
  const closed = (): boolean =>
    world.events("failover-ended").some((ended) => ended.failover === failover?.id && ended.how === "closed");
  if (!(await world.clock.until(closed, 10 * minute))) return [`a person's move to ${site} does not end`];
  return disagreements(world);
}

/** DNS holds what the journal says, at every nameserver; or what differs is named, and `why` shows it. */
function disagreements(world: World): readonly string[] {
  const { placement, drift, owed, failover } = world.state();
  // What is half done is told as such.
  if (failover !== null && "diverged" in failover && failover.diverged !== null) return [];
  const service = found(world.policy.services.get("login"), "login");
  return [...service.records.keys()].flatMap((record) => {
    const wanted =
      world.state().baseline.get(record) ?? rrsetUnder(service, record, placement ?? placementAt(service.home));
    const differing = world.dns.nameservers.filter(
      ({ zone }) => !sameData(zone.rrsets.get(world.key(record)) ?? "absent", wanted),
    );
    if (differing.length === 0) return drift.has(record) ? [`${record} is called drift, and is not`] : [];
    const named = drift.has(record) && world.why().holds.some(({ code }) => code.startsWith("drift-"));
    return named || owed.length > 0
      ? []
      : [`${record} differs at ${differing.map(({ name }) => name).join(", ")}, unnamed`];
  });
}

/** The fold from the first entry is the state that the controller has. */
async function differsWhenReplayed(world: World): Promise<readonly string[]> {
  const journal = openMemoryJournal({ store: world.store, entropy: simulatedEntropy(1) });
  const replayed = await replay(journal.reader, evolve, new AbortController().signal, () => undefined);
  const again = replayed?.services.get("login");
  const same = text(again) === text(world.state());
  return same ? [] : ["the journal, replayed, does not give the state that the controller has"];
}

/** Members in one order, whichever they were made in. */
function text(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => {
    if (member instanceof Map) return [...member.entries()].toSorted(byKey);
    if (typeof member !== "object" || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).toSorted(byKey));
  });
}

function byKey([a]: readonly [unknown, unknown], [b]: readonly [unknown, unknown]): number {
  return String(a) < String(b) ? -1 : 1;
}

function faultsOfOurs(world: World): readonly string[] {
  return world.logged.filter((line) => /broken-promise|effect-broke/.test(line));
}
