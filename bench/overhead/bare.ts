import { exchange } from "../../src/dns/transport/exchange.ts";
import { signMessage } from "../../src/dns/update/tsig.ts";
import { parseTsigKey } from "../../src/dns/update/tsig-key.ts";
import { buildUpdate } from "../../src/dns/update/update.ts";
import type { Fence } from "../../src/core/plan/plan.ts";
import { sameData, type RRset } from "../../src/core/plan/rrset.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { systemEntropy } from "../../src/platform/entropy.ts";
import type { NameserverEndpoint } from "../../src/ports/records.ts";
import { invariant } from "../../src/values/invariant.ts";
import { toHex } from "../../src/values/octets.ts";
import { duration } from "../../src/values/time.ts";
import { recordReader } from "../../src/verification/record-reader.ts";
import { secondaryNotifier } from "../../src/verification/secondary-notifier.ts";
import { zoneChange } from "../../test/servers/update.ts";
import { updateKey } from "../../test/servers/zone.ts";
import { zone } from "./installation.ts";

const clock = systemClock();
const entropy = systemEntropy();
const reader = recordReader({ clock, entropy, timeoutMs: duration(500) });
const notifier = secondaryNotifier(entropy);
const never = new AbortController().signal;

/**
 * The floor: one UPDATE of the same shape, prerequisites, fence and TSIG included, the same NOTIFY, and polling of every
 * nameserver over UDP until each has the new data. Nothing is judged, decided, recorded or proven. Milliseconds.
 */
export class BareUpdate {
  readonly #nameservers: readonly [NameserverEndpoint, NameserverEndpoint];
  readonly #name = `bare.${zone}`;
  #fence: string | null = null;

  constructor(primary: NameserverEndpoint, secondary: NameserverEndpoint) {
    this.#nameservers = [primary, secondary];
  }

  async change(before: RRset, after: RRset): Promise<{ readonly updatedMs: number; readonly publishedMs: number }> {
    const [primary] = this.#nameservers;
    const fence: Fence = { name: `_pointsman.${this.#name}`, before: this.#fence, after: toHex(entropy.octets(16)) };
    const change = zoneChange(zone, { record: "v4", name: this.#name, type: "A", before, after });
    const [high = 0, low = 0] = entropy.octets(2);
    const startedAt = performance.now();
    const unsigned = buildUpdate({ zone, rrsets: change.rrsets, fences: [fence] }, high * 256 + low);
    const { octets } = signMessage(unsigned, key(), { timeSigned: Math.floor(clock.now() / 1000), fudge: 30 });
    const timeoutMs = duration(5000);
    const answer = await exchange(
      { ...primary, message: octets, transport: "tcp", timeoutMs, abortable: "until-sent" },
      clock,
      never,
    );
    invariant(answer.outcome === "response" && ((answer.octets[3] ?? 15) & 15) === 0, "the bare UPDATE is accepted");
    this.#fence = fence.after;
    const updatedMs = performance.now() - startedAt;
    void notifier.notify(zone, this.#nameservers);
    await Promise.all(this.#nameservers.map((nameserver) => this.#published(nameserver, after)));
    return { updatedMs, publishedMs: performance.now() - startedAt };
  }

  async #published(nameserver: NameserverEndpoint, after: RRset): Promise<void> {
    const question = { zone, name: this.#name, type: "A" };
    for (let waitMs = 1; ; waitMs = Math.min(2 * waitMs, 250)) {
      // oxlint-disable-next-line no-await-in-loop -- polling
      const reading = await reader.read(nameserver, question, "udp", never);
      if (reading.outcome === "answer" && sameData(reading.rrset, after)) return;
      // oxlint-disable-next-line no-await-in-loop -- polling
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}

function key() {
  const parsed = parseTsigKey(`${updateKey.algorithm}:${updateKey.name}:${updateKey.secret}`);
  invariant("key" in parsed, "the test's key is one");
  return parsed.key;
}
