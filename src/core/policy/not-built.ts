import { error, pathText, type Finding } from "./finding.ts";
import { valueAt } from "./structure.ts";

// Members of the design's policy that a later issue builds. They are refused by name, and never silently ignored.
const members: readonly { readonly path: readonly string[]; readonly what: string; readonly mend: string }[] = [
  {
    path: ["views"],
    what: "views of the whole policy",
    mend: "Declare a view where it is: under the zone that it has, such as views: { inside: { providers: [internal] } }.",
  },
  { path: ["witnesses"], what: "witnesses", mend: "Leave it out." },
  { path: ["services", "*", "segments"], what: "segments", mend: "Leave it out: a service has the one segment all." },
];

/** A finding for each member that this version lacks. Kinds of a list's items are the schema's to refuse. */
export function notBuiltMembers(document: unknown): readonly Finding[] {
  return members.flatMap(({ path, what, mend }) =>
    spread(document, path)
      .filter((place) => valueAt(document, place) !== undefined)
      .map((place) =>
        error({
          code: "kind-not-built",
          path: place,
          at: "key",
          says: `${pathText(place)} asks for ${what}, which this version does not have.`,
          mend,
        }),
      ),
  );
}

function spread(document: unknown, path: readonly string[]): readonly (readonly string[])[] {
  const star = path.indexOf("*");
  if (star === -1) return [path];
  const parent = valueAt(document, path.slice(0, star));
  if (typeof parent !== "object" || parent === null) return [];
  return Object.keys(parent).map((key) => path.with(star, key));
}
