import type { Json, JsonObject } from "../../../values/json.ts";
import { isMap, listOf, type Place, placeText, type Rule, same, type DifferenceClass, shown } from "./difference.ts";
import { said } from "./rules.ts";

/** A duty's rule: fewer people who can fill it, or more who must, is tightening; all else is widening. */
export const duty: Rule = function* compare(before, after, at) {
  if (same(before, after)) return;
  yield said(strength(before, after), at, `${placeText(at)} is ${dutyText(after)}; was: ${dutyText(before)}.`);
};

function strength(before: Json | undefined, after: Json | undefined): DifferenceClass {
  // Without a rule nobody is asked: one that is new asks for more, except for duties that let people do something.
  if (!isMap(before) || !isMap(after)) return "widening";
  const [anyBefore, anyAfter] = [before["any"], after["any"]];
  if (anyBefore !== undefined && anyAfter !== undefined) return within(anyAfter, anyBefore) ? "tightening" : "widening";
  const [allBefore, allAfter] = [before["all"], after["all"]];
  if (allBefore !== undefined && allAfter !== undefined) return within(allBefore, allAfter) ? "tightening" : "widening";
  if (isCount(before) && isCount(after))
    return countOf(after, "n") >= countOf(before, "n") && countOf(after, "groups") >= countOf(before, "groups")
      ? "tightening"
      : "widening";
  return "widening";
}

function within(inner: Json, outer: Json): boolean {
  return listOf(inner).every((item) => listOf(outer).some((one) => same(one, item)));
}

function isCount(rule: JsonObject): boolean {
  return rule["n"] !== undefined || rule["groups"] !== undefined;
}

function countOf(rule: JsonObject, member: "n" | "groups"): number {
  const value = rule[member];
  return typeof value === "number" ? value : 1;
}

/** `a service-owner together with an identity-owner` */
export function dutyText(rule: Json | undefined): string {
  if (!isMap(rule)) return "nobody's";
  const any = listOf(rule["any"]);
  if (any.length > 0) return any.map(withArticle).join(" or ");
  const all = listOf(rule["all"]);
  if (all.length > 0) return all.map(withArticle).join(" together with ");
  const groups = countOf(rule, "groups");
  return `${countOf(rule, "n")} people${groups > 1 ? ` of ${groups} groups` : ""}`;
}

function withArticle(role: Json): string {
  const name = shown(role);
  return `${/^[aeiou]/.test(name) ? "an" : "a"} ${name}`;
}

/** A band's authority, in words of who decides. */
export const bandAuthority: Rule = function* compare(before, after, at) {
  if (same(before, after)) return;
  const service = serviceOf(at);
  const automatic = after === "pre-authorised";
  const kind = automatic ? "widening" : "tightening";
  const was = authorityText(before, at.before);
  yield said(kind, at, `${service}: ${bandOf(at)} becomes ${authorityText(after, at.after)}; was: ${was}.`);
};

function authorityText(authority: Json | undefined, document: JsonObject): string {
  if (authority === "pre-authorised") return "automatic";
  const duties = document["authority"];
  return `for ${dutyText(isMap(duties) ? duties["approve"] : undefined)} to approve`;
}

function serviceOf({ path }: Place): string {
  return path[1] ?? "";
}

function bandOf({ path }: Place): string {
  return `the band ${path[3] ?? ""}`;
}
