import { paths, version } from "../../api/contract/common.ts";
import { handInResponse, policyResponse, type PolicyResponse, type ProposalView } from "../../api/contract/policy.ts";
import { meaningOf } from "../../core/policy/difference/index.ts";
import type { Policy } from "../../core/policy/policy.ts";
import { asJson, canonicalJson } from "../../values/json.ts";
import { mustFitSettings, policyIn } from "../../wiring/offline.ts";
import type { Command, Context, ExitCode, Given } from "../frame/command.ts";
import { badUsage } from "../frame/failure.ts";
import { replay, replayOptions } from "../local/replay.ts";
import { ask } from "../remote/client.ts";

/** `pointsman policy`: what a policy would change, who must sign it, and what became of it. Signing is the acts' own. */
export function policyCommand(signing: {
  readonly adopt: Command;
  readonly object: Command;
  readonly withdraw: Command;
}): Command {
  const { adopt, object, withdraw } = signing;
  return {
    name: "policy",
    summary: "see what a policy would change, propose it, and follow it until it is adopted",
    usage: [
      "status [--json]",
      "diff FILE [--json]",
      "propose FILE [--as PERSON --key FILE]",
      "object HASH [--reason TEXT]",
      "withdraw HASH [--reason TEXT]",
      "replay FILE [--from TIME] [--to TIME] [--json]",
    ],
    details: [
      "diff shows the meaning of the difference from the policy in force, not the lines; exit code 1 when it widens.",
      "propose hands the file in, shows what it means and who must sign, then signs it; the others sign with adopt-policy HASH.",
      "One objection of anybody enrolled stops a policy that widens what may happen, while it waits.",
      "replay shows what the policy of the file would have done on the recorded history; it reads the journal, and changes nothing.",
    ],
    options: { ...adopt.options, ...object.options, ...replayOptions },
    takes: { least: 1, most: 2 },
    async run(given, context) {
      const [what, subject] = given.positionals;
      if (what === "status" && subject === undefined) return await status(context);
      if (subject === undefined)
        throw badUsage(`policy ${what ?? ""} needs a file or a hash.`, "See: pointsman policy --help");
      switch (what) {
        case "diff":
          return await diff(subject, context);
        case "propose":
          return await propose(subject, given, context, adopt);
        case "object":
          return await object.run(as(given, [subject]), context);
        case "withdraw":
          return await withdraw.run(as(given, [], { policy: subject }), context);
        case "replay":
          return await replay(subject, given, context);
        case undefined:
        default:
          throw badUsage(`policy ${what ?? ""} is nothing that there is.`, "See: pointsman policy --help");
      }
    },
  };
}

/** The same words for another command. */
function as(given: Given, positionals: readonly string[], options: { readonly [name: string]: string } = {}): Given {
  return { ...given, positionals, value: (option) => options[option] ?? given.value(option) };
}

async function inForce(context: Context): Promise<PolicyResponse> {
  return await ask(context, { method: "GET", path: paths.policy }, policyResponse);
}

async function status(context: Context): Promise<ExitCode> {
  const answer = await inForce(context);
  const { terminal, json } = context;
  if (json) {
    terminal.print(JSON.stringify(answer));
    return 0;
  }
  const { mode, hash, file, proposals } = answer;
  terminal.print(`Version ${answer.version} is in force (${mode}): ${hash}`);
  if (file !== null) terminal.print(`The file of the controller's machine is version ${file.version}: ${file.hash}`);
  for (const proposal of proposals) terminal.print(proposalText(proposal));
  if (proposals.length === 0) terminal.print("Nothing is proposed.");
  return 0;
}

async function diff(file: string, context: Context): Promise<ExitCode> {
  const { policy } = await policyIn(file);
  const before = await inForce(context);
  const meaning = meaningOf(before.document["policy"] ?? null, policy.document);
  const differences = meaning.differences.filter(({ path: [top] }) => top !== "version" && top !== "follows");
  const { terminal, json } = context;
  if (json)
    terminal.print(
      JSON.stringify({ v: version, before: before.hash, after: policy.hash, class: meaning.class, differences }),
    );
  else {
    terminal.print(`${file} beside version ${before.version} in force: ${meaning.class}.`);
    for (const { class: kind, says } of differences) terminal.print(`  ${kind}: ${says}`);
    for (const line of unfit(policy, before)) terminal.print(line);
  }
  return meaning.class === "widening" ? 1 : 0;
}

/** What would be refused when it is proposed. */
function unfit(policy: Policy, before: PolicyResponse): readonly string[] {
  return [
    ...(policy.version === before.version + 1 ? [] : [`To propose it, write version: ${before.version + 1}`]),
    ...(policy.follows === before.hash ? [] : [`To propose it, write follows: ${before.hash}`]),
  ];
}

async function propose(file: string, given: Given, context: Context, adopt: Command): Promise<ExitCode> {
  const { document, policy } = await policyIn(file);
  if ((await mustFitSettings(context.settingsFile, policy)) === "unknown")
    context.terminal.note(
      `${context.settingsFile} cannot be read here: whether the controller's settings fit was not checked.`,
    );
  const body = { v: version, document: canonicalJson(asJson(document)) };
  const { proposal } = await ask(context, { method: "POST", path: paths.policy, body }, handInResponse);
  if (!context.json) context.terminal.note(proposalText(proposal));
  return await adopt.run(as(given, [proposal.policy]), context);
}

function proposalText(proposal: ProposalView): string {
  const { policy, class: kind, says, notBefore, gainers, signed, objections, lacking } = proposal;
  const who = signed.map(({ person, duty, role }) => `${person} (${duty}, as ${role})`);
  return [
    `Version ${proposal.version} is proposed, ${kind}: ${policy}`,
    ...says.map((line) => `  ${line}`),
    ...(gainers.length === 0 ? [] : [`  It gives more to ${gainers.join(", ")}: their signatures do not count.`]),
    ...(who.length === 0 ? [] : [`  Signed by ${who.join(", ")}.`]),
    ...(objections.length === 0 ? [] : [`  Objected to by ${objections.join(", ")}.`]),
    ...lacking.map((line) => `  ${line}`),
    ...(kind === "widening" ? [`  It waits until ${notBefore}; one objection stops it.`] : []),
  ].join("\n");
}
