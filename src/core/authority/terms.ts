import { z } from "zod";
import { identifierPattern } from "../../values/ids.ts";
import { asJson } from "../../values/json.ts";
import { isSha256, sha256OfJson } from "../../values/sha256.ts";
import { instant, type Instant } from "../../values/time.ts";
import { fingerprintOfKey, readPersonKey } from "./keys.ts";
import type { Statement, StatementKind } from "./statement.ts";
import { serviceOfFailover, subjectFits } from "./subjects.ts";

const id = z.string().regex(identifierPattern);
const ids = distinct(id, 64);
const duty = z.enum(["declare", "validate", "approve", "execute", "reverse", "veto", "waive", "contain", "adopt"]);
const key = z
  .string()
  .max(4096)
  .refine((text) => readPersonKey(text) !== undefined);
const time = z.int().transform((ms): Instant => instant(ms));
const sha = z.string().refine(isSha256);
const none = z.strictObject({});

const move = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("to"), site: id }),
  z.strictObject({ kind: z.literal("drain"), site: id }),
  z.strictObject({ kind: z.literal("add"), site: id }),
  /** Undoes the last move. */
  z.strictObject({ kind: z.literal("rollback") }),
]);

/** Each kind's subject types, and the form of its terms. One table: what is not here cannot be signed. */
const table = {
  declare: { subjects: ["service"], terms: z.strictObject({ move }) },
  validate: { subjects: ["plan", "policy"], terms: none },
  approve: { subjects: ["plan", "policy"], terms: none },
  execute: { subjects: ["plan"], terms: none },
  reverse: { subjects: ["plan"], terms: none },
  veto: {
    subjects: ["plan"],
    terms: z.strictObject({
      ground: z.enum(["target-unsafe", "wrong-signal", "work-in-progress", "data-at-risk", "other"]),
    }),
  },
  "lift-veto": { subjects: ["veto"], terms: z.strictObject({ service: id }) },
  /** Takes back one's own: a proposal, a veto, a delegation, a break-glass request, an announcement, a policy, a forced verdict, a bar. */
  withdraw: {
    subjects: ["plan", "veto", "delegation", "break-glass", "announcement", "policy", "forced-verdict", "bar"],
    terms: z.strictObject({ service: id.nullable() }),
  },
  delegate: {
    subjects: ["person"],
    terms: z.strictObject({
      duties: distinct(duty, 9),
      services: z.union([z.literal("all"), ids]),
      from: time,
      until: time,
    }),
  },
  /** All who sign the same request sign the same terms. `plan` null: any plan of the service to one of the targets. */
  "break-glass": {
    subjects: ["break-glass"],
    terms: z.strictObject({
      service: id,
      plan: sha.nullable(),
      targets: ids,
      moves: z.int().min(1).max(2),
      incident: z.string().regex(/^[\x20-\x7e]{1,128}$/),
      until: time,
    }),
  },
  /** The gates by name, with the code and the hash of the figures that the signer saw. */
  waive: {
    subjects: ["plan"],
    terms: z.strictObject({
      gates: z
        .array(z.strictObject({ gate: id, code: id, figures: sha }))
        .min(1)
        .max(16),
    }),
  },
  contain: { subjects: ["service"], terms: z.strictObject({ site: id, to: id.nullable() }) },
  handover: { subjects: ["service"], terms: none },
  "take-back": { subjects: ["service"], terms: none },
  /** `dispute`: with resume, after a statement whose log head the journal does not contain. */
  stop: { subjects: ["service", "installation"], terms: none },
  resume: { subjects: ["service", "installation", "dispute"], terms: none },
  "force-verdict": {
    subjects: ["service"],
    terms: z.strictObject({ site: id, verdict: z.enum(["up", "down", "unknown"]), until: time }),
  },
  adopt: { subjects: ["record"], terms: z.strictObject({ service: id, record: id }) },
  announce: {
    subjects: ["zone"],
    terms: z.strictObject({
      view: id,
      change: z.enum(["rollover", "delegation", "migration", "unsigning"]),
      from: time,
      until: time,
    }),
  },
  "adopt-policy": { subjects: ["policy"], terms: none },
  object: { subjects: ["policy", "recovery"], terms: none },
  /** `key` is an OpenSSH public key line, or a passkey as keys.ts writes it. */
  enrol: { subjects: ["key"], terms: z.strictObject({ key }) },
  "revoke-key": { subjects: ["key"], terms: none },
  /** Signed by recovery keys. It replaces the person's keys, and nothing else. */
  recover: {
    subjects: ["person"],
    terms: z.strictObject({ keys: distinct(key, 8) }),
  },
  "path-done": { subjects: ["attempt"], terms: z.strictObject({ service: id }) },
  "credential-rotated": { subjects: ["credential"], terms: none },
  "close-review": { subjects: ["review"], terms: none },
  erase: { subjects: ["attachment"], terms: none },
} as const satisfies {
  readonly [Kind in StatementKind]: { readonly subjects: readonly string[]; readonly terms: z.ZodType };
};

type Table = typeof table;

/** A statement with the terms of its kind. */
export type StatementOf<Kind extends StatementKind> = Omit<Statement, "kind" | "terms"> & {
  readonly kind: Kind;
  readonly terms: z.infer<Table[Kind]["terms"]>;
};

/** Why a move is vetoed. */
export type VetoGround = StatementOf<"veto">["terms"]["ground"];

export type AnyStatement = { [Kind in StatementKind]: StatementOf<Kind> }[StatementKind];

/** The statement with its terms read; `undefined` when its subject or its terms are not of its kind's form, or disagree. */
export function termsOf(statement: Statement): AnyStatement | undefined {
  const { subjects, terms } = table[statement.kind];
  if (!subjects.some((type) => type === statement.subject.type) || !subjectFits(statement.subject)) return undefined;
  const read = terms.safeParse(statement.terms);
  if (!read.success) return undefined;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the terms were read by the schema of this very kind
  const whole = { ...statement, terms: read.data } as AnyStatement;
  return agrees(whole) ? whole : undefined;
}

/** Id of a break-glass request: all who sign the same terms sign the same request, and its words are made from it. */
export function breakGlassId(terms: StatementOf<"break-glass">["terms"]): string {
  return sha256OfJson(asJson(terms));
}

/** Whether subject and terms name the same thing where both name something. */
function agrees(statement: AnyStatement): boolean {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the check is looked up by this very statement's kind
  const agree = agreements[statement.kind] as ((statement: AnyStatement) => boolean) | undefined;
  return agree === undefined || agree(statement);
}

const agreements: { readonly [Kind in StatementKind]?: (statement: StatementOf<Kind>) => boolean } = {
  withdraw: (statement) => statement.terms.service === serviceOfWithdrawn(statement),
  "break-glass": ({ subject, terms }) => subject.id === breakGlassId(terms),
  adopt: ({ subject, terms }) => subject.id === `${terms.service}/${terms.record}`,
  enrol: ({ subject, terms }) => subject.id === fingerprintOfKey(terms.key),
  "path-done": ({ subject, terms }) => terms.service === serviceOfFailover(subject.id.split("/")[0] ?? ""),
  stop: ({ subject, installation }) => subject.type !== "installation" || subject.id === installation,
  resume: ({ subject, installation }) => subject.type !== "installation" || subject.id === installation,
};

/** The service that the terms of a withdrawal must name; null where the thing is the installation's. */
function serviceOfWithdrawn({ subject, terms }: StatementOf<"withdraw">): string | null {
  switch (subject.type) {
    case "plan":
      return serviceOfFailover(subject.id) ?? null;
    case "veto":
    case "forced-verdict":
    case "bar":
      // An empty name is no service: it must be named.
      return terms.service ?? "";
    default:
      return null;
  }
}

function distinct<Item extends z.ZodType<string>>(item: Item, most: number) {
  return z
    .array(item)
    .min(1)
    .max(most)
    .refine((list) => new Set(list).size === list.length);
}
