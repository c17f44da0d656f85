import { namespaceOf, statementHash, type SignedStatement } from "../../core/authority/statement.ts";
import { readStatement } from "../../core/authority/read-statement.ts";
import { saysOf } from "../../core/authority/says.ts";
import type { AnyStatement } from "../../core/authority/terms.ts";
import { nearest } from "../../core/policy/nearest.ts";
import { PointsmanError } from "../../values/refusal.ts";
import { signingMeans } from "../../wiring/signing.ts";
import type { Command, Context, ExitCode, Given, Option } from "../frame/command.ts";
import { badUsage } from "../frame/failure.ts";
import { reasonOption } from "../remote/act.ts";
import type { Act } from "./act.ts";
import { acts } from "./acts/index.ts";
import { shownOf } from "./compose.ts";
import { readBasis, readSigned, readText, writeWhole } from "./files.ts";
import { fetchBasis } from "./governed.ts";
import { nameOf, send, sendOptions } from "./send.ts";
import { speak } from "./speak.ts";
import { acceptedWords, statementWords } from "./text.ts";
import { signatory, signingOptions, sourceOf } from "./who.ts";

const verbs: { readonly [verb: string]: (given: Given, context: Context) => Promise<ExitCode> } = {
  basis: printBasis,
  make,
  show,
  sign,
  submit,
};

/** Statements as files, to be carried by hand, mail or chat: no controller, no DNS and no console is needed to make or sign one. */
export const statement: Command = {
  name: "statement",
  summary: "make, show, sign and submit statements as files, with no controller at hand",
  usage: [
    "basis > basis.json",
    "make ACT [WORD ...] [--basis FILE] [--out FILE] > x.json",
    "show FILE [--basis FILE]",
    "sign FILE [--key FILE]",
    "submit FILE [--signature FILE] [--url URL --pin PIN|--folder DIR]",
  ],
  details: [
    "An act is a command that people sign, with its own words and options: statement make approve login-17 --as ana.",
    "The basis is what the controller knows that a statement names: fetch it once, carry it anywhere.",
    "A statement's file holds exactly what is signed; ssh-keygen signs it as well:",
    "ssh-keygen -Y sign -n approve@pointsman -f ~/.ssh/id_ed25519 x.json",
    "A reason is sealed: its opening lies beside the statement, in FILE.reason, so it needs --out.",
  ],
  options: {
    ...unionOf(acts),
    ...reasonOption,
    ...signingOptions,
    ...sendOptions,
    basis: { placeholder: "FILE", says: "what `statement basis` wrote; left out: the controller is asked" },
    out: { placeholder: "FILE", says: "where the statement goes (the output)" },
    signature: { placeholder: "FILE", says: "its signature (FILE.sig)" },
  },
  takes: { least: 1, most: 5 },
  async run(given, context) {
    const [verb = ""] = given.positionals;
    const found = verbs[verb];
    if (found !== undefined) return await found(shifted(given), context);
    throw badUsage(`There is no statement ${verb}.`, `Give one of: ${Object.keys(verbs).join(", ")}.`);
  },
};

function unionOf(all: readonly Act[]): { readonly [name: string]: Option } {
  return Object.fromEntries(all.flatMap(({ options }) => Object.entries(options)));
}

/** Without its first word. */
function shifted(given: Given): Given {
  return { ...given, positionals: given.positionals.slice(1) };
}

async function printBasis(_given: Given, context: Context): Promise<ExitCode> {
  context.terminal.print(JSON.stringify(await fetchBasis(context)));
  return 0;
}

async function make(given: Given, context: Context): Promise<ExitCode> {
  const { terminal, json } = context;
  const act = actOf(given.positionals[0]);
  const words = shifted(given);
  if (words.positionals.length < act.takes.least || words.positionals.length > act.takes.most)
    throw badUsage(
      `${act.name} takes other words.`,
      `Usage: pointsman statement make ${act.name} ${act.usage[0] ?? ""}`,
    );
  const carried = given.value("basis");
  const basis = carried === undefined ? await fetchBasis(context) : await readBasis(carried);
  const made = await speak(act, words, context, basis, carried === undefined ? "fresh" : "carried");
  const out = given.value("out");
  if (out === undefined && made.reason !== null)
    throw badUsage(
      "What opens the sealed reason needs a file.",
      "Add: --out x.json, which writes x.json.reason as well.",
    );
  if (out !== undefined) {
    await writeWhole(out, made.text);
    if (made.reason !== null) await writeWhole(`${out}.reason`, `${JSON.stringify(made.reason)}\n`);
  }
  if (json)
    terminal.print(
      JSON.stringify({
        v: 1,
        statement: made.text,
        hash: statementHash({ statement: made.text }),
        reason: made.reason,
      }),
    );
  else {
    if (out === undefined) terminal.write(made.text);
    terminal.note(statementWords(made.statement, made.text, terminal.paint));
    if (made.who.source === null) terminal.note("Sign it on the controller's page for passkeys.");
    else
      terminal.note(
        `Sign it with: ssh-keygen -Y sign -n ${namespaceOf(made.statement.kind)} -f KEY ${out ?? "x.json"}`,
      );
  }
  return 0;
}

function actOf(name: string | undefined): Act {
  const found = acts.find((act) => act.name === name || act.name === alias.get(name ?? ""));
  if (found !== undefined) return found;
  const names = acts.map((act) => act.name);
  const near = name === undefined ? undefined : nearest(name, names);
  throw badUsage(
    name === undefined ? "Say which act." : `There is no act ${name}.`,
    near === undefined ? `Give one of: ${names.join(", ")}.` : `Did you mean ${near}?`,
  );
}

/** Kinds of statements whose command has another name. */
const alias: ReadonlyMap<string, string> = new Map([["declare", "move"]]);

async function show(given: Given, context: Context): Promise<ExitCode> {
  const { terminal, json } = context;
  const text = await statementText(given);
  const read = understood(text);
  const basis = given.value("basis");
  const rendered = saysOf(read, basis === undefined ? {} : shownOf(read, await readBasis(basis)));
  const same =
    rendered !== undefined &&
    rendered.length === read.says.length &&
    rendered.every((line, at) => line === read.says[at]);
  const rendering = rendered === undefined ? "not rendered" : same ? "the same" : "differs";
  if (json)
    terminal.print(JSON.stringify({ v: 1, statement: read, hash: statementHash({ statement: text }), rendering }));
  else {
    terminal.print(statementWords(read, text, terminal.paint));
    terminal.print(renderings[rendering]);
  }
  return rendering === "differs" ? 1 : 0;
}

const renderings = {
  "the same": "This machine renders the same words from what is signed.",
  differs: "WARNING: this machine renders other words from what is signed. Do not sign it.",
  "not rendered":
    "The words are the maker's: give --basis FILE, which has what they are about, to have them rendered here.",
} as const;

/** The statement in a file of either form. */
async function statementText(given: Given): Promise<string> {
  const file = given.positionals[0];
  if (file === undefined) throw badUsage("Say which file.", "For example: pointsman statement show x.json");
  const text = await readText(file);
  if (!file.endsWith(".statement")) return text;
  return (await readSigned(file, undefined, () => undefined)).statement;
}

/** @throws PointsmanError `statement-...` where it is none. */
function understood(text: string): AnyStatement {
  const read = readStatement(text);
  if (typeof read !== "string") return read;
  throw new PointsmanError({
    code: read,
    says: "The file holds no statement: it is not the canonical JSON that pointsman statement make writes.",
    figures: {},
    mend: "Carry the file as it is: an editor or a mail program may have changed it.",
  });
}

async function sign(given: Given, context: Context): Promise<ExitCode> {
  const { terminal, json } = context;
  const text = await statementText(given);
  const read = understood(text);
  const means = signingMeans({ ...context.environment });
  // Whoever made the statement named the key: it must be the one that signs.
  const holder = (fingerprint: string): string | undefined =>
    fingerprint === read.by.key ? read.by.person : undefined;
  const who = await signatory({ ...given, value: keyAlone(given) }, context, holder, means);
  if (who.fingerprint !== read.by.key)
    throw badUsage(
      `The statement names the key ${read.by.key}, and this is ${who.fingerprint}.`,
      "Give the other with --key FILE.",
    );
  if (!json) terminal.note(statementWords(read, text, terminal.paint));
  const signature = await means.sign(text, namespaceOf(read.kind), sourceOf(who));
  const file = `${given.positionals[0] ?? ""}.sig`;
  await writeWhole(file, means.writeSignature(signature));
  terminal.print(json ? JSON.stringify({ v: 1, signature: file }) : `Wrote ${file}`);
  return 0;
}

/** Who signs stands in the statement, and nothing that is typed changes it. */
function keyAlone(given: Given): Given["value"] {
  return (option) => (option === "as" ? undefined : given.value(option));
}

async function submit(given: Given, context: Context): Promise<ExitCode> {
  const { terminal, json } = context;
  const [file] = given.positionals;
  if (file === undefined) throw badUsage("Say which file.", "For example: pointsman statement submit x.json");
  const means = signingMeans({ ...context.environment });
  const signed = await readSigned(file, given.value("signature"), means.readSignature);
  const answer = await send(given, context, signed);
  const left: SignedStatement = { statement: signed.statement, proof: signed.proof };
  if (answer === null)
    terminal.print(
      json
        ? JSON.stringify({ v: 1, statement: statementHash(left), folder: given.value("folder") })
        : `Put into the folder. Its result will be ${nameOf(signed)}.result.json there.`,
    );
  else terminal.print(json ? JSON.stringify(answer) : acceptedWords(answer, terminal.paint));
  return 0;
}
