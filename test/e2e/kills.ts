import { setTimeout as delay } from "node:timers/promises";
import type { FailoverView, ServiceView } from "../../src/api/contract/status.ts";
import type { RecordedEntry } from "../../src/ports/operations.ts";
import type { Json } from "../../src/values/json.ts";
import { Random } from "../fuzz/random.ts";
import { dig } from "../servers/dig.ts";
import { isAt, isOnItsWay, isReady, runPointsman, type RunningController } from "./controller.ts";
import { ofType, readJournal } from "./journal.ts";
import { startScene, type Scene } from "./scene.ts";
import type { Passed } from "./tap.ts";

export interface ControllerKills {
  readonly runs: number;
  /** Failovers that were proposed and approved in between. */
  readonly moves: number;
  /** UPDATEs that came to the primary, and those that it applied. */
  readonly sent: number;
  readonly applied: number;
  /** Attempts that a later process had to read back, and found applied. */
  readonly readBackAfter: number;
  /** Those that it found not applied. */
  readonly readBackBefore: number;
}

const name = "login.example.com";

/**
 * Moves a service to and fro, and kills the controller's process by SIGKILL `runs` times at moments of the seed's choice,
 * mostly about the write. What was applied is counted at the primary: by its serial, and by a tap before it.
 * @throws Error that names the seed, when a change was sent or applied twice, when something was sent again without a
 * read-back, or when it does not end verified.
 */
export async function controllerKills(seed: number, runs: number): Promise<ControllerKills> {
  const scene = await startScene({ moves: "people", checksPerSecond: 10 });
  try {
    const before = await serialOf(scene);
    const moves = await moveAndKill(scene, new Random(seed), runs);
    const end = await endVerified(scene);
    const entries = await readJournal(scene.installation);
    checkTap(scene.tap.passed);
    checkJournal(entries);
    const applied = scene.tap.updates().filter(({ rcode }) => rcode === 0).length;
    const serials = (await serialOf(scene)) - before;
    // BIND raises the serial by one for each UPDATE that it applies (RFC 2136 §3.6).
    must(serials === applied, `the serial grew by ${serials}, and ${applied} UPDATEs were applied`);
    must(moves === applied, `${moves} moves were made by ${applied} UPDATEs; at last ${JSON.stringify(end.placement)}`);
    const readBack = (found: string): number =>
      ofType(entries, "attempt-read-back").filter(({ data }) => data["found"] === found).length;
    const readBackAfter = readBack("after");
    const readBackBefore = readBack("before");
    return { runs, moves, sent: scene.tap.updates().length, applied, readBackAfter, readBackBefore };
  } catch (error) {
    throw new Error(`seed ${seed}`, { cause: error });
  } finally {
    await scene.end();
  }
}

/** Returns how many moves were begun. */
async function moveAndKill(scene: Scene, random: Random, runs: number): Promise<number> {
  let moves = 0;
  for (let run = 0; run < runs; run += 1) {
    // oxlint-disable-next-line no-await-in-loop -- each run goes on with what the one before left
    moves += random.below(4) === 0 ? await killAtStart(scene, random) : await killAtWork(scene, random);
  }
  return moves;
}

/** At any moment of the start, the read-back of what the one before left included. */
async function killAtStart({ installation, tap }: Scene, random: Random): Promise<0> {
  const running = runPointsman(installation);
  await delay(random.below(1000));
  running.signal("SIGKILL");
  await running.ended;
  tap.mark("killed");
  return 0;
}

/** Within 60 ms after the approval of a move, as its intent, write and verification mostly are; or a good while later. */
async function killAtWork(scene: Scene, random: Random): Promise<0 | 1> {
  const controller = await scene.start();
  const moved = await moveOn(controller);
  await delay(random.below(random.below(2) === 0 ? 60 : 500));
  await controller.end("SIGKILL");
  scene.tap.mark("killed");
  return moved;
}

/** Declares the move to the other site and approves it, where none is on its way: then that one is left to go on. */
async function moveOn(controller: RunningController): Promise<0 | 1> {
  const login = await controller.until("ready to move, or on its way", (now) => isOnItsWay(now) || mayMove(now));
  if (isOnItsWay(login)) return 0;
  await controller.act({
    kind: "move",
    service: "login",
    move: { kind: "to", site: otherSite(login) },
    reason: "kills",
  });
  const { failover } = await controller.until("proposed", (now) => now.failover?.status === "proposed");
  if (failover === null) throw new Error("what was proposed is open");
  await approve(controller, failover);
  return 1;
}

async function approve(controller: RunningController, { id, planHash }: FailoverView): Promise<void> {
  await controller.act({ kind: "approve", failover: id, planHash, reason: null });
}

/** Judged since this start, with the other site proven fit, and the records read. */
function mayMove(login: ServiceView): boolean {
  const target = login.sites.find(({ site }) => site === otherSite(login));
  const read = login.records.every(({ nameservers }) => nameservers.every(({ outcome }) => outcome === "answer"));
  return isReady(login) && target?.ready.state === "passed" && read;
}

function otherSite(login: ServiceView): "fra" | "iad" {
  return isAt(login, "fra") ? "iad" : "fra";
}

/** Lets what is open come to its end, and compares both nameservers with it. */
async function endVerified(scene: Scene): Promise<ServiceView> {
  const controller = await scene.start();
  const open = await controller.until("known", ({ placement }) => placement !== null);
  if (open.failover?.status === "proposed") await approve(controller, open.failover);
  const end = await controller.until("closed", ({ failover, owed }) => failover === null && owed.length === 0);
  must(end.lastFailover?.how === "closed", `the last failover ended as ${String(end.lastFailover?.how)}`);
  const stands = otherSite(end) === "iad" ? "127.0.0.11" : "127.0.0.12";
  for (const server of [scene.primary, scene.secondary]) {
    // oxlint-disable-next-line no-await-in-loop -- two servers
    const answer = await dig(server, name, "A");
    must(answer.length === 1 && answer[0] === stands, `${server.kind} answers ${answer.join(" ")}, not ${stands}`);
  }
  const { code } = await controller.end("SIGTERM");
  must(code === 0, `the last controller ended with ${code}`);
  return end;
}

/** What came to the primary: each attempt once, none applied twice in a row, and none after a kill without a look first. */
function checkTap(passed: readonly Passed[]): void {
  const fences = new Set<string>();
  let last: string | undefined;
  let looked = true;
  for (const each of passed) {
    if (each.what === "mark") looked = false;
    else if (each.what === "query") looked ||= each.name === `_pointsman.${name}.`;
    else {
      must(looked, "an UPDATE was sent after a kill, and nothing was read before");
      must(each.fence !== undefined && !fences.has(each.fence), `the attempt ${each.fence} was sent twice`);
      fences.add(each.fence ?? "");
      const to = each.to.join(" ");
      must(each.rcode !== 0 || to !== last, `the change to ${to} was applied twice`);
      if (each.rcode === 0) last = to;
    }
  }
}

/** An attempt after another of the same failover: only once that one surely failed, or was read back as not applied. */
function checkJournal(entries: readonly RecordedEntry[]): void {
  const ended = new Map<string, Json | undefined>();
  for (const { type, data } of entries) {
    const { attempt, outcome, found } = data;
    if (typeof attempt !== "string") continue;
    if (type === "attempt-ended") ended.set(attempt, outcome);
    if (type === "attempt-read-back") ended.set(attempt, found);
    const [, before, number] = /^(.*\/)(\d+)$/.exec(attempt) ?? [];
    if (type !== "attempt-intended" || number === "1") continue;
    const last = ended.get(`${before}${Number(number) - 1}`);
    must(last === "failed" || last === "before", `${attempt} follows one that ended as ${JSON.stringify(last)}`);
  }
}

async function serialOf({ primary }: Scene): Promise<number> {
  const [soa = ""] = await dig(primary, "example.com", "SOA");
  return Number(soa.split(" ")[2]);
}

function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
