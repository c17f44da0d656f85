import { crashPoints } from "../../src/control/crash-points.ts";
import type { SignedStatement, StatementKind } from "../../src/core/authority/statement.ts";
import type { Duty } from "../../src/core/policy/policy.ts";
import { asJson } from "../../src/values/json.ts";
import { sha256, sha256OfJson } from "../../src/values/sha256.ts";
import { utf8 } from "../../src/values/octets.ts";
import { add, day, hour, instant, minute, second } from "../../src/values/time.ts";
import { Random } from "../fuzz/random.ts";
import { fingerprint, keyOf, team, type Said, type SayOptions } from "./signing.ts";
import { siteLost } from "./policy.ts";
import { threeSites } from "./three-sites.ts";
import { World } from "./world.ts";

/** What one random history came to. */
interface History {
  readonly seed: number;
  readonly broken: readonly string[];
  readonly steps: readonly string[];
  readonly said: number;
  readonly accepted: number;
  readonly sent: number;
}

/** Steps of one history: a statement, valid or not, something that happens to the world, or time. */
const stepsOfOne = 150;

/**
 * Random histories of an installation whose people sign: statements good and bad, delegations, emergencies, revocations,
 * clock steps and crashes. The auditor judges each intent and each message from the journal's entries alone.
 * @throws with seed, promise and steps of the first in which one was broken.
 */
export async function histories(
  seed: number,
  runs: number,
): Promise<{
  readonly runs: number;
  readonly steps: number;
  readonly said: number;
  readonly accepted: number;
  readonly sent: number;
}> {
  let [said, accepted, sent] = [0, 0, 0];
  for (let run = 0; run < runs; run += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one world after the other
    const one = await history(seed + run);
    if (one.broken.length > 0) throw new Error([`seed ${one.seed}:`, ...one.broken, ...one.steps].join("\n"));
    said += one.said;
    accepted += one.accepted;
    sent += one.sent;
  }
  return { runs, steps: runs * stepsOfOne, said, accepted, sent };
}

async function history(seed: number): Promise<History> {
  const random = new Random(seed);
  const world = await World.signed({
    seed,
    sites: threeSites,
    providers: random.pick([{ primary: 2 }, { primary: 2, second: 2 }]),
    band: { ...siteLost, authority: random.pick(["pre-authorised", "approve"] as const) },
    authority: { ...team.authority, afterFirstWrite: random.pick(["finish", "go-back"] as const) },
  });
  const people = new People(world, random);
  const steps: string[] = [];
  const broken: string[] = [];
  try {
    for (let step = 0; step < stepsOfOne; step += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      if (world.hasDied) await startAgain(world);
      world.auditor.disturbed();
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const what = random.below(3) === 0 ? await happen(world, random) : await people.speak();
      steps.push(`${Math.round(world.clock.monotonic() / 1000)} s ${what}`);
      // oxlint-disable-next-line no-await-in-loop -- time passes
      await world.advance(random.pick([0, 0, 1, 1, second, 5 * second]));
    }
  } catch (error) {
    broken.push(error instanceof Error ? (error.stack ?? error.message) : "unknown error");
  }
  broken.push(...world.auditor.broken, ...world.logged.filter((line) => line.includes("broken-promise")));
  const { said, accepted } = people;
  return {
    seed,
    broken,
    steps: [...steps, `entries: ${world.tail(60)}`],
    said,
    accepted,
    sent: world.paths.sent.length,
  };
}

async function startAgain(world: World): Promise<void> {
  world.onCrashPoint = () => undefined;
  world.journalFault = () => undefined;
  await world.restart();
}

/** Something of the world changes. */
async function happen(world: World, random: Random): Promise<string> {
  switch (random.below(6)) {
    case 0: {
      const site = random.pick([...world.policy.sites.keys()]);
      const condition = random.pick(["up", "up", "down"] as const);
      world.sites.set(site, condition);
      return `${site} is ${condition}`;
    }
    case 1: {
      const fault = random.pick(["works", "works", "refuse", "lose-answer", "lose-request"] as const);
      const provider = random.pick([...world.policy.providers.keys()]);
      world.paths.faultOf = ({ change }) => (change.provider === provider && fault !== "works" ? fault : undefined);
      return `${provider}: ${fault}`;
    }
    case 2: {
      const point = random.pick(crashPoints);
      world.onCrashPoint = (passed) => {
        if (passed !== point) return;
        world.onCrashPoint = () => undefined;
        throw new Error("killed");
      };
      return `it will die at ${point}`;
    }
    case 3: {
      if (random.below(6) > 0) break;
      const ms = random.pick([hour, -hour, day, -day]);
      world.clock.stepBy(ms);
      return `the clock steps by ${ms} ms`;
    }
    case 4:
      await startAgain(world);
      return "it is started again";
    default:
  }
  const ms = random.pick([10 * second, 30 * second, 2 * minute]);
  await world.advance(ms);
  return `${ms} ms pass`;
}

type InRole = Said & { readonly role?: string | null };

/** Speaks for everybody, mostly to the purpose: what would help the open failover, or stand against it. */
class People {
  said = 0;
  accepted = 0;
  readonly #world: World;
  readonly #random: Random;
  readonly #kept: SignedStatement[] = [];
  readonly #grants: { readonly id: string; readonly terms: Said<"break-glass">["terms"] }[] = [];

  constructor(world: World, random: Random) {
    this.#world = world;
    this.#random = random;
  }

  async speak(): Promise<string> {
    this.said += 1;
    const random = this.#random;
    // What was signed before comes once more: late, or replayed.
    const again = random.below(12) === 0 && this.#kept.length > 0;
    const helps = random.below(2) === 0;
    const said: InRole | undefined = again ? undefined : helps ? this.#helpful() : this.#said();
    const signed =
      said === undefined
        ? random.pick(this.#kept)
        : this.#world.statement(said, helps ? this.#inTime(said) : this.#spoiled(said));
    if (random.below(16) === 0) {
      this.#kept.push(signed);
      return "somebody keeps what they signed";
    }
    const forged = { ...signed, proof: { method: "sshsig", signature: "AAAA" } } as const;
    const result = await Promise.race([this.#world.submit(random.below(20) === 0 ? forged : signed), this.#died()]);
    if (result === undefined) return "nobody knows what became of a statement";
    if (result.accepted) this.accepted += 1;
    this.#kept.push(signed);
    const outcome = result.accepted ? "accepted" : result.refusal.code;
    return `${said === undefined ? "again" : `${said.person} ${said.kind} ${said.subject.id} ${JSON.stringify(said.terms)}`}: ${outcome}`;
  }

  /** A dead controller answers nobody. */
  async #died(): Promise<undefined> {
    await this.#world.clock.wait(0);
    return undefined;
  }

  /** What brings things on: the next word that is missing, by somebody who may give it, or a new move. */
  #helpful(): InRole {
    const random = this.#random;
    const world = this.#world;
    const { stopped, handedOver, failover: open } = world.state();
    const login = { type: "service", id: "login", hash: null } as const;
    if (stopped !== null) return { person: "dan", kind: "resume", subject: login, terms: {} };
    if (handedOver !== null) return { person: "ben", kind: "take-back", subject: login, terms: {} };
    const [missing] = world.why().failover?.missing ?? [];
    if (open === null || missing === undefined || missing.people.length === 0) {
      const site = random.pick([...world.policy.sites.keys()]);
      return { person: "ana", kind: "declare", subject: login, terms: { move: { kind: "to", site } } };
    }
    const { duty, role } = missing;
    const subject = { type: "plan", id: open.id, hash: open.planHash };
    const kind = duty === "validate" || duty === "reverse" || duty === "execute" ? duty : "approve";
    return { person: random.pick(missing.people), kind, subject, terms: {}, role };
  }

  /** Whoever signs goes by the journal's time, which never goes back. */
  #inTime({ role = null }: InRole): SayOptions {
    const notBefore = instant(Math.max(this.#world.clock.now(), this.#world.seen.at(-1)?.at ?? 0));
    const validForMs = this.#random.pick([minute, hour, hour]);
    return { notBefore, validForMs, ...(role === null ? {} : { role }) };
  }

  #said(): Said {
    const random = this.#random;
    const world = this.#world;
    const person = random.pick([...world.policy.people.keys()]);
    const open = world.state().failover;
    const login = { type: "service", id: "login", hash: null } as const;
    if (open !== null && random.below(3) > 0) {
      const subject = { type: "plan", id: open.id, hash: open.planHash };
      const kinds = [
        "approve",
        "approve",
        "approve",
        "validate",
        "validate",
        "reverse",
        "execute",
        "veto",
        "waive",
      ] as const;
      const kind = random.pick(kinds);
      if (kind === "veto") return { person, kind, subject, terms: { ground: "other" } };
      if (kind === "waive") return { person, kind, subject, terms: { gates: [this.#gate()] } };
      return { person, kind, subject, terms: {} };
    }
    const site = random.pick([...world.policy.sites.keys()]);
    const now = world.clock.now();
    switch (random.below(11)) {
      case 0:
        return { person, kind: "contain", subject: login, terms: { site, to: random.pick([null, "iad"] as const) } };
      case 1:
        return {
          person,
          kind: "withdraw",
          subject: { type: "bar", id: site, hash: null },
          terms: { service: "login" },
        };
      case 2:
        return this.#emergency(person);
      case 3: {
        const terms = {
          duties: [random.pick(["approve", "declare", "reverse"] as const)],
          services: "all",
          from: now,
        } as const;
        const subject = { type: "person", id: "dan", hash: null };
        return {
          person,
          kind: "delegate",
          subject,
          terms: { ...terms, duties: [...terms.duties], until: add(now, hour) },
        };
      }
      case 4: {
        const id = fingerprint(random.pick([person, `${person}/2`]));
        return { person, kind: "revoke-key", subject: { type: "key", id, hash: null }, terms: {} };
      }
      case 5: {
        const subject = { type: "key", id: fingerprint(`${person}/2`), hash: null };
        return { person, kind: "enrol", subject, terms: { key: keyOf(`${person}/2`) } };
      }
      case 6:
        return {
          person,
          kind: random.pick(["handover", "take-back", "take-back", "stop", "resume", "resume"]),
          subject: login,
          terms: {},
        };
      case 7: {
        const verdict = random.pick(["up", "down"] as const);
        return { person, kind: "force-verdict", subject: login, terms: { site, verdict, until: add(now, hour) } };
      }
      case 8: {
        const veto = world.state().vetoes[0]?.id ?? "veto-login-1";
        return {
          person,
          kind: "lift-veto",
          subject: { type: "veto", id: veto, hash: null },
          terms: { service: "login" },
        };
      }
      default:
        return { person, kind: "declare", subject: login, terms: { move: { kind: "to", site } } };
    }
  }

  #gate(): { gate: string; code: string; figures: ReturnType<typeof sha256> } {
    const gates = this.#world.why().failover?.gates ?? [];
    const held = gates.find(({ kind, result }) => kind === "judgement" && result === "refuse");
    if (held === undefined) return { gate: "target-ready", code: "target-not-ready", figures: sha256(utf8("others")) };
    return { gate: held.gate, code: held.code ?? "", figures: sha256OfJson(asJson(held.figures)) };
  }

  #emergency(person: string): Said<"break-glass"> {
    const random = this.#random;
    const earlier = this.#grants.at(-1);
    if (earlier === undefined || random.below(4) === 0) {
      const until = add(this.#world.clock.now(), 30 * minute);
      const targets = [random.pick(["iad", "sin", "fra"])];
      const terms = { service: "login", plan: null, targets, moves: 1 + random.below(2), incident: "INC-1", until };
      this.#grants.push({ id: sha256OfJson(asJson(terms)), terms });
    }
    const { id, terms } = random.pick(this.#grants);
    return { person, kind: "break-glass", subject: { type: "break-glass", id, hash: null }, terms };
  }

  /** Something about the statement is wrong now and then, or in another capacity than one's own. */
  #spoiled({ person, kind }: Said): SayOptions {
    const random = this.#random;
    const now = this.#world.clock.now();
    const roles = this.#world.policy.people.get(person)?.roles ?? [];
    const duty: Duty | undefined = kind === "withdraw" ? "contain" : undefined;
    const common = {
      ...(duty === undefined ? {} : { duty }),
      ...(dutyless.has(kind) ? {} : { role: random.pick(roles) }),
      validForMs: random.pick([minute, 10 * minute, hour, 23 * hour]),
      // Whoever signs goes by the journal's time, which never goes back.
      notBefore: instant(Math.max(now, this.#world.seen.at(-1)?.at ?? 0)),
    };
    switch (random.below(24)) {
      case 0:
        return { ...common, key: random.pick(["ana", "gus", `${person}/2`, "nobody"]) };
      case 1:
        return { ...common, role: "service-owner" };
      case 2:
        return { ...common, notBefore: random.pick([add(now, hour), add(now, -day), instant(0)]) };
      case 3:
        return { ...common, nonce: "0".repeat(32) };
      case 4:
        return { ...common, alter: (one) => ({ ...one, installation: sha256(utf8("another")) }) };
      case 5:
        return { ...common, alter: (one) => ({ ...one, subject: { ...one.subject, hash: sha256(utf8("another")) } }) };
      case 6:
        return { ...common, alter: (one) => ({ ...one, policy: { ...one.policy, version: 9 } }) };
      case 7:
      case 8: {
        const grant = this.#grants.at(-1)?.id;
        return grant === undefined ? common : { ...common, under: grant };
      }
      case 9: {
        const [delegation] = this.#world.controller.world().authority.delegations.keys();
        return delegation === undefined ? common : { ...common, under: delegation, role: "service-owner" };
      }
      default:
        return common;
    }
  }
}

/** Acts that are signed in no duty, and so in no role. */
const dutyless: ReadonlySet<StatementKind> = new Set([
  "delegate",
  "break-glass",
  "handover",
  "take-back",
  "stop",
  "resume",
  "force-verdict",
  "enrol",
  "revoke-key",
]);
