import { namespaceOf, statementKinds } from "../core/authority/statement.ts";
import { fingerprintOf, readPublicKey } from "../core/policy/ssh-key.ts";
import { parseInstant, type Instant } from "../values/time.ts";

/** A key of an `allowed_signers` file: whom it belongs to, and what its owner lets it be used for. */
interface AllowedSigner {
  /** Number of its line, from 1. */
  readonly lineNumber: number;
  readonly principals: readonly string[];
  /** Null: all. */
  readonly namespaces: readonly string[] | null;
  /** Null: no bound. Both ends are included. */
  readonly validAfter: Instant | null;
  readonly validBefore: Instant | null;
  /** The key in normal form. */
  readonly line: string;
  readonly fingerprint: string;
}

/** Why a line is not taken. */
interface SignersFinding {
  readonly lineNumber: number;
  readonly code:
    | "line-malformed"
    | "principal-is-a-pattern"
    | "cert-authority"
    | "option-unknown"
    | "option-repeated"
    | "time-without-zone"
    | "time-malformed"
    | "never-valid"
    | "namespaces-leave-out-statements"
    | "not-a-key"
    | "key-twice";
  readonly says: string;
}

export interface AllowedSigners {
  readonly signers: readonly AllowedSigner[];
  /** One a line at most; lines with one are not among the signers. */
  readonly findings: readonly SignersFinding[];
}

/** Characters of a file at most. */
const allowedSignersMax = 1_048_576;

type Fault = Omit<SignersFinding, "lineNumber">;
type Options = Pick<AllowedSigner, "namespaces" | "validAfter" | "validBefore">;

/** Reads an OpenSSH `allowed_signers` file (ssh-keygen(1), "ALLOWED SIGNERS"). Nobody is enrolled by it: it names the keys. */
export function readAllowedSigners(file: string): AllowedSigners {
  if (file.length > allowedSignersMax)
    return {
      signers: [],
      findings: [
        { lineNumber: 1, ...fault("line-malformed", `the file is larger than ${allowedSignersMax} characters`) },
      ],
    };
  const signers: AllowedSigner[] = [];
  const findings: SignersFinding[] = [];
  const places = new Map<string, number>();
  for (const [index, text] of file.split("\n").entries()) {
    const trimmed = text.trim();
    if (trimmed === "" || trimmed.startsWith("#")) continue;
    const lineNumber = index + 1;
    const read = readLine(trimmed);
    const first = "line" in read ? places.get(read.line) : undefined;
    if (!("line" in read)) findings.push({ lineNumber, ...read });
    else if (first !== undefined)
      findings.push({ lineNumber, ...fault("key-twice", `this key stands on line ${first} already`) });
    else {
      places.set(read.line, lineNumber);
      signers.push({ lineNumber, ...read });
    }
  }
  return { signers, findings };
}

function readLine(text: string): Omit<AllowedSigner, "lineNumber"> | Fault {
  const principals = word(text);
  const second = principals === undefined ? undefined : word(principals.after);
  if (principals === undefined || second === undefined)
    return fault("line-malformed", "it is not of the form: principals, options, type, base64");
  const names = principals.word.replaceAll('"', "").split(",");
  if (names.some((name) => !/^[^*?!\s]+$/.test(name)))
    return fault("principal-is-a-pattern", "its principals are patterns, and a key belongs to a person by name");
  // Types of keys and names of options begin differently.
  const plain = /^(?:ssh-|ecdsa-|sk-)/.test(second.word);
  const options = plain ? unbounded : readOptions(second.word);
  if ("code" in options) return options;
  const key = readPublicKey(plain ? principals.after : second.after);
  if (key.kind === "not-a-key") return fault("not-a-key", key.why);
  return { principals: names, ...options, line: key.line, fingerprint: fingerprintOf(key.line) ?? "" };
}

const unbounded: Options = { namespaces: null, validAfter: null, validBefore: null };

/** The first word, with what stands within its quotation marks, and what follows it; `undefined` where nothing follows. */
function word(text: string): { readonly word: string; readonly after: string } | undefined {
  const [, first, after] = /^((?:"[^"]*"|[^\s"])+)[ \t]+(.+)$/.exec(text) ?? [];
  return first === undefined || after === undefined ? undefined : { word: first, after };
}

function readOptions(text: string): Options | Fault {
  const options: Options = { ...unbounded };
  const seen = new Set<string>();
  for (const option of text.match(/(?:"[^"]*"|[^,"])+/g) ?? []) {
    const [, keyword = "", value] = /^([^=]*)(?:=(.*))?$/.exec(option) ?? [];
    const name = keyword.toLowerCase();
    if (seen.has(name)) return fault("option-repeated", `its option ${name} stands twice`);
    seen.add(name);
    const read = readOption(name, (value ?? "").replaceAll('"', ""));
    if ("code" in read) return read;
    Object.assign(options, read);
  }
  const { validAfter, validBefore } = options;
  if (validAfter !== null && validBefore !== null && validBefore <= validAfter)
    return fault("never-valid", "its valid-before is not after its valid-after");
  return options;
}

function readOption(name: string, value: string): Partial<Options> | Fault {
  switch (name) {
    case "namespaces":
      return readNamespaces(value.split(","));
    case "valid-after":
      return readTime(value, (validAfter) => ({ validAfter }));
    case "valid-before":
      return readTime(value, (validBefore) => ({ validBefore }));
    case "cert-authority":
      return fault("cert-authority", "it is a certificate authority, which could make keys in anybody's name");
    default:
      return fault("option-unknown", `its option ${JSON.stringify(name.slice(0, 64))} is not known`);
  }
}

function readNamespaces(namespaces: readonly string[]): Partial<Options> | Fault {
  const left = statementKinds.map(namespaceOf).find((namespace) => !matches(namespace, namespaces));
  return left === undefined
    ? { namespaces }
    : fault("namespaces-leave-out-statements", `its namespaces leave out ${left}; "*@pointsman" takes in all`);
}

/** A list of patterns (ssh_config(5), "PATTERNS"): `*` and `?`, and `!` before one that excludes. */
function matches(namespace: string, patterns: readonly string[]): boolean {
  const excluded = patterns.some((pattern) => pattern.startsWith("!") && fits(namespace, pattern.slice(1)));
  return !excluded && patterns.some((pattern) => fits(namespace, pattern));
}

/** Without backtracking: each `*` takes as little as it can, and only the last one is tried again. */
function fits(text: string, pattern: string): boolean {
  let [at, inPattern, star, mark] = [0, 0, -1, 0];
  while (at < text.length) {
    if (pattern[inPattern] === "*") [star, mark, inPattern] = [inPattern, at, inPattern + 1];
    else if (pattern[inPattern] === "?" || pattern[inPattern] === text[at]) [at, inPattern] = [at + 1, inPattern + 1];
    else if (star >= 0) [mark, at, inPattern] = [mark + 1, mark + 1, star + 1];
    else return false;
  }
  return /^\**$/.test(pattern.slice(inPattern));
}

/** `YYYYMMDDZ`, `YYYYMMDDHHMMZ` or `YYYYMMDDHHMMSSZ`. Without the Z it would be another time on another machine. */
function readTime(text: string, place: (at: Instant) => Partial<Options>): Partial<Options> | Fault {
  const [, year, month, date, hours = "00", minutes = "00", seconds = "00", zone] =
    /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?(Z?)$/.exec(text) ?? [];
  const at = parseInstant(`${year}-${month}-${date}T${hours}:${minutes}:${seconds}Z`);
  if (at === undefined)
    return fault("time-malformed", `its time ${JSON.stringify(text.slice(0, 32))} is not of the form YYYYMMDDHHMMSSZ`);
  if (zone === "") return fault("time-without-zone", `its time ${text} has no zone: write ${text}Z for UTC`);
  return place(at);
}

function fault(code: Fault["code"], says: string): Fault {
  return { code, says };
}
