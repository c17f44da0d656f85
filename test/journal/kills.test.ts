import { expect, it } from "vitest";
import { journalKills } from "./kills.ts";

it("a journal whose process is killed at any moment keeps all that it acknowledged", async () => {
  const seed = Date.now() % 1_000_000;
  const kills = await journalKills(seed, 8);
  expect(kills.acknowledged).toBeGreaterThan(8);
});
