import { watchDropFolder } from "../api/routes/drop-folder.ts";
import { startStatementListener } from "../api/routes/statement-listener.ts";
import type { ListenerView } from "../api/contract/status.ts";
import type { Settings } from "../configuration/settings.ts";
import { listenerKey } from "../credentials/listener-key.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Operations } from "../ports/operations.ts";
import { readArmour } from "../signatures/sshsig.ts";
import { toBase64 } from "../values/octets.ts";
import { noticeProgram } from "./notices.ts";

export interface StatementWays {
  readonly listener: ListenerView | null;
  close(): Promise<void>;
}

interface Parts {
  readonly operations: Operations;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Opens the ways by which statements come in beside the socket, and by which people are told of emergencies.
 * @throws PointsmanError for a folder, a key or an address that cannot be used.
 */
export async function openStatementWays(parts: Parts): Promise<StatementWays> {
  const { operations, settings, clock, log } = parts;
  const { folder } = settings.statements;
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(closers.map((one) => one()));
  };
  try {
    if (settings.noticeCommand !== null) closers.push(noticeProgram(operations, settings.noticeCommand, log));
    if (folder !== null) {
      const watched = await watchDropFolder({ operations, folder, readSignature, clock, log });
      closers.push(() => watched.close());
    }
    const opened = await openListener(parts);
    if (opened !== null) closers.push(() => opened.close());
    return { listener: opened?.view ?? null, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openListener({
  operations,
  settings,
  clock,
  log,
}: Parts): Promise<{ readonly view: ListenerView; close(): Promise<void> } | null> {
  const { listen, files, passkeys } = settings.statements;
  if (listen === null) return null;
  const { key, certificate, pin } = listenerKey(settings.dataFolder, files, clock);
  const listener = await startStatementListener({ operations, ...listen, key, certificate, passkeys, clock, log });
  const host = listen.address.includes(":") ? `[${listen.address}]` : listen.address;
  const view = { address: `${host}:${listener.port}`, pin };
  log.write("info", "statements-listening", view);
  return { view, close: () => listener.close() };
}

function readSignature(file: string): string | undefined {
  const blob = readArmour(file);
  return blob && toBase64(blob);
}
