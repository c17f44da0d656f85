import { badUsage } from "../../frame/failure.ts";
import type { Given } from "../../frame/command.ts";
import type { About, Act, Sentence } from "../act.ts";
import { fromOf, needed, plainSubject, untilOf, word } from "../words.ts";

const onService = { takes: { least: 1, most: 1 }, details: [], options: {} } as const;
const verdicts = ["up", "down", "unknown"] as const;
const changes = ["rollover", "delegation", "migration", "unsigning"] as const;

function simple(name: "handover" | "take-back", summary: string, details: Act["details"]): Act {
  return {
    ...onService,
    name,
    usage: ["SERVICE [--reason TEXT]"],
    summary,
    details,
    sentence: ({ given }): Sentence => ({
      kind: name,
      subject: plainSubject("service", word(given, 0, "service")),
      terms: {},
    }),
  };
}

function stopAct(name: "stop" | "resume", summary: string): Act {
  return {
    ...onService,
    name,
    takes: { least: 0, most: 1 },
    usage: [
      "SERVICE [--reason TEXT]",
      "--all [--reason TEXT]",
      ...(name === "resume" ? ["--dispute [--reason TEXT]"] : []),
    ],
    summary,
    options: {
      all: { says: "all services" },
      ...(name === "resume" ? { dispute: { says: "the log is whole, though a statement disputes it" } } : {}),
    },
    sentence: ({ given, basis }) => ({ kind: name, subject: stopped(given, basis), terms: {} }),
  };
}

function stopped(given: Given, basis: About["basis"]): Sentence["subject"] {
  const [service] = given.positionals;
  const ways = [service !== undefined, given.flag("all"), given.flag("dispute")].filter(Boolean).length;
  if (ways !== 1)
    throw badUsage(
      "Say which: one SERVICE, --all, or to resume, --dispute.",
      "See the services with: pointsman status",
    );
  if (service !== undefined) return plainSubject("service", service);
  if (given.flag("all")) return plainSubject("installation", basis.installation);
  if (basis.dispute === null) throw badUsage("No statement disputes the log.", "See: pointsman status");
  return plainSubject("dispute", basis.dispute);
}

/** What is said of a service, a record or a zone. */
export const serviceActs: readonly Act[] = [
  {
    ...onService,
    name: "move",
    usage: ["SERVICE --to|--drain|--add SITE --reason TEXT"],
    summary: "propose a move",
    options: {
      to: { placeholder: "SITE", says: "let SITE alone serve" },
      drain: { placeholder: "SITE", says: "take SITE out; the other active sites stay" },
      add: { placeholder: "SITE", says: "let SITE serve as well" },
    },
    sentence: ({ given }) => ({
      kind: "declare",
      subject: plainSubject("service", word(given, 0, "service")),
      terms: { move: moveOf(given) },
    }),
  },
  {
    ...onService,
    name: "rollback",
    usage: ["SERVICE [--reason TEXT]"],
    summary: "propose to undo the last move of a service",
    sentence: ({ given }) => ({
      kind: "declare",
      subject: plainSubject("service", word(given, 0, "service")),
      terms: { move: { kind: "rollback" } },
      duty: "reverse",
    }),
  },
  {
    ...onService,
    name: "contain",
    usage: ["SERVICE --site SITE [--to SITE] [--reason TEXT]"],
    summary: "take a site out that is up and compromised, and bar it until a named person clears it",
    options: {
      site: { placeholder: "SITE", says: "the site that is compromised" },
      to: { placeholder: "SITE", says: "what serves instead" },
    },
    sentence: ({ given }) => ({
      kind: "contain",
      subject: plainSubject("service", word(given, 0, "service")),
      terms: { site: needed(given, "site", "fra"), to: given.value("to") ?? null },
    }),
  },
  simple("handover", "take a service into your own hands: Pointsman does nothing for it", [
    "Prints what Pointsman holds unsafe and the exact manual steps, and records who took it.",
  ]),
  simple("take-back", "give a service back to Pointsman, which reads the world anew", []),
  stopAct("stop", "stop at once, before the next write; a restart does not undo it"),
  stopAct("resume", "end a stop, a suspension of automation, or a dispute over the log"),
  {
    ...onService,
    name: "force-verdict",
    takes: { least: 3, most: 3 },
    usage: [`SERVICE SITE ${verdicts.join("|")} --for DURATION [--reason TEXT]`],
    summary: "set a verdict beside the judged one; automation holds still meanwhile",
    options: { for: { placeholder: "DURATION", says: "how long; 8h at most" } },
    sentence: ({ given, now }) => {
      const verdict = verdicts.find((one) => one === given.positionals[2]);
      if (verdict === undefined)
        throw badUsage("A verdict is up, down or unknown.", "Give one of them as the third word.");
      const terms = { site: word(given, 1, "site"), verdict, until: untilOf(given, now) };
      return { kind: "force-verdict", subject: plainSubject("service", word(given, 0, "service")), terms };
    },
  },
  {
    ...onService,
    name: "adopt",
    usage: ["SERVICE/RECORD --reason TEXT"],
    summary: "make what now stands in DNS the baseline of a record",
    sentence: ({ given }) => {
      const id = word(given, 0, "record");
      const [service, record, ...more] = id.split("/");
      if (service === undefined || record === undefined || more.length > 0)
        throw badUsage(`${id} is no record's id.`, "Give SERVICE/RECORD, such as login/v4.");
      return { kind: "adopt", subject: plainSubject("record", id), terms: { service, record } };
    },
  },
  {
    ...onService,
    name: "announce",
    takes: { least: 0, most: 1 },
    usage: [`ZONE --kind ${changes.join("|")} --for DURATION [--from TIME] --reason TEXT`, "--withdraw ID"],
    summary: "foretell a change that others make to a zone, so that it raises no alarm",
    options: {
      kind: { placeholder: "KIND", says: changes.join(", ") },
      for: { placeholder: "DURATION", says: "how long the window is open, such as 90m or 1d" },
      from: { placeholder: "TIME", says: "when it opens, such as 2026-11-22T03:00:00Z (now)" },
      withdraw: { placeholder: "ID", says: "end this announcement" },
    },
    sentence: announcement,
  },
];

function moveOf(given: Given): Extract<Sentence, { kind: "declare" }>["terms"]["move"] {
  const [move, ...others] = (["to", "drain", "add"] as const).flatMap((kind) => {
    const site = given.value(kind);
    return site === undefined ? [] : [{ kind, site }];
  });
  if (move === undefined || others.length > 0)
    throw badUsage("Say which move: one of --to, --drain and --add.", "For example: --to SITE");
  return move;
}

function announcement({ given, now }: About): Sentence {
  const withdrawn = given.value("withdraw");
  if (withdrawn !== undefined)
    return { kind: "withdraw", subject: plainSubject("announcement", withdrawn), terms: { service: null } };
  const change = changes.find((one) => one === given.value("kind"));
  if (change === undefined) throw badUsage("Say what will change.", `Give --kind ${changes.join("|")}.`);
  const zone = `${word(given, 0, "zone").toLowerCase().replace(/\.$/, "")}.`;
  const from = fromOf(given, now);
  return {
    kind: "announce",
    subject: plainSubject("zone", zone),
    terms: { view: "public", change, from, until: untilOf(given, from) },
  };
}
