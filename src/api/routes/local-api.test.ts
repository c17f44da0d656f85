import { chmod, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { request } from "node:http";
import { spawn } from "node:child_process";
import path from "node:path";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fakeOperations, now, siteHealth, type FakeOperations } from "../../../test/api/fake-operations.ts";
import { troubledReport } from "../../../test/api/zone-reports.ts";
import { rdataToText } from "../../dns/wire/rdata.ts";
import { sequenceOf } from "../../values/ids.ts";
import { actResponse } from "../contract/act.ts";
import { refusalResponse, type Schema } from "../contract/common.ts";
import { eventLine } from "../contract/event.ts";
import { exportResponse } from "../contract/export.ts";
import { guardResponse } from "../contract/guard.ts";
import { planResponse } from "../contract/plan.ts";
import { statusResponse } from "../contract/status.ts";
import { whyResponse } from "../contract/why.ts";
import { linesWaitingMax } from "./events.ts";
import { startLocalApi, type LocalApi } from "./local-api.ts";

let folder: string;
let socketPath: string;
let operations: FakeOperations;
let api: LocalApi | undefined;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "pointsman-api-"));
  socketPath = path.join(folder, "pointsman.sock");
  operations = fakeOperations();
});

afterEach(async () => {
  await api?.close();
  api = undefined;
  await rm(folder, { recursive: true });
});

async function start(): Promise<LocalApi> {
  return await startLocalApi({ operations, socketPath, rdataText: rdataToText, log: { write: () => undefined } });
}

async function send(method: string, target: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const headers = body === undefined ? {} : { "content-type": "application/json" };
  const outgoing = request({ socketPath, method, path: target, headers, agent: false });
  // What is too large is refused before it is read to its end.
  outgoing.on("error", () => undefined);
  outgoing.end(body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body));
  const [response] = await once(outgoing, "response");
  let text = "";
  for await (const part of response) text += String(part);
  return { status: response.statusCode, body: JSON.parse(text) };
}

const act = { v: 1, id: "command-1", uid: 1000 };
const move = { kind: "to", site: "iad" };

describe("the socket", () => {
  it("can be opened by its user alone (0600), and is gone after the close", async () => {
    api = await start();
    expect((await stat(socketPath)).mode & 0o777).toBe(0o600);
    await api.close();
    api = undefined;
    await expect(stat(socketPath)).rejects.toThrow("ENOENT");
  });

  it("of a process that was killed is replaced", async () => {
    const listen = `require("net").createServer().listen(${JSON.stringify(socketPath)}, () => console.log("on"))`;
    const child = spawn(process.execPath, ["-e", listen], { stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    child.kill("SIGKILL");
    await once(child, "exit");
    expect((await stat(socketPath)).isSocket()).toBe(true);
    api = await start();
    expect(await send("GET", "/v1/status")).toMatchObject({ status: 200 });
  });

  it("of a live controller is refused, and goes on to answer", async () => {
    api = await start();
    await expect(start()).rejects.toMatchObject({ refusal: { code: "socket-in-use" } });
    expect(await send("GET", "/v1/status")).toMatchObject({ status: 200 });
  });

  it("never takes the place of a file", async () => {
    await writeFile(socketPath, "precious");
    await expect(start()).rejects.toMatchObject({ refusal: { code: "not-a-socket" } });
    expect((await stat(socketPath)).size).toBe(8);
  });

  it("is refused in a folder that others may write", async () => {
    await chmod(folder, 0o777);
    await expect(start()).rejects.toMatchObject({ refusal: { code: "socket-folder-unsafe" } });
  });

  it("is refused where its path is longer than the system holds", async () => {
    socketPath = path.join(folder, "x".repeat(120));
    await expect(start()).rejects.toMatchObject({ refusal: { code: "socket-path-too-long" } });
  });
});

describe("the contract", () => {
  const answers: readonly (readonly [string, string, unknown, Schema])[] = [
    ["GET", "/v1/status", undefined, statusResponse],
    ["GET", "/v1/why?service=login", undefined, whyResponse],
    ["GET", "/v1/export", undefined, exportResponse],
    ["POST", "/v1/plan", { v: 1, service: "login", move }, planResponse],
    ["POST", "/v1/guard", { v: 1, names: ["login"] }, guardResponse],
    ["POST", "/v1/acts", { ...act, act: { kind: "move", service: "login", move, reason: "test" } }, actResponse],
  ];

  it.each(answers)(
    "%s %s gives all that its schema names, and nothing that it does not",
    async (method, target, body, schema) => {
      operations.health["fra"] = siteHealth("down");
      operations.surveyed = [troubledReport()];
      api = await start();
      const answer = await send(method, target, body);
      expect(answer.status).toBe(200);
      expect(schema.parse(answer.body)).toEqual(answer.body);
    },
  );

  it("shows RDATA as text, and what stands in DNS beside it", async () => {
    api = await start();
    const { body } = await send("GET", "/v1/status");
    expect(statusResponse.parse(body).services[0]?.records).toMatchObject([
      { record: "v4", baseline: { ttl: 60, data: ["192.0.2.10"] }, authenticity: { verdict: "not checked" } },
      { record: "v6", baseline: { data: ["2001:db8:1::10"] } },
    ]);
  });

  it.each([
    ["an unknown member", { ...act, act: { kind: "stop", service: null, reason: null, now: true } }],
    ["another version", { ...act, v: 2, act: { kind: "stop", service: null, reason: null } }],
    ["an unknown act", { ...act, act: { kind: "explode" } }],
    ["an id that is too short", { ...act, id: "1", act: { kind: "stop", service: null, reason: null } }],
    [
      "an announcement without a reason",
      { ...act, act: { kind: "announce", zone: "example.com", change: "rollover", from: null, forMs: 1, reason: "" } },
    ],
    [
      "an announcement for ever",
      {
        ...act,
        act: { kind: "announce", zone: "example.com", change: "rollover", from: null, forMs: 1e15, reason: "x" },
      },
    ],
    ["a move without a reason", { ...act, act: { kind: "move", service: "login", move, reason: "" } }],
    ["no JSON", "{"],
    ["too much", JSON.stringify({ ...act, act: { kind: "stop", service: "x".repeat(140_000), reason: null } })],
  ])("refuses %s, and decides nothing", async (_what, body) => {
    api = await start();
    const answer = await send("POST", "/v1/acts", body);
    expect(answer.status).toBe(400);
    expect(refusalResponse.parse(answer.body).refusal.code).toBe("bad-request");
    expect(operations.submitted).toEqual([]);
  });

  it("answers an unknown path with a refusal", async () => {
    api = await start();
    const answer = await send("GET", "/v2/status");
    expect(refusalResponse.parse(answer.body).refusal.code).toBe("no-such-path");
  });

  it("N11: a mistake of ours shows neither stack nor message", async () => {
    api = await start();
    operations.failWith = new Error("tsig secret");
    const answer = await send("GET", "/v1/status");
    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer.body)).not.toMatch(/tsig|\.ts/);
  });
});

function tell(sequence: number, stream = "service/login"): void {
  const by = { kind: "automation", id: "controller", method: "internal" } as const;
  const entry = {
    sequence: sequenceOf(sequence),
    at: now,
    stream,
    type: "verdict-changed",
    by,
    data: { site: "fra" },
  };
  for (const follower of operations.followers) follower(entry);
}

async function open(target: string): Promise<AsyncGenerator & { close: () => void }> {
  const outgoing = request({ socketPath, path: target, agent: false });
  outgoing.end();
  const [response] = await once(outgoing, "response");
  const lines = (async function* (): AsyncGenerator {
    let text = "";
    for await (const part of response) {
      text += String(part);
      const whole = text.split("\n");
      text = whole.pop() ?? "";
      for (const line of whole) yield JSON.parse(line);
    }
  })();
  return Object.assign(lines, { close: () => outgoing.destroy() });
}

describe("the event stream", () => {
  it("begins with the header, then has each entry of the service and of the fleet, and no other's", async () => {
    api = await start();
    const lines = await open("/v1/events?service=login");
    expect(eventLine.parse((await lines.next()).value)).toMatchObject({ line: "hello" });
    tell(1, "service/other");
    tell(2);
    tell(3, "fleet");
    expect(eventLine.parse((await lines.next()).value)).toMatchObject({ line: "entry", entry: { sequence: 2 } });
    expect(eventLine.parse((await lines.next()).value)).toMatchObject({ entry: { sequence: 3, stream: "fleet" } });
    lines.close();
    await expect.poll(() => operations.followers.size).toBe(0);
  });

  it("tells a reader that is too slow that it lags, and holds no more than its bound for it", async () => {
    api = await start();
    const lines = await open("/v1/events");
    for (let sequence = 0; sequence < linesWaitingMax * 40; sequence += 1) tell(sequence);
    expect(operations.followers.size).toBe(0);
    let last: unknown;
    for await (const line of lines) last = line;
    expect(last).toEqual({ v: 1, line: "lagged" });
  });
});
