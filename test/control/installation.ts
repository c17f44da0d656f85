import { plainAuthority } from "../../src/core/policy/plain-authority.ts";
import { createController } from "../../src/control/controller.ts";
import type { CrashPoint } from "../../src/control/crash-points.ts";
import type { Controller, ControllerParts, CycleFunctions, PolicyFile } from "../../src/control/parts.ts";
import type { ServiceRequest } from "../../src/core/cycle/service-command.ts";
import type { RRset } from "../../src/core/plan/rrset.ts";
import type { Policy, Service } from "../../src/core/policy/policy.ts";
import { openMemoryJournal, type MemoryFault } from "../../src/journal/memory/journal.ts";
import { MemoryStore } from "../../src/journal/memory/store.ts";
import type { WriteOrder, WriteOutcome } from "../../src/ports/change-path.ts";
import type { Batch, Journal } from "../../src/ports/journal.ts";
import type { AutomationSigner } from "../../src/ports/automation.ts";
import type { CommandResult } from "../../src/ports/operations.ts";
import { decodeEntry, type Entry } from "../../src/transparency/entry.ts";
import { commandId } from "../../src/values/ids.ts";
import { canonicalJson } from "../../src/values/json.ts";
import { utf8 } from "../../src/values/octets.ts";
import { sha256 } from "../../src/values/sha256.ts";
import { duration } from "../../src/values/time.ts";
import { ManualClock, settled } from "./manual-clock.ts";
import { toyCycle } from "./toy-cycle.ts";

const operator = { kind: "local-user", id: "uid:1000", method: "local-user" } as const;

/** A controller over a journal in memory, a toy cycle, and a change path that counts. What is public may be set by a test. */
export class Installation {
  readonly clock = new ManualClock();
  readonly store = new MemoryStore();
  /** Orders that reached the change path, over all controllers. */
  readonly sent: WriteOrder[] = [];
  /** Batches that the journal was given, over all controllers. */
  readonly batches: Batch[] = [];
  /** What was logged, over all controllers. */
  readonly logged: string[] = [];
  reads = 0;
  /** What stands at the nameserver. */
  standing: RRset | "absent" = "absent";
  cycle: CycleFunctions = toyCycle;
  file: PolicyFile = policyFile(1);
  documents: PolicyFile[] = [];
  fault: (batch: Batch) => MemoryFault | undefined = () => undefined;
  /** Waited for before a batch reaches the journal. */
  beforeAppend: () => Promise<void> = () => Promise.resolve();
  write: (order: WriteOrder, lost: AbortSignal) => Promise<WriteOutcome> = () =>
    Promise.resolve({ outcome: "applied", receipt: "NOERROR" });
  crash: (point: CrashPoint) => void = () => {};
  /** The key that the next controller finds in its folder. */
  automation: AutomationSigner | undefined;
  controller: Controller = this.#create();

  /** Another process on the same journal. */
  async start(): Promise<Controller> {
    this.controller = this.#create();
    await Promise.all([this.controller.start(), this.clock.advance(0)]);
    await settled();
    return this.controller;
  }

  submit(id: string, request: ServiceRequest, service = "login", reason?: string): Promise<CommandResult> {
    return this.controller.submit({ id: commandId(id), service, by: operator, request }, reason);
  }

  declare(id: string, service = "login"): Promise<CommandResult> {
    return this.submit(id, { kind: "declare", move: { kind: "to", site: "iad" } }, service);
  }

  entries(): readonly Entry[] {
    return this.store.entries.map((octets) => {
      const entry = decodeEntry(octets);
      if (entry === undefined) throw new Error("an entry that cannot be read");
      return entry;
    });
  }

  types(): readonly string[] {
    return this.entries().map(({ type }) => type);
  }

  /** Types of the entries of each batch. */
  batchTypes(): readonly (readonly string[])[] {
    return this.batches.map(({ entries }) => entries.map((octets) => decodeEntry(octets)?.type ?? "unreadable"));
  }

  /** Another claim, as a second controller makes it. */
  takeOver(): void {
    this.store.claim();
  }

  #create(): Controller {
    this.documents.push(this.file);
    return createController(this.parts(this.file));
  }

  /** A policy of {@link documents}. */
  read(document: Uint8Array): Policy | undefined {
    return this.documents.find((each) => Buffer.compare(each.document, document) === 0)?.policy;
  }

  parts(file: PolicyFile): ControllerParts {
    const entropy = entropyOf();
    return {
      cycle: this.cycle,
      file,
      readPolicy: (document) => this.read(document),
      settingsHash: sha256(utf8("settings")),
      mode: "act",
      clock: this.clock,
      clockHealth: () => ({ trustworthy: true, errorMs: 0, says: "" }),
      entropy,
      openJournal: () => Promise.resolve(this.journal()),
      sources: () => [],
      reader: {
        read: () => {
          this.reads += 1;
          return Promise.resolve({ outcome: "answer", rrset: this.standing, serial: 1, at: this.clock.now() });
        },
        serial: () => Promise.resolve({ serial: 1 }),
      },
      names: {
        readName: () =>
          Promise.resolve({ outcome: "answer", cutAt: null, wildcard: null, fence: null, at: this.clock.now() }),
      },
      notifier: { notify: () => Promise.resolve() },
      paths: [
        {
          provider: "primary",
          path: "update",
          capabilities: { compareAndSwap: true, atomicRRsets: 64, minimumTtl: 0, shares: false },
          write: (order, lost) => {
            this.sent.push(order);
            return this.write(order, lost);
          },
        },
      ],
      caller: { call: () => Promise.resolve(null) },
      log: { write: (_level, event) => void this.logged.push(event) },
      ...(this.automation === undefined ? {} : { automation: this.automation }),
      controllerId: "one",
      version: "0.0.0",
      operator,
      crash: (point) => this.crash(point),
    };
  }

  journal(): Journal {
    const journal = openMemoryJournal({
      store: this.store,
      entropy: entropyOf(),
      faultOf: (batch) => this.fault(batch),
    });
    const claim = journal.owner.claim.bind(journal.owner);
    return {
      ...journal,
      owner: {
        claim: async () => {
          const { writer, lost } = await claim();
          const append = async (batch: Batch) => {
            this.batches.push(batch);
            await this.beforeAppend();
            return writer.append(batch);
          };
          return { writer: { epoch: writer.epoch, append }, lost };
        },
      },
    };
  }
}

let made = 0;

function entropyOf() {
  return {
    octets: (length: number) => {
      made += 1;
      return Uint8Array.from({ length }, (_, index) => (made * 31 + index * 7) % 256);
    },
  };
}

/** Two services at one provider. */
export function policyFile(version: number, about = ""): PolicyFile {
  const document = utf8(canonicalJson({ version, about }));
  const policy: Policy = {
    hash: sha256(document),
    document: {},
    version,
    follows: null,
    lab: true,
    people: new Map(),
    authority: plainAuthority({ duties: new Map(), separate: [] }),
    dependencies: new Map(),
    sites: new Map(),
    vantages: new Map(),
    controls: [],
    providers: new Map([
      [
        "primary",
        {
          id: "primary",
          view: "public",
          nameservers: [{ name: "ns1.example.net.", endpoints: [{ address: "203.0.113.1", port: 53 }] }],
          paths: [
            {
              type: "rfc2136",
              name: "update",
              server: { address: "203.0.113.1", port: 53 },
              credential: "tsig-primary",
              dependsOn: [],
            },
          ],
          notify: true,
          fence: false,
        },
      ],
    ]),
    zones: new Map([
      ["public example.com.", { name: "example.com.", view: "public", providers: ["primary"], dnssec: "unsigned" }],
    ]),
    services: new Map(["login", "shop"].map((id) => [id, serviceOf(id)])),
    blastRadius: { services: 10, perMs: duration(1000) },
  };
  return { policy, document };
}

function serviceOf(id: string): Service {
  const zero = duration(0);
  return {
    id,
    owner: "ana",
    objective: { detectMs: zero, recoverMs: zero },
    provides: [],
    records: new Map([
      ["v4", { id: "v4", view: "public", zone: "example.com.", name: `${id}.example.com.`, type: "A", ttl: 60 }],
    ]),
    sites: new Map(),
    home: ["fra"],
    minimumActive: 1,
    demand: null,
    checks: [
      { type: "tcp", name: "up", port: 443, intervalMs: duration(5000), timeoutMs: duration(2000), rise: 2, fall: 3 },
    ],
    readiness: [],
    bands: [],
    rollback: null,
    failback: null,
    frozen: [],
    holdDownMs: zero,
    flapping: { changes: 4, perMs: duration(1000) },
  };
}
