import { expect, test, vi } from "vitest";
import { World } from "./world.ts";

vi.setConfig({ testTimeout: 60_000 });

test("once everybody is enrolled, people sign: what is not signed is refused with the command that signs", async () => {
  const world = await World.signed();
  expect(world.controller.world().authority.mode).toBe("signed");
  const asked = await world.ask({ kind: "declare", move: { kind: "to", site: "iad" } });
  expect(asked).toMatchObject({ accepted: false, refusal: { code: "statement-needed" } });
});
