import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fakeOperations, type FakeOperations } from "../../../test/api/fake-operations.ts";
import { ManualClock } from "../../../test/control/manual-clock.ts";
import { listenerKey } from "../../credentials/listener-key.ts";
import { postPinned } from "../../wiring/signing.ts";
import { sourceOf } from "./door.ts";
import { watchDropFolder, type DropFolder } from "./drop-folder.ts";
import { startStatementListener, type StatementListener } from "./statement-listener.ts";

let folder: string;
let operations: FakeOperations;
let clock: ManualClock;
const log = { write: () => undefined };

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "pointsman-ways-"));
  operations = fakeOperations();
  clock = new ManualClock();
});
afterEach(() => rmSync(folder, { recursive: true }));

const signed = { statement: "{}", proof: { method: "sshsig", signature: "AAAA" } } as const;

describe("the listener for statements", () => {
  let listener: StatementListener;
  let pin: string;

  beforeEach(async () => {
    const made = listenerKey(folder, null, clock);
    ({ pin } = made);
    listener = await startStatementListener({
      operations,
      address: "127.0.0.1",
      port: 0,
      ...made,
      passkeys: null,
      clock,
      log,
    });
  });
  afterEach(() => listener.close());

  const post = (where: string, body: object) =>
    postPinned({ host: "127.0.0.1", port: listener.port, path: where, pin }, JSON.stringify(body));

  it("takes statements, by the address that they come from", async () => {
    expect(await post("/statements", { v: 1, ...signed })).toMatchObject({ ok: true });
    expect(operations.signed).toMatchObject([{ source: { lane: "listener", from: "127.0.0.1" }, reason: null }]);
  });

  it("has nothing else: no act, no basis, no status", async () => {
    const answers = await Promise.all(["/v1/acts", "/v1/basis", "/v1/statements"].map((where) => post(where, {})));
    expect(answers.map(({ text }) => text)).toEqual(Array(3).fill(expect.stringContaining("no-such-path")));
  });

  it("keeps its key over a restart, and the file is the owner's alone", () => {
    expect(listenerKey(folder, null, clock).pin).toBe(pin);
    chmodSync(path.join(folder, "listener-key.pem"), 0o644);
    expect(() => listenerKey(folder, null, clock)).toThrow("others may read it");
  });

  it("refuses who comes too often, by the source and before a handshake", async () => {
    const answers = await Promise.allSettled(
      Array.from({ length: 40 }, () => post("/statements", { v: 1, ...signed })),
    );
    expect(answers.some(({ status }) => status === "rejected")).toBe(true);
    const others = operations.doors.filter((code) => code !== "too-fast" && code !== "too-many-connections");
    expect(others).toEqual([]);
  });

  it("cuts off who connects and says nothing", async () => {
    const socket = connect(listener.port, "127.0.0.1");
    await new Promise((resolve) => socket.once("connect", resolve));
    let ended = false;
    socket.once("close", () => (ended = true));
    await vi.waitFor(async () => {
      await clock.advance(15_000);
      expect(ended).toBe(true);
    });
  });

  it("counts a site's whole IPv6 network as one source, and IPv4 within IPv6 as IPv4", () => {
    expect(sourceOf("2001:db8:1:2:3:4:5:6")).toBe(sourceOf("2001:db8:1:2::9"));
    expect(sourceOf("2001:db8:1:2::9")).not.toBe(sourceOf("2001:db8:1:3::9"));
    expect(sourceOf("::ffff:192.0.2.1")).toBe("192.0.2.1");
  });
});

/** Looks again and again until it is so. */
async function until(isSo: () => void): Promise<void> {
  await vi.waitFor(async () => {
    await clock.advance(250);
    isSo();
  });
}

function start(): Promise<DropFolder> {
  return watchDropFolder({ operations, folder, readSignature: (text) => text.trim(), clock, log });
}

function result(base: string): unknown {
  return JSON.parse(readFileSync(path.join(folder, `${base}.result.json`), "utf8"));
}

function isThere(...where: readonly string[]): boolean {
  return existsSync(path.join(folder, ...where));
}

describe("the drop folder", () => {
  it("takes each statement once, whole, and says what came of it", async () => {
    const watched = await start();
    writeFileSync(path.join(folder, "a.statement"), JSON.stringify(signed));
    writeFileSync(path.join(folder, "b.json"), "{}");
    await until(() => expect(isThere("done", "a.statement")).toBe(true));
    expect(operations.signed).toMatchObject([{ statement: signed, source: { lane: "folder" } }]);
    expect(result("a")).toMatchObject({ entries: [{ sequence: 128 }] });
    // Its signature is still to come.
    expect(isThere("b.json")).toBe(true);
    writeFileSync(path.join(folder, "b.json.sig"), "AAAA");
    await until(() => expect(isThere("done", "b.json.sig")).toBe(true));
    expect(operations.signed).toHaveLength(2);
    await watched.close();
  });

  it("refuses what is no statement, a link and UTF-16, and moves it away", async () => {
    const secret = path.join(folder, "secret");
    writeFileSync(secret, JSON.stringify(signed));
    symlinkSync(secret, path.join(folder, "link.statement"));
    writeFileSync(path.join(folder, "junk.statement"), "not JSON");
    writeFileSync(path.join(folder, "wide.statement"), Buffer.from(`\uFEFF${JSON.stringify(signed)}`, "utf16le"));
    const watched = await start();
    const bases = ["link", "junk", "wide"];
    await until(() => expect(bases.every((base) => isThere("refused", `${base}.statement`))).toBe(true));
    for (const base of bases) expect(result(base)).toMatchObject({ refusal: { code: "bad-request" } });
    expect(operations.signed).toEqual([]);
    expect(operations.doors).toHaveLength(3);
    await watched.close();
  });

  it("is refused where everybody may write", async () => {
    chmodSync(folder, 0o777);
    await expect(start()).rejects.toMatchObject({ refusal: { code: "drop-folder-unsafe" } });
  });
});
