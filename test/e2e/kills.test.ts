import { expect, it } from "vitest";
import { describeWithServers } from "../servers/available.ts";
import { controllerKills } from "./kills.ts";

describeWithServers("the controller is killed", () => {
  it("at any moment of a move: no change is applied twice, none is sent again unread, and it ends verified", async () => {
    // The long tests take 200, with a seed of their own.
    const { runs, moves } = await controllerKills(7, 6);
    expect({ runs, moved: moves > 0 }).toEqual({ runs: 6, moved: true });
  });
});
