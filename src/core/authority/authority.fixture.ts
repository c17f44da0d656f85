import { fingerprint, keyOf, makeStatement, team, type Said, type SayOptions } from "../../../test/world/signing.ts";
import type { PolicyOptions } from "../../../test/world/policy.ts";
import { invariant } from "../../values/invariant.ts";
import { sha256OfJson } from "../../values/sha256.ts";
import type { Instant } from "../../values/time.ts";
import { Desk } from "../core.fixture.ts";
import type { Spoken } from "../cycle/command.ts";
import type { World } from "../cycle/world.ts";
import type { Failover } from "../failover/state.ts";
import type { Policy } from "../policy/policy.ts";
import type { EnrolledKey } from "./keys.ts";
import { initialAuthority, type AuthorityState } from "./state.ts";
import type { StatementKind } from "./statement.ts";

/** A signed installation with an open failover of `login` to iad, and nothing that changes by itself. */
export interface Scene {
  readonly world: World;
  readonly policy: Policy;
  readonly failover: Failover;
  readonly now: Instant;
}

/** Everybody is enrolled with their first key; dan's move to iad is proposed. */
export function sceneOf(options: PolicyOptions = team): Scene {
  const desk = new Desk(options);
  desk.ask({ kind: "declare", move: { kind: "to", site: "iad" } });
  const { now, policy } = desk;
  invariant(desk.state.failover !== null, "the move is proposed");
  const by = { kind: "person", id: "dan", method: "statement" } as const;
  const failover: Failover = { ...desk.state.failover, by };
  const keys = new Map([...policy.people.keys()].map((person) => [fingerprint(person), enrolled(person, now)]));
  const authority = { ...initialAuthority, mode: "signed", keys } as const;
  const services = new Map([["login", { ...desk.state, failover }]]);
  return { world: { ...desk.world, authority, services }, policy, failover, now };
}

export function enrolled(person: string, at: Instant, revokedAt: Instant | null = null): EnrolledKey {
  const key = { method: "sshsig", line: keyOf(person) } as const;
  return { fingerprint: fingerprint(person), person, key, statement: sha256OfJson(person), at, revokedAt };
}

export function withAuthority(scene: Scene, change: Partial<AuthorityState>): Scene {
  return { ...scene, world: { ...scene.world, authority: { ...scene.world.authority, ...change } } };
}

/** What a person's machine makes in a scene, as a command would carry it. */
export function spokenIn<Kind extends StatementKind>(
  { world, now }: Scene,
  said: Said<Kind>,
  options: SayOptions = {},
): Spoken {
  const nonce = sha256OfJson(`${said.person} ${said.kind} ${said.subject.id}`).slice(0, 32);
  return { ...makeStatement(world, said, nonce, now, options), head: options.head ?? "contained" };
}
