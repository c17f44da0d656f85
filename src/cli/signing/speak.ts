import type { BasisResponse } from "../../api/contract/basis.ts";
import type { ReasonFile } from "../../api/contract/statement.ts";
import type { AnyStatement } from "../../core/authority/terms.ts";
import { add, duration, hour, parseInstant, minute, type Instant } from "../../values/time.ts";
import { signingMeans, type SigningMeans } from "../../wiring/signing.ts";
import type { Context, Given } from "../frame/command.ts";
import { badUsage } from "../frame/failure.ts";
import type { Act } from "./act.ts";
import { compose } from "./compose.ts";
import { capacityOf, holdersIn, signatory, type Signatory } from "./who.ts";
import { durationOf } from "./words.ts";

/** A statement that is ready to be signed, and who is to sign it. */
export interface Spoken {
  readonly statement: AnyStatement;
  readonly text: string;
  readonly reason: ReasonFile | null;
  readonly who: Signatory;
  readonly means: SigningMeans;
}

const validMs = duration(hour);
/** How far two clocks may be apart where nobody can ask the controller for its own. */
const marginMs = 5 * minute;

/** Makes the statement of an act, as typed. `fresh`: the controller was just asked for the basis. @throws PointsmanError. */
export async function speak(
  act: Act,
  given: Given,
  context: Context,
  basis: BasisResponse,
  from: "fresh" | "carried",
): Promise<Spoken> {
  const means = signingMeans({ ...context.environment });
  const now = from === "fresh" ? instantOf(basis.at) : context.terminal.now();
  const who = await signatory(given, context, holdersIn(basis.people), means);
  const file = given.value("passkey");
  const passkey = file === undefined ? null : await means.passkeyFile(file, who.person);
  const about = { given, basis, now, publicKey: who.line, keyFile: means.keyFile, passkey };
  const sentence = act.sentence(about);
  const valid = given.value("valid");
  const text = given.value("reason");
  const sealed = text === undefined || text.trim() === "" ? null : means.seal(text.trim());
  const composed = compose({
    sentence,
    basis,
    nonce: means.nonce(),
    by: { person: who.person, key: who.fingerprint },
    as: capacityOf(given, sentence.kind, sentence.duty, who.person, basis),
    incident: given.value("incident") ?? null,
    reason: sealed?.commitment ?? null,
    notBefore: from === "fresh" ? now : add(now, -marginMs),
    expires: add(now, valid === undefined ? validMs : durationOf(valid, "valid")),
  });
  return { ...composed, reason: sealed?.opening ?? null, who, means };
}

function instantOf(text: string): Instant {
  const at = parseInstant(text);
  if (at === undefined) throw badUsage("The basis has no time.", "Write a new one: pointsman statement basis");
  return at;
}
