import { breakGlassId } from "../../../core/authority/terms.ts";
import { fingerprintOfKey } from "../../../core/authority/keys.ts";
import { serviceOfFailover } from "../../../core/authority/subjects.ts";
import { asSha256 } from "../../../values/sha256.ts";
import { duration, minute, add, parseInstant } from "../../../values/time.ts";
import { badUsage } from "../../frame/failure.ts";
import type { About, Act, Sentence } from "../act.ts";
import { durationOf, failoverOf, fromOf, hashOf, needed, plainSubject, planSubject, untilOf, word } from "../words.ts";

const duties = ["declare", "validate", "approve", "execute", "reverse", "veto", "waive", "contain", "adopt"] as const;
const one = { takes: { least: 1, most: 1 }, details: [], options: {} } as const;

/** An act whose subject is named by one word, and that needs nothing else. */
function named(
  name: "close-review" | "credential-rotated" | "revoke-key",
  [type, placeholder]: readonly [string, string],
  summary: string,
): Act {
  return {
    ...one,
    name,
    usage: [`${placeholder} [--reason TEXT]`],
    summary,
    sentence: ({ given }): Sentence => ({ kind: name, subject: plainSubject(type, word(given, 0, type)), terms: {} }),
  };
}

/** What is said of people, keys, authority that is lent, and reviews. */
export const peopleActs: readonly Act[] = [
  {
    ...one,
    name: "enrol",
    takes: { least: 0, most: 1 },
    usage: ["[PERSON] [--new-key FILE|--passkey FILE]"],
    summary: "make a key yours; signed with that key, or with one of yours that is enrolled",
    details: ["Once everybody of the policy is enrolled the installation is signed, for good."],
    options: {
      "new-key": { placeholder: "FILE", says: "the public key to enrol (the one that signs)", repeats: true },
      passkey: { placeholder: "FILE", says: "the passkey to enrol, as the controller's page gave it" },
    },
    sentence: ({ given, publicKey, keyFile, passkey }) => {
      const [file] = given.values("new-key");
      const key = passkey ?? (file === undefined ? publicKey : keyFile(file));
      return { kind: "enrol", subject: plainSubject("key", fingerprintOfKey(key) ?? ""), terms: { key } };
    },
  },
  named("revoke-key", ["key", "FINGERPRINT"], "end a key at once: the holder, or two others"),
  {
    ...one,
    name: "delegate",
    usage: ["PERSON --duty DUTY ... [--service SERVICE ...] --for DURATION [--from TIME] [--reason TEXT]"],
    summary: "lend authority over duties for some hours",
    details: ["8 hours at most. It ends by itself, and cannot be renewed by whoever holds it, nor handed on."],
    options: {
      duty: { placeholder: "DUTY", says: duties.join(", "), repeats: true },
      service: { placeholder: "SERVICE", says: "for this service alone (all)", repeats: true },
      for: { placeholder: "DURATION", says: "how long, 8h at most" },
      from: { placeholder: "TIME", says: "from when on (now)" },
    },
    sentence: ({ given, now }) => {
      const asked = given.values("duty").map((text) => {
        const duty = duties.find((known) => known === text);
        if (duty === undefined) throw badUsage(`There is no duty ${text}.`, `Give one of: ${duties.join(", ")}.`);
        return duty;
      });
      if (asked.length === 0) throw badUsage("Say which duties.", "For example: --duty approve");
      const services = [...given.values("service")];
      const from = fromOf(given, now);
      return {
        kind: "delegate",
        subject: plainSubject("person", word(given, 0, "person")),
        terms: { duties: asked, services: services.length === 0 ? "all" : services, from, until: untilOf(given, from) },
      };
    },
  },
  {
    ...one,
    name: "break-glass",
    takes: { least: 0, most: 1 },
    usage: [
      "SERVICE --target SITE ... --incident REFERENCE [--plan FAILOVER] [--moves 1|2] [--for DURATION] --reason TEXT",
      "--sign REQUEST [--reason TEXT]",
    ],
    summary: "ask for emergency authority, or sign what somebody asked for",
    details: [
      "It changes who decides, and never what is checked. Compare the four words over the telephone before you sign.",
      "A review opens with it, and stays on every status until somebody who took no part closes it.",
    ],
    options: {
      target: { placeholder: "SITE", says: "where it may move to", repeats: true },
      plan: { placeholder: "FAILOVER", says: "bind the plan of this open failover and no other" },
      moves: { placeholder: "NUMBER", says: "moves at most: 1 (when left out) or 2" },
      for: { placeholder: "DURATION", says: "how long, 60m at most (60m)" },
      sign: { placeholder: "REQUEST", says: "sign this request, with the terms that it has" },
    },
    sentence: breakGlass,
  },
  {
    ...one,
    name: "recover",
    usage: ["PERSON --new-key FILE ... [--reason TEXT]"],
    summary: "replace a person's lost keys, signed with offline recovery keys",
    details: [
      "Takes effect after a wait, with notice to all: one objection doubles it, two stop it. --as is recovery.",
    ],
    options: { "new-key": { placeholder: "FILE", says: "a public key of the person", repeats: true } },
    sentence: ({ given, keyFile }) => {
      const keys = given.values("new-key").map((file) => keyFile(file));
      if (keys.length === 0) throw badUsage("Say which keys are theirs.", "For example: --new-key ana.pub");
      return { kind: "recover", subject: plainSubject("person", word(given, 0, "person")), terms: { keys } };
    },
  },
  named("close-review", ["review", "REVIEW"], "close a review of something that you took no part in"),
  {
    ...one,
    name: "path-done",
    usage: ["ATTEMPT [--reason TEXT]"],
    summary: "say that a change by hand was made, so that it is read back",
    sentence: ({ given }) => {
      const attempt = word(given, 0, "attempt");
      const service = serviceOfFailover(attempt.split("/")[0] ?? "");
      if (service === undefined) throw badUsage(`${attempt} is no attempt's id.`, "See: pointsman status");
      return { kind: "path-done", subject: plainSubject("attempt", attempt), terms: { service } };
    },
  },
  named("credential-rotated", ["credential", "CREDENTIAL"], "say that a credential was replaced"),
  {
    ...one,
    name: "erase",
    usage: ["COMMITMENT [--reason TEXT]"],
    summary: "erase what stands behind a commitment; the log keeps the commitment",
    sentence: ({ given }) => ({
      kind: "erase",
      subject: plainSubject("attachment", hashOf(word(given, 0, "commitment"))),
      terms: {},
    }),
  },
];

const breakGlassFor = duration(60 * minute);

function breakGlass(about: About): Sentence {
  const terms = about.given.value("sign") === undefined ? newRequest(about) : openRequest(about);
  return { kind: "break-glass", subject: plainSubject("break-glass", breakGlassId(terms)), terms };
}

type Terms = Extract<Sentence, { kind: "break-glass" }>["terms"];

function newRequest({ given, basis, now }: About): Terms {
  const targets = [...given.values("target")];
  if (targets.length === 0) throw badUsage("Say where it may move to.", "For example: --target iad");
  const plan = given.value("plan");
  const length = given.value("for");
  return {
    service: word(given, 0, "service"),
    plan: plan === undefined ? null : planSubject(basis, failoverOf(basis, plan).failover).hash,
    targets,
    moves: given.value("moves") === "2" ? 2 : 1,
    incident: needed(given, "incident", "INC-1234"),
    until: add(now, length === undefined ? breakGlassFor : durationOf(length, "for")),
  };
}

/** Everybody signs the terms as they were asked. */
function openRequest({ given, basis }: About): Terms {
  const id = given.value("sign");
  const found = basis.breakGlass.find((request) => request.id === id);
  const until = parseInstant(found?.until ?? "");
  if (found === undefined || until === undefined)
    throw badUsage(`There is no open request ${id}.`, "See: pointsman status");
  const { service, plan, targets, moves, incident } = found;
  return { service, plan: plan === null ? null : asSha256(plan), targets, moves, incident, until };
}
