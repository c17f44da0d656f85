import type { ServiceRequest } from "../../src/core/cycle/service-command.ts";
import { crashPoints } from "../../src/control/crash-points.ts";
import { second } from "../../src/values/time.ts";
import type { Random } from "../fuzz/random.ts";
import type { SimulatedNameserver } from "./dns.ts";
import { foreignRRset, type World } from "./world.ts";

/** Something that happens to a world; returns what, for people. */
type Disturbance = (world: World, random: Random) => Promise<string>;

const siteChanges: Disturbance = (world, random) => {
  const site = random.pick([...world.policy.sites.keys(), "fra", "fra"]);
  const part = random.below(6) === 0 ? `${site}/${random.pick(["v4", "v6"])}` : site;
  const condition = random.pick(["up", "up", "up", "down", "down", "slow"] as const);
  world.sites.set(part, condition);
  return told(`${part} is ${condition}`);
};

const vantageChanges: Disturbance = (world, random) => {
  const vantage = random.pick(world.vantages.all);
  vantage.state = random.pick(["well", "well", "well", "well", "cut-off", "silent"] as const);
  vantage.sees.clear();
  if (random.below(6) === 0) vantage.sees.set(random.pick([...world.policy.sites.keys()]), random.pick(["up", "down"]));
  return told(`${vantage.id} is ${vantage.state}, sees ${JSON.stringify([...vantage.sees])}`);
};

const nameserverChanges: Disturbance = (world, random) => {
  const nameserver: SimulatedNameserver = random.pick(world.dns.nameservers);
  nameserver.answers = random.pick(["all", "all", "all", "nothing", "udp-only", "lame", "no-route"] as const);
  nameserver.transfers = random.pick(["work", "work", "stuck"] as const);
  return told(`${nameserver.name} answers ${nameserver.answers}, transfers ${nameserver.transfers}`);
};

const messageFaults: Disturbance = (world, random) => {
  const kinds = ["lose-request", "lose-answer", "hold", "refuse", "not-sent"] as const;
  const queue = Array.from({ length: 1 + random.below(3) }, () => random.pick(kinds));
  const names = queue.join(", ");
  world.paths.faultOf = () => queue.shift();
  return told(`the next messages: ${names}`);
};

const lateMessages: Disturbance = (world) => {
  world.paths.release();
  return told("what was held back arrives");
};

const foreignWrites: Disturbance = (world, random) => {
  const site = random.pick([...world.policy.sites.keys()]);
  const to = random.below(3) === 0 ? foreignRRset : world.valuesAt("v4", site);
  world.foreignWrite("v4", to);
  return told(`somebody writes ${to === foreignRRset ? "a foreign value" : `the value of ${site}`}`);
};

/** The process dies the next time that it passes a point. */
const crashes: Disturbance = (world, random) => {
  const point = random.pick([
    ...crashPoints,
    "before-append",
    "after-append",
    "before-effect:write",
    "after-effect:write",
  ]);
  let countdown = 1 + random.below(3);
  world.onCrashPoint = (passed) => {
    if (passed !== point) return;
    countdown -= 1;
    if (countdown === 0) throw new Error("killed");
  };
  return told(`it will die at ${point}`);
};

const journalFaults: Disturbance = (world, random) => {
  const fault = random.pick(["unknown-before", "unknown-after", "crash-before", "crash-after", "full"] as const);
  let countdown = 1 + random.below(4);
  world.journalFault = () => {
    countdown -= 1;
    return countdown === 0 ? fault : undefined;
  };
  return told(`the journal will fail: ${fault}`);
};

const integrityChanges: Disturbance = (world, random) => {
  const nameserver = random.pick(world.dns.nameservers);
  nameserver.authenticity = random.pick(["secure", "bogus"] as const);
  return told(`the zone is ${nameserver.authenticity} at ${nameserver.name}`);
};

const clockChanges: Disturbance = (world, random) => {
  const trustworthy = random.below(2) === 0;
  world.clockTrust = { trustworthy, errorMs: trustworthy ? 0 : 5000, says: "The clock is off by 5 s." };
  return told(`the clock is ${trustworthy ? "trusted" : "off"}`);
};

const people: Disturbance = async (world, random) => {
  const request = requestOf(world, random);
  let answer = "and it died";
  const asked = world.ask(request).then((result) => {
    answer = result.accepted ? "accepted" : result.refusal.code;
    return answer;
  });
  await world.clock.until(() => answer !== "and it died" || world.hasDied, 5 * second);
  void asked;
  return `somebody asks ${request.kind}: ${answer}`;
};

function requestOf(world: World, random: Random): ServiceRequest {
  const { failover, vetoes } = world.state();
  const open = failover?.id ?? "none";
  const planHash = failover?.planHash ?? "";
  const site = random.pick([...world.policy.sites.keys()]);
  return random.pick<ServiceRequest>([
    { kind: "declare", move: { kind: random.pick(["to", "to", "drain", "add"] as const), site } },
    { kind: "declare", move: { kind: "to", site } },
    { kind: "approve", failover: open, planHash },
    { kind: "approve", failover: open, planHash },
    { kind: "approve", failover: open, planHash },
    { kind: "withdraw", failover: open },
    { kind: "veto", failover: open },
    { kind: "lift-veto", veto: vetoes[0]?.id ?? "none" },
    { kind: "rollback" },
    { kind: "stop" },
    { kind: "resume" },
    { kind: "resume" },
    { kind: "adopt", record: random.pick(["v4", "v6"]) },
  ]);
}

/** All that may happen; what is here twice happens twice as often. */
export const disturbances: readonly Disturbance[] = [
  siteChanges,
  siteChanges,
  siteChanges,
  vantageChanges,
  nameserverChanges,
  nameserverChanges,
  messageFaults,
  messageFaults,
  lateMessages,
  foreignWrites,
  crashes,
  journalFaults,
  clockChanges,
  integrityChanges,
  people,
  people,
  people,
];

function told(what: string): Promise<string> {
  return Promise.resolve(what);
}
