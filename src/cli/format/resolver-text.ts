import type { ResolverView } from "../../api/contract/resolver.ts";
import type { Paint } from "../frame/terminal.ts";
import { table } from "./table.ts";

/** A line a resolver: whether it validates, and what it answers. */
export function resolverLines(resolvers: readonly ResolverView[], paint: Paint): string[] {
  const rows = resolvers.map((resolver) => [
    paint.bold(resolver.resolver),
    validationWords(resolver, paint),
    answerWords(resolver, paint),
    askedWords(resolver, paint),
  ]);
  return [paint.bold("resolvers"), table(rows, "  ")];
}

function validationWords({ validation, code }: ResolverView, paint: Paint): string {
  switch (validation) {
    case "validating":
      return paint.good(validation);
    case "not-validating":
      return paint.warn(validation);
    case "no-response":
    case "unclear":
      return paint.warn(code === null ? validation : `${validation} (${code})`);
    case "not-checked":
      return paint.dim("validation not checked");
  }
}

function answerWords({ watched }: ResolverView, paint: Paint): string {
  const views = Map.groupBy(watched, ({ view }) => view);
  return [...views]
    .map(([view, answers]) => {
      const longest = Math.max(0, ...answers.map(({ ttlLeft }) => ttlLeft ?? 0));
      const words = `${view} ${answers.length} of ${watched.length}${view === "behind" ? `, ${longest} s left` : ""}`;
      return view === "as-expected" ? words : paint.warn(words);
    })
    .join("; ");
}

function askedWords({ asked }: ResolverView, paint: Paint): string {
  if (asked === null) return paint.warn("not asked since the start");
  return asked.fresh ? "" : paint.warn(`asked last at ${asked.at}: not known since`);
}
