import type { Policy } from "../core/policy/policy.ts";
import type { Clock } from "../ports/clock.ts";
import type { Journal } from "../ports/journal.ts";
import type { Log } from "../ports/log.ts";
import type { Operations, RecordedEntry } from "../ports/operations.ts";
import { invariant } from "../values/invariant.ts";
import { PointsmanError } from "../values/refusal.ts";
import { second } from "../values/time.ts";
import { createController } from "./controller.ts";
import type { Controller, ControllerParts, PolicyFile } from "./parts.ts";
import { retrying } from "./pause.ts";
import { policyInForce } from "./policy-in-force.ts";

export interface SuccessionParts {
  /** The policy file of this machine: what counts while the installation is an unsigned trial, and what begins a journal. */
  readonly file: PolicyFile;
  readonly openJournal: () => Promise<Journal>;
  readonly readPolicy: (document: Uint8Array) => Policy | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** Everything that is made for one policy. */
  readonly partsFor: (file: PolicyFile) => ControllerParts;
}

/**
 * The controller of the policy in force: in a signed installation that is the journal's, and not the file. When another
 * policy is adopted, the controller is stopped and opened anew for it, in the same process: what is on its way resumes from
 * the journal, under the policy that it was proposed under. What people ask in between waits.
 */
export function createSuccession(parts: SuccessionParts): Controller {
  return new Succession(parts);
}

const reopenDelay = { leastMs: second, mostMs: 30 * second };

class Succession implements Controller {
  readonly #parts: SuccessionParts;
  readonly #listeners = new Set<(entry: RecordedEntry) => void>();
  #controller: Controller | undefined;
  /** Resolves once the next controller runs; undefined: none is being opened. */
  #opening: Promise<void> | undefined;
  #ended = false;
  #told = 0;

  constructor(parts: SuccessionParts) {
    this.#parts = parts;
  }

  async start(): Promise<void> {
    await this.#open();
  }

  async stop(): Promise<void> {
    this.#ended = true;
    await this.#opening;
    await this.#controller?.stop();
  }

  async submit(...asked: Parameters<Operations["submit"]>): ReturnType<Operations["submit"]> {
    await this.#opening;
    return this.#current().submit(...asked);
  }

  async submitStatement(
    ...asked: Parameters<Operations["submitStatement"]>
  ): ReturnType<Operations["submitStatement"]> {
    await this.#opening;
    return this.#current().submitStatement(...asked);
  }

  handInPolicy(document: Uint8Array): ReturnType<Operations["handInPolicy"]> {
    return this.#current().handInPolicy(document);
  }

  refusedAtDoor(...told: Parameters<Operations["refusedAtDoor"]>): void {
    this.#controller?.refusedAtDoor(...told);
  }

  statementCounts(): ReturnType<Operations["statementCounts"]> {
    return this.#current().statementCounts();
  }

  basis(): ReturnType<Operations["basis"]> {
    return this.#current().basis();
  }

  world(): ReturnType<Operations["world"]> {
    return this.#current().world();
  }

  state(service: string): ReturnType<Controller["state"]> {
    return this.#controller?.state(service);
  }

  facts(service: string): ReturnType<Operations["facts"]> {
    return this.#current().facts(service);
  }

  zoneReports(): ReturnType<Operations["zoneReports"]> {
    return this.#current().zoneReports();
  }

  resolverReports(): ReturnType<Operations["resolverReports"]> {
    return this.#current().resolverReports();
  }

  explain(service: string): ReturnType<Operations["explain"]> {
    return this.#current().explain(service);
  }

  preview(...asked: Parameters<Operations["preview"]>): ReturnType<Operations["preview"]> {
    return this.#current().preview(...asked);
  }

  follow(listener: (entry: RecordedEntry) => void): () => void {
    const own = (entry: RecordedEntry): void => listener(entry);
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  about(): ReturnType<Operations["about"]> {
    const about = this.#current().about();
    return this.#opening === undefined || this.#ended ? about : { ...about, status: "reopening" };
  }

  stats(): ReturnType<Controller["stats"]> {
    return this.#current().stats();
  }

  surveyed(...taken: Parameters<Controller["surveyed"]>): void {
    this.#controller?.surveyed(...taken);
  }

  #current(): Controller {
    invariant(this.#controller !== undefined, "a controller is asked once it was started");
    return this.#controller;
  }

  async #open(): Promise<void> {
    const { file, partsFor } = this.#parts;
    const inForce = (await this.#inForce()) ?? file;
    const controller = createController({
      ...partsFor(inForce),
      onDisk: file.policy,
      onAdopted: () => this.#succeed(),
    });
    const followed = controller.follow((entry) => this.#tell(entry));
    try {
      await controller.start();
    } catch (error) {
      followed();
      throw error;
    }
    this.#controller = controller;
  }

  /** What was told by the controller before is not told again. */
  #tell(entry: RecordedEntry): void {
    if (entry.sequence < this.#told) return;
    this.#told = entry.sequence + 1;
    // Before the first start nobody listens: what is old is then told to nobody, as it was.
    for (const listener of this.#listeners) listener(entry);
  }

  async #inForce(): Promise<PolicyFile | undefined> {
    const { openJournal, readPolicy } = this.#parts;
    const journal = await openJournal();
    try {
      return await policyInForce(journal, readPolicy);
    } finally {
      await journal.close();
    }
  }

  #succeed(): void {
    if (this.#ended || this.#opening !== undefined) return;
    // Not at once: what was just decided is answered, and its entries become durable, before the controller ends.
    this.#opening = Promise.resolve().then(() => this.#replace());
  }

  async #replace(): Promise<void> {
    const { clock, log } = this.#parts;
    log.write("info", "policy-adopted", { says: "The controller is opened anew for the policy in force." });
    await this.#controller?.stop();
    await retrying(clock, reopenDelay, async () => this.#ended || (await this.#tryOpen()));
    this.#opening = undefined;
  }

  async #tryOpen(): Promise<boolean> {
    try {
      await this.#open();
      return true;
    } catch (error) {
      const says = error instanceof PointsmanError ? error.refusal.says : String(error);
      this.#parts.log.write("error", "policy-not-opened", { says });
      return false;
    }
  }
}
