import { formatDuration, parseDuration } from "../../../values/time.ts";
import type { SoundPolicy } from "../document.ts";
import { error, type DocumentPath, type Finding } from "../finding.ts";
import { zonesByView, type SoundZone } from "./views.ts";
import { reference, repeated } from "./walk.ts";

type SoundSigning = NonNullable<SoundZone["signing"]>;

/** What is declared of signing fits together: its roles, its ages, and who signs what others publish. */
export function* signingRules(policy: SoundPolicy): Iterable<Finding> {
  for (const { name, path, zone } of zonesByView(policy)) yield* zoneSigning(name, zone, [...path, "signing"]);
}

function* zoneSigning(name: string, zone: SoundZone, path: DocumentPath): Iterable<Finding> {
  const { signing, providers, dnssec = "unsigned" } = zone;
  if (signing === undefined) return;
  if (dnssec === "unsigned")
    yield error({
      code: "signed-and-unsigned",
      path,
      at: "key",
      says: `It is declared how ${name} is signed, and that it is unsigned.`,
      mend: "Write dnssec: required, or leave signing out.",
    });
  const publishers = Object.fromEntries((providers ?? []).map((id) => [id ?? "", true]));
  for (const [index, signer] of (signing.signers ?? []).entries())
    yield* reference("provider of the zone", signer, providers && publishers, [...path, "signers", index]);
  yield* repeated(signing.signers, [...path, "signers"]);
  yield* repeated(signing.algorithms, [...path, "algorithms"]);
  yield* roles(signing, path);
  for (const role of ["ksk", "zsk", "csk"] as const) yield* ages(signing[role], [...path, role]);
}

/** One key does both, or each role has its own. */
function* roles({ ksk, zsk, csk }: SoundSigning, path: DocumentPath): Iterable<Finding> {
  const both = ksk !== undefined && zsk !== undefined;
  const either = ksk !== undefined || zsk !== undefined;
  if (csk === undefined ? both : !either) return;
  yield error({
    code: "key-roles",
    path,
    says: "A zone is signed by one kind of key, csk, or by two, ksk and zsk.",
    mend: csk === undefined ? "Declare ksk and zsk, or csk alone." : "Leave csk out, or ksk and zsk.",
  });
}

function* ages(rule: SoundSigning["ksk"] | SoundSigning["zsk"], path: DocumentPath): Iterable<Finding> {
  const least = parseDuration(rule?.minAge ?? "0s");
  const most = parseDuration(rule?.maxAge ?? "");
  if (least === undefined || most === undefined || least <= most) return;
  yield error({
    code: "ages-contradict",
    path: [...path, "maxAge"],
    says: `A key may be rolled after ${formatDuration(least)} at the earliest, and is too old after ${formatDuration(most)}.`,
    mend: "Write a longer maxAge, or a shorter minAge.",
    figures: { minAgeMs: least, maxAgeMs: most },
  });
}
