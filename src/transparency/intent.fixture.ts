import { commandId, epochOf, sequenceOf } from "../values/ids.ts";
import type { JsonObject } from "../values/json.ts";
import { duration, instant } from "../values/time.ts";
import type { Entry } from "./entry.ts";
import { intentType } from "./order.ts";

/** The entry of an intent, as the sequencer would write it at this place. */
export function intentEntry(sequence: number, data: JsonObject): Entry {
  return {
    v: 1,
    log: "log",
    sequence: sequenceOf(sequence),
    at: instant(1),
    clock: { boot: "b", monoMs: duration(0), errorMs: null },
    controller: "c",
    epoch: epochOf(1),
    rules: 1,
    stream: "service/login",
    streamSeq: 0,
    streamPrev: null,
    type: intentType,
    by: { kind: "controller", id: "c", method: "internal" },
    basis: { policy: null, settings: null, observations: [], heads: {} },
    causes: { command: commandId("c"), entries: [] },
    data,
    sealed: {},
    attachments: [],
  };
}
