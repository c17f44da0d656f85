import { setTimeout as delay } from "node:timers/promises";
import { dig } from "../servers/dig.ts";
import { nsNames, zoneName, type Parent } from "./world.ts";
import type { RollingSigner } from "./signers.ts";

/** Follows the zone's CDS, as a parent does by RFC 7344. */
export interface ParentAgent {
  /** The DS set at the parent, in master-file text. */
  readonly ds: readonly string[];
  /** Resolves once it has done what it was at, and does nothing more. */
  stop(): Promise<void>;
}

const pollMs = 300;

export function startParentAgent(parent: Parent, signer: RollingSigner): ParentAgent {
  const ended = new AbortController();
  const agent = { ds: [] as readonly string[], stop };
  const running = follow();
  return agent;

  async function stop(): Promise<void> {
    ended.abort();
    await running;
  }

  async function follow(): Promise<void> {
    while (!ended.signal.aborted) {
      const cds = await readCds(signer); // oxlint-disable-line no-await-in-loop -- a poll
      // No CDS says nothing (RFC 7344 §4).
      // oxlint-disable-next-line no-await-in-loop -- one change after the other
      if (cds.length > 0 && cds.join("\n") !== agent.ds.join("\n")) await change(cds);
      await delay(pollMs); // oxlint-disable-line no-await-in-loop -- a poll
    }
  }

  async function change(cds: readonly string[]): Promise<void> {
    const before = agent.ds;
    await parent.delegate({ ns: nsNames, ds: cds });
    agent.ds = cds;
    const [old, now] = [before, cds].map((list) => new Set(list.map(tagOf)));
    // oxlint-disable-next-line no-await-in-loop -- the signer is told in order
    for (const tag of now ?? []) if (old?.has(tag) !== true) await signer.dsSeen(tag, "published");
    // oxlint-disable-next-line no-await-in-loop -- the signer is told in order
    for (const tag of old ?? []) if (now?.has(tag) !== true) await signer.dsSeen(tag, "withdrawn");
  }
}

function tagOf(ds: string): number {
  return Number(ds.split(" ")[0]);
}

/** As a CDS is read by somebody else's tool; its digest without the spaces that dig puts in. */
async function readCds(signer: RollingSigner): Promise<readonly string[]> {
  const lines = await dig(signer, zoneName, "CDS").catch(() => []);
  return lines
    .filter((line) => !line.startsWith(";"))
    .map((line) => line.split(" "))
    .map(([tag = "", algorithm = "", digest = "", ...rest]) => [tag, algorithm, digest, rest.join("")].join(" "));
}
