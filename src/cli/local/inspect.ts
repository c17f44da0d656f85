import { writeFile } from "node:fs/promises";
import { nameFromText } from "../../dns/wire/name.ts";
import { createLook, type Look } from "../../wiring/look.ts";
import { surveyZone } from "../../wiring/zone-look.ts";
import type { Command, Context, Given } from "../frame/command.ts";
import { badUsage } from "../frame/failure.ts";
import { lookGiven, lookOptions } from "./look-options.ts";
import { readName, readType } from "./inspect/asked.ts";
import { expiries } from "./inspect/expiry.ts";
import { findingsOf } from "./inspect/findings.ts";
import { judge, type Inspection, type Judgement } from "./inspect/inspection.ts";
import { pageFile } from "./inspect/picture/page.ts";
import { svgFile } from "./inspect/picture/svg.ts";
import { isAbove } from "./inspect/story.ts";
import { inspectionText } from "./inspect/text/inspection-text.ts";
import { strokesFor } from "./inspect/text/strokes.ts";

const exitCodes: { readonly [Each in Judgement]: number } = { holds: 0, fails: 1, unreachable: 3 };

export const inspect: Command = {
  name: "inspect",
  summary: "show the chain of trust of a name, its nameservers, what is wrong and what mends it",
  usage: ["NAME [TYPE] [--expect insecure]", "NAME [TYPE] --html FILE.html"],
  details: [
    "Needs no controller and no policy. It asks the nameservers themselves, from the root down, and validates every answer.",
    "Exit code 0 when the answer is secure (or as expected) at every nameserver that answers, 1 when it is not, 3 when",
    "nobody answers.",
  ],
  options: {
    ...lookOptions,
    expect: { placeholder: "VERDICT", says: "secure (when left out) or insecure: what is no fault" },
    html: { placeholder: "FILE", says: "write a page as well, or a picture alone when FILE ends in .svg" },
  },
  takes: { least: 1, most: 2 },
  async run(given, context) {
    const { terminal, json } = context;
    const question = { name: readName(given.positionals[0] ?? ""), type: readType(given.positionals[1] ?? "A") };
    const expect = readExpect(given);
    const look = await createLook(lookGiven(given));
    const inspection = await terminal.waiting(
      `Following the chain of trust of ${given.positionals[0] ?? ""}`,
      inspectName(look, { question, expect }, context),
    );
    const file = given.value("html");
    if (file !== undefined) await writePicture(file, inspection);
    if (json) terminal.print(JSON.stringify(asJson(inspection)));
    else {
      const canvas = { paint: terminal.paint, strokes: strokesFor(context.environment), columns: terminal.columns };
      terminal.print(inspectionText(inspection, canvas));
      if (file !== undefined) terminal.note(`Wrote ${file}`);
    }
    return exitCodes[judge(inspection)];
  },
};

interface Sought {
  readonly question: { readonly name: ReturnType<typeof readName>; readonly type: number };
  readonly expect: Inspection["expect"];
}

async function inspectName(look: Look, { question, expect }: Sought, { terminal }: Context): Promise<Inspection> {
  const at = terminal.now();
  const validation = await look.validator.resolve(question, at, terminal.interrupted);
  const zone = nameFromText(validation.chain.findLast((link) => isAbove(link.zone, validation.name))?.zone ?? "");
  // Behind a resolver the nameservers may be out of reach, and are not what its user asks.
  const survey =
    look.through === "resolver" || zone === undefined
      ? null
      : await surveyZone(look, zone, question, terminal.interrupted);
  return { at, expect, asked: look.asked, validation, survey };
}

function readExpect(given: Given): Inspection["expect"] {
  const text = given.value("expect") ?? "secure";
  if (text === "secure" || text === "insecure") return text;
  throw badUsage(`"${text}" is nothing that can be expected.`, "Give --expect secure or --expect insecure.");
}

async function writePicture(file: string, inspection: Inspection): Promise<void> {
  try {
    await writeFile(file, file.endsWith(".svg") ? svgFile(inspection) : pageFile(inspection));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw badUsage(`${file} cannot be written (${code}).`, "Give a file in a folder that this user may write.");
  }
}

function asJson(inspection: Inspection): object {
  return {
    v: 1,
    judgement: judge(inspection),
    ...inspection,
    findings: findingsOf(inspection),
    expiries: expiries(inspection),
  };
}
