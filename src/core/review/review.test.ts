import { parse } from "yaml";
import { describe, expect, it } from "vitest";
import { builtText } from "../../../test/fixtures/design-policy.ts";
import { resolvePolicy } from "../policy/resolve.ts";
import { parseInstant } from "../../values/time.ts";
import { reviewPolicy } from "./review.ts";

describe("a review of a valid policy", () => {
  it("has nothing to say of the design's example while its band holds", () => {
    expect(reviewed(builtText, "2026-11-22")).toEqual([]);
  });

  it.each([
    ["a band that has expired", "2027-06-30", "", "", "band-expired"],
    ["a band that expires soon", "2027-06-01", "", "", "band-expires-soon"],
    ["a band that never ends", "2026-11-22", /^ {8}expires.*\n/m, "", "band-never-expires"],
    ["a target that fails with home", "2026-11-22", "- dc-iad", "- dc-fra", "shared-fate"],
    [
      "paths that need what the service provides",
      "2026-11-22",
      /- dc-fra\n {6}- name: by-hand[^]*?\nzones/,
      "- idp\nzones",
      "shared-fate",
    ],
    ["paths that fail with the home site", "2026-11-22", / {6}- name: by-hand[^]*?\nzones/, "zones", "shared-fate"],
    ["a single change path", "2026-11-22", / {6}- name: by-hand[^]*?\nzones/, "zones", "one-change-path"],
    [
      "a window that is over",
      "2026-11-22",
      "    owner: ana",
      "    owner: ana\n    frozen: [{ from: 2026-01-01, until: 2026-01-02, reason: r }]",
      "window-is-over",
    ],
  ])("names %s", (_, now, from, to, code) => {
    expect(reviewed(builtText.replace(from, to), now)).toContain(code);
  });
});

function reviewed(text: string, now: string): readonly string[] {
  const { policy, findings } = resolvePolicy(parse(text));
  expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
  const at = parseInstant(now);
  return policy === undefined || at === undefined
    ? ["unread"]
    : reviewPolicy(policy, at).map((finding) => finding.code);
}
