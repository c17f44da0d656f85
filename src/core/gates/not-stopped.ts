import { pass, refuse, type Gate } from "./gate.ts";

/** A stop holds everything, people too, until somebody resumes. */
export const notStopped: Gate = {
  name: "not-stopped",
  kind: "absolute",
  check({ state, world, service }) {
    const stop = world.stopped ?? state.stopped;
    if (stop === null) return pass;
    const target = world.stopped === null ? service.id : "--all";
    return refuse("stopped", `${stop.by.id} stopped it.`, { at: stop.at }, `Resume: pointsman resume ${target}`);
  },
};
