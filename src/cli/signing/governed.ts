import { basisResponse, type BasisResponse } from "../../api/contract/basis.ts";
import { paths } from "../../api/contract/common.ts";
import { namespaceOf } from "../../core/authority/statement.ts";
import { PointsmanError } from "../../values/refusal.ts";
import type { Command, Context, ExitCode, Given } from "../frame/command.ts";
import { badUsage } from "../frame/failure.ts";
import { ask } from "../remote/client.ts";
import { reasonOption } from "../remote/act.ts";
import type { Act } from "./act.ts";
import { send } from "./send.ts";
import { speak } from "./speak.ts";
import { acceptedWords, statementWords } from "./text.ts";
import { signingOptions, sourceOf } from "./who.ts";

/** What the controller knows that a statement names. @throws PointsmanError as `ask` does. */
export async function fetchBasis(context: Context): Promise<BasisResponse> {
  return await ask(context, { method: "GET", path: paths.basis }, basisResponse);
}

/**
 * The command of an act. In a signed installation it shows exactly what is signed, signs it, and submits it. In an unsigned
 * trial the local user acts, where the trial has that act: `trial`.
 */
export function governed(act: Act, trial?: Command): Command {
  const words = trial?.options ?? {};
  return {
    name: act.name,
    summary: trial?.summary ?? act.summary,
    usage: [...new Set([...act.usage, ...(trial?.usage ?? [])])],
    details: [
      ...new Set([...(trial?.details ?? []), ...act.details]),
      trial === undefined
        ? "It is always signed: shown in words, then by ssh-agent, a key's file or a hardware key."
        : "Where the installation is signed: shown in words, then signed by ssh-agent, a key's file or a hardware key.",
    ],
    options: {
      ...words,
      ...reasonOption,
      ...signingOptions,
      plan: { placeholder: "HASH", says: "the plan that you mean, by 8 digits of its hash or more" },
      yes: { says: "without asking" },
      ...act.options,
    },
    takes: {
      least: Math.min(act.takes.least, trial?.takes.least ?? act.takes.least),
      most: Math.max(act.takes.most, trial?.takes.most ?? act.takes.most),
    },
    async run(given, context) {
      const basis = await fetchBasis(context);
      if (basis.mode === "unsigned" && trial !== undefined && !signs(given)) return await trial.run(given, context);
      return await signAndSend(act, given, context, basis);
    },
  };
}

/** Somebody who names their key means to sign, in a trial too. */
function signs(given: Given): boolean {
  return ["key", "as", "role", "under"].some((option) => given.value(option) !== undefined);
}

async function signAndSend(act: Act, given: Given, context: Context, basis: BasisResponse): Promise<ExitCode> {
  const { terminal, json } = context;
  const { statement, text, reason, who, means } = await speak(act, given, context, basis, "fresh");
  const { hash } = statement.subject;
  if (!json) terminal.note(statementWords(statement, text, terminal.paint));
  await consent(given, context, act, hash);
  const signature = await means.sign(text, namespaceOf(statement.kind), sourceOf(who));
  const signed = { statement: text, proof: { method: "sshsig", signature }, reason } as const;
  const answer = await send(given, context, signed);
  if (answer === null) return 0;
  terminal.print(json ? JSON.stringify(answer) : acceptedWords(answer, terminal.paint));
  return 0;
}

/** @throws PointsmanError unless the user says yes, now or as typed. */
async function consent(given: Given, { terminal, json }: Context, act: Act, hash: string | null): Promise<void> {
  const plan = "plan" in act.options ? undefined : given.value("plan")?.toLowerCase();
  if (plan !== undefined && hash !== null) {
    if (!/^[0-9a-f]{8,64}$/.test(plan))
      throw badUsage("--plan takes 8 to 64 hexadecimal digits.", "See: pointsman status");
    if (hash.startsWith(plan)) return;
    throw new PointsmanError({
      code: "other-plan",
      says: `The open plan is ${hash.slice(0, 12)}, not ${plan.slice(0, 12)}. Nothing was signed.`,
      figures: { open: hash, asked: plan },
      mend: "Look at it with: pointsman why SERVICE, then sign it anew.",
    });
  }
  if (given.flag("yes")) return;
  if (!terminal.interactive || json)
    throw badUsage("Nobody can be asked here.", "Add --yes, or for a plan --plan and 8 digits of its hash or more.");
  if (await terminal.confirm("Sign this?")) return;
  throw new PointsmanError({
    code: "not-signed",
    says: "Nothing was signed, and nothing sent.",
    figures: {},
    mend: "Run it again when it is what you mean.",
  });
}
