import { expect, it } from "vitest";
import { simulatedPolicy } from "../../test/world/policy.ts";
import { invariant } from "../values/invariant.ts";
import { readPlacesOf } from "./nameservers.ts";

it("a hidden primary is read as well: what a change is compared with stands there", () => {
  const provider = simulatedPolicy().policy.providers.get("primary");
  const path = provider?.paths[0];
  invariant(provider !== undefined && path?.type === "rfc2136", "the policy has a path");
  expect(readPlacesOf(provider)).toHaveLength(3);
  const hidden = { ...provider, paths: [{ ...path, server: { address: "192.0.2.99", port: 5353 } }] as const };
  expect(readPlacesOf(hidden).at(-1)).toMatchObject({ name: "path update", address: "192.0.2.99", port: 5353 });
});
