import { serviceEventOf, serviceOf } from "../../src/control/events.ts";
import { evolve } from "../../src/core/failover/evolve.ts";
import { initialState, type ServiceState } from "../../src/core/failover/state.ts";
import { EntryChain } from "../../src/transparency/chain.ts";
import { decodeEntry } from "../../src/transparency/entry.ts";
import { utf8 } from "../../src/values/octets.ts";

/** What a journal of texts comes to: its root, and the state of each service as text. @throws Error when it is not whole. */
export function foldJournal(entries: readonly string[]): { readonly root: string; readonly services: string } {
  const chain = new EntryChain();
  const services = new Map<string, ServiceState>();
  for (const text of entries) {
    const octets = utf8(text);
    const next = chain.next([octets]);
    const entry = decodeEntry(octets);
    if (next.outcome !== "fit" || entry === undefined) throw new Error(`entry ${chain.tree.size} does not fit`);
    chain.add(next);
    const service = serviceOf(entry.stream);
    if (service === undefined) continue;
    const placed = { event: serviceEventOf(entry), sequence: entry.sequence, at: entry.at };
    services.set(service, evolve(services.get(service) ?? initialState(service), placed));
  }
  return { root: chain.tree.root(), services: JSON.stringify([...services], mapsAsLists, 1) };
}

function mapsAsLists(_: string, value: unknown): unknown {
  return value instanceof Map ? [...value.entries()] : value;
}
