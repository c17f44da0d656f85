import type { Said, SayOptions } from "../../../test/world/signing.ts";
import { sha256OfJson } from "../../values/sha256.ts";
import type { Instant } from "../../values/time.ts";
import type { Facts } from "../cycle/facts.ts";
import type { Failover } from "../failover/state.ts";
import type { Duty, Policy } from "../policy/policy.ts";
import { admit } from "./admit.ts";
import { sceneOf, spokenIn, type Scene } from "./authority.fixture.ts";
import { missingDuties, wordFor } from "./duties.ts";

type PlanWord = "validate" | "approve" | "execute" | "reverse";

/** A table around one plan: people sign one after the other, at the scene's time. */
export class Table {
  scene: Scene;
  #signed = 0;

  constructor(scene = sceneOf()) {
    this.scene = scene;
    this.sign("dan", "declare");
  }

  /** The code of the refusal, or null; a word that is given is kept. */
  sign(person: string, duty: PlanWord | "declare", options: SayOptions = {}): string | null {
    const { failover, world, policy, now } = this.scene;
    this.#signed += 1;
    const nonce = sha256OfJson(String(this.#signed)).slice(0, 32);
    const plan = { type: "plan", id: failover.id, hash: failover.planHash };
    const said: Said =
      duty === "declare"
        ? {
            person,
            kind: duty,
            subject: { type: "service", id: "login", hash: null },
            terms: { move: { kind: "to", site: "iad" } },
          }
        : { person, kind: duty, subject: plan, terms: {} };
    const admission = admit(world, spokenIn(this.scene, said, { nonce, ...options }), now);
    if (!admission.ok) return admission.refusal.code;
    const given = wordFor({ world, policy, failover, now }, duty, admission);
    if (!given.ok) return given.refusal.code;
    this.scene = { ...this.scene, failover: { ...failover, words: [...failover.words, given.word] } };
    return null;
  }

  /** What is missing, as `duty role`. */
  missing(now: Instant = this.scene.now, facts?: Pick<Facts, "health">): readonly string[] {
    const about = { ...this.scene, now };
    return missingDuties(facts === undefined ? about : { ...about, facts }).map(({ duty, role, because }) =>
      [duty, role ?? because ?? "any"].join(" "),
    );
  }

  people(duty: Duty): readonly string[] {
    return missingDuties(this.scene).find((one) => one.duty === duty)?.people ?? [];
  }

  with(change: (scene: Scene) => Scene): this {
    this.scene = change(this.scene);
    return this;
  }

  in(change: Partial<Failover["plan"]>): this {
    const { failover } = this.scene;
    return this.with((scene) => ({ ...scene, failover: { ...failover, plan: { ...failover.plan, ...change } } }));
  }
}

export function inPolicy(scene: Scene, change: Partial<Policy>): Scene {
  const policy = { ...scene.policy, ...change };
  return { ...scene, policy, world: { ...scene.world, policy } };
}
