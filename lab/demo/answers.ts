import { valuesText } from "../../src/core/plan/says.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { systemEntropy } from "../../src/platform/entropy.ts";
import { duration, second } from "../../src/values/time.ts";
import { recordReader } from "../../src/verification/record-reader.ts";
import type { Lab } from "../world.ts";

/** What each nameserver answers for the service's address now, by `address:port`. */
export async function answersOf(lab: Lab): Promise<ReadonlyMap<string, string>> {
  const reader = recordReader({ clock: systemClock(), entropy: systemEntropy(), timeoutMs: duration(second) });
  const question = { zone: lab.zone, name: `${lab.host}.`, type: "A" };
  const read = [lab.primary, lab.secondary].map(async ({ address, port }) => {
    const server = { name: lab.zone, address, port };
    const reading = await reader.read(server, question, "udp", new AbortController().signal);
    const answer = reading.outcome === "answer" ? valuesText("A", reading.rrset).join(", ") : reading.code;
    return [`${address}:${port}`, answer] as const;
  });
  return new Map(await Promise.all(read));
}
