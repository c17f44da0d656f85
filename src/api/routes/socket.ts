import { chmod, lstat, mkdir, stat, unlink } from "node:fs/promises";
import type { Server } from "node:http";
import { connect } from "node:net";
import path from "node:path";
import { PointsmanError } from "../../values/refusal.ts";

/** `sun_path` of Linux holds 108 octets, the final zero included (unix(7)). */
const socketPathOctetsMax = 107;

/**
 * Listens on a Unix socket that only this user can connect to (mode 0600): its permissions are the API's only guard. The
 * folder is made (0700) where it is missing. The socket of a process that is gone is replaced, never a live one's.
 * @throws PointsmanError `socket-path-too-long`, `socket-folder-unsafe`, `not-a-socket`, `socket-in-use`, `socket-unavailable`.
 */
export async function listenOnSocket(server: Server, socketPath: string): Promise<void> {
  if (Buffer.byteLength(socketPath) > socketPathOctetsMax) throw tooLong(socketPath);
  await checkFolder(path.dirname(socketPath));
  await removeStale(socketPath);
  await bind(server, socketPath);
  await chmod(socketPath, 0o600);
}

async function checkFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw unavailable(folder, error);
  }
  const found = await stat(folder);
  const uid = process.getuid?.() ?? found.uid;
  const writableByOthers = (found.mode & 0o022) !== 0;
  // Somebody else who can write the folder could put a socket of their own in the place of ours.
  if (writableByOthers || (found.uid !== uid && found.uid !== 0)) {
    const mode = (found.mode & 0o7777).toString(8).padStart(4, "0");
    throw new PointsmanError({
      code: "socket-folder-unsafe",
      says: `The folder of the socket, ${folder}, has mode ${mode} and owner ${found.uid}: others could replace the socket.`,
      figures: { folder, mode, owner: found.uid, user: uid },
      mend: `Run: chmod go-w ${folder}, or choose another path in the settings.`,
    });
  }
}

async function removeStale(socketPath: string): Promise<void> {
  let found;
  try {
    found = await lstat(socketPath);
  } catch {
    return;
  }
  if (!found.isSocket()) {
    throw new PointsmanError({
      code: "not-a-socket",
      says: `${socketPath} is there and is not a socket; it is left alone.`,
      figures: { path: socketPath },
      mend: "Move it away, or choose another path in the settings.",
    });
  }
  if (await answers(socketPath)) {
    throw new PointsmanError({
      code: "socket-in-use",
      says: `Another process listens on ${socketPath}.`,
      figures: { path: socketPath },
      mend: "Stop that controller first, or choose another path in the settings.",
    });
  }
  await unlink(socketPath);
}

/** Whether somebody listens. Only ECONNREFUSED and ENOENT say that nobody does; anything else is not known, so yes. */
async function answers(socketPath: string): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", (error: NodeJS.ErrnoException) => {
      resolve(error.code !== "ECONNREFUSED" && error.code !== "ENOENT");
    });
  });
}

async function bind(server: Server, socketPath: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(unavailable(socketPath, error)));
    // Bound within this call, so nobody can connect in the time between the bind and the chmod.
    const before = process.umask(0o177);
    server.listen({ path: socketPath }, resolve);
    process.umask(before);
  });
}

function unavailable(where: string, error: unknown): PointsmanError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
  return new PointsmanError({
    code: "socket-unavailable",
    says: `The controller cannot listen at ${where}: ${code}.`,
    figures: { path: where, error: code },
    mend: "Give a path in a folder that this user may write.",
  });
}

function tooLong(socketPath: string): PointsmanError {
  const octets = Buffer.byteLength(socketPath);
  return new PointsmanError({
    code: "socket-path-too-long",
    says: `The path of the socket has ${octets} octets; systems hold ${socketPathOctetsMax}.`,
    figures: { octets, allowed: socketPathOctetsMax },
    mend: "Give a shorter path in the settings.",
  });
}
