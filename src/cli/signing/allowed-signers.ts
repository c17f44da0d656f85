import { readPersonKey, type EnrolledKey } from "../../core/authority/keys.ts";
import { asSha256 } from "../../values/sha256.ts";
import { parseInstant } from "../../values/time.ts";
import { signingMeans } from "../../wiring/signing.ts";
import type { Command } from "../frame/command.ts";
import { readBasis } from "./files.ts";
import { fetchBasis } from "./governed.ts";

/** Stands where an export needs no statement's hash. */
const unnamed = asSha256("0".repeat(64));

export const allowedSigners: Command = {
  name: "allowed-signers",
  summary: "people's keys as OpenSSH reads them, to check statements with ssh-keygen alone",
  usage: ["[--basis FILE] > allowed_signers"],
  details: [
    "With it, anybody checks a statement with a tool that is not ours:",
    "ssh-keygen -Y verify -f allowed_signers -I ana -n approve@pointsman -s x.json.sig < x.json",
    "and at a past time with -O verify-time=YYYYMMDDHHMMSSZ. It does not see whether a hardware key was touched.",
  ],
  options: { basis: { placeholder: "FILE", says: "what `statement basis` wrote; left out: the controller is asked" } },
  takes: { least: 0, most: 0 },
  async run(given, context) {
    const carried = given.value("basis");
    const basis = carried === undefined ? await fetchBasis(context) : await readBasis(carried);
    const keys = basis.people.flatMap(({ person, keys: own }) =>
      own.flatMap(({ fingerprint, line, enrolledAt, revokedAt }): EnrolledKey[] => {
        const key = line === null ? undefined : readPersonKey(line);
        const at = parseInstant(enrolledAt);
        if (key === undefined || at === undefined) return [];
        const ended = revokedAt === null ? null : (parseInstant(revokedAt) ?? null);
        return [{ fingerprint, person, key, statement: unnamed, at, revokedAt: ended }];
      }),
    );
    const text = signingMeans({ ...context.environment }).allowedSigners(keys);
    context.terminal.write(context.json ? `${JSON.stringify({ v: 1, allowedSigners: text })}\n` : text);
    return 0;
  },
};
