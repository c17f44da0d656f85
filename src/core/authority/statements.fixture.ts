import type { Said, SayOptions } from "../../../test/world/signing.ts";
import { sha256OfJson } from "../../values/sha256.ts";
import { add, hour } from "../../values/time.ts";
import type { Spoken } from "../cycle/command.ts";
import { sceneOf, spokenIn, withAuthority, type Scene } from "./authority.fixture.ts";
import { readStatement } from "./read-statement.ts";
import type { Statement, StatementKind } from "./statement.ts";
import { breakGlassId } from "./terms.ts";

export const scene = withProposal(sceneOf());
const { failover, now, world } = scene;
export { now, world };
export const hash = failover.planHash;
export const until = add(now, hour);
export const plan = { type: "plan", id: "login-1", hash } as const;
export const service = { type: "service", id: "login", hash: null } as const;
export const document = sha256OfJson("version 2");
export const policy = { type: "policy", id: "2", hash: document } as const;
export const commitment = sha256OfJson("commitment");
export const figures = sha256OfJson("figures");
export const emergency = {
  service: "login",
  plan: null,
  targets: ["iad"],
  moves: 1,
  incident: "INC 7",
  until,
} satisfies Said<"break-glass">["terms"];
export const grant = breakGlassId(emergency);

function withProposal(given: Scene): Scene {
  const proposal = {
    policy: sha256OfJson("version 2"),
    version: 2,
    before: given.policy.hash,
    class: "widening",
    says: ["login: full failover becomes automatic; was: a service owner together with the identity owner."],
    proposedAt: given.now,
    notBefore: given.now,
    gainers: [],
    words: [],
    objections: [],
  } as const;
  return withAuthority(given, { proposals: new Map([[proposal.policy, proposal]]) });
}

export function say<Kind extends StatementKind>(
  kind: Kind,
  subject: Statement["subject"],
  terms: Said<Kind>["terms"],
  person = "ana",
): Said<Kind> {
  return { person, kind, subject, terms };
}

export function about(type: string, id: string): Statement["subject"] {
  return { type, id, hash: null };
}

export function read(spoken: Spoken) {
  const statement = readStatement(spoken.statement);
  if (typeof statement === "string") throw new Error(statement);
  return statement;
}

/** The approval of ana, changed before she signs it. */
export function approval(options: SayOptions = {}, said: Partial<Said<"approve">> = {}): Spoken {
  return spokenIn(scene, { ...say("approve", plan, {}), ...said }, options);
}
