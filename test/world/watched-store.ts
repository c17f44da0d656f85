import { MemoryStore } from "../../src/journal/memory/store.ts";
import { decodeEntry, type Entry } from "../../src/transparency/entry.ts";
import { found } from "./dns.ts";

/** A journal that tells what becomes durable. */
export class WatchedStore extends MemoryStore {
  onEntry: (entry: Entry) => void = () => {};

  override add(...added: Parameters<MemoryStore["add"]>): void {
    const [, octets] = added;
    super.add(...added);
    for (const entry of octets) this.onEntry(found(decodeEntry(entry), "such entry"));
  }
}
