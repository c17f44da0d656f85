import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fakeOperations, siteHealth, type FakeOperations } from "../../test/api/fake-operations.ts";
import { run } from "../../test/api/fake-terminal.ts";
import { refusalResponse } from "../api/contract/common.ts";
import { statusResponse } from "../api/contract/status.ts";
import { startLocalApi, type LocalApi } from "../api/routes/local-api.ts";
import { rdataToText } from "../dns/wire/rdata.ts";
import { hour } from "../values/time.ts";
import { remoteCommands } from "./remote/index.ts";

let folder: string;
let socket: string;
let operations: FakeOperations;
let api: LocalApi;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "pointsman-cli-"));
  socket = path.join(folder, "pointsman.sock");
  operations = fakeOperations();
  api = await startLocalApi({
    operations,
    socketPath: socket,
    rdataText: rdataToText,
    log: { write: () => undefined },
  });
});

afterEach(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

const reason = ["--reason", "fra burns"];
/** A way to call each command that the controller lets through. */
const calls: readonly (readonly string[])[] = [
  ["status"],
  ["why", "login"],
  ["plan", "login", "--to", "iad"],
  ["move", "login", "--to", "iad", ...reason],
  ["withdraw", "login-17"],
  ["veto", "login-17", ...reason],
  ["lift-veto", "login", "veto-1"],
  ["rollback", "login"],
  ["stop", "--all"],
  ["resume", "login"],
  ["adopt", "login/v4", ...reason],
  ["announce", "example.com", "--kind", "rollover", "--for", "1d", ...reason],
  ["announce", "--withdraw", "announcement-1"],
  ["guard", "login.example.com"],
  ["export"],
];

describe("every command", () => {
  it("is tried here", () => {
    const tried = new Set([...calls.map(([name]) => name), "approve"]);
    expect(new Set(remoteCommands.map(({ name }) => name))).toEqual(tried);
  });

  it.each(calls)(
    "%s exits 0 when the controller lets it through, without colour, and with --json prints JSON",
    async (...words) => {
      const text = await run(socket, words);
      expect(text).toMatchObject({ code: 0, err: "" });
      expect(text.out).not.toBe("");
      expect(text.out).not.toContain("\u001B");
      const json = await run(socket, [...words, "--json"]);
      expect(json.code).toBe(0);
      expect(JSON.parse(json.out)).toMatchObject({ v: 1, header: { unsigned: true } });
    },
  );

  it.each(calls)("%s exits 3 where no controller listens, and says how to start one", async (...words) => {
    const nowhere = path.join(folder, "nowhere.sock");
    const { code, err, out } = await run(nowhere, words);
    expect({ code, out }).toEqual({ code: 3, out: "" });
    expect(err).toContain(nowhere);
    expect(err).toContain("pointsman run");
    const json = await run(nowhere, [...words, "--json"]);
    expect(json.code).toBe(3);
    expect(refusalResponse.parse(JSON.parse(json.out)).refusal.code).toBe("unreachable");
  });

  it.each(calls)("%s shows a mistake of the controller as one sentence, never its stack", async (...words) => {
    operations.failWith = new TypeError("secret of line 7");
    const { code, err, out } = await run(socket, words);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain("internal");
    expect(err).not.toMatch(/secret|at .*\(|\.ts:\d/);
  });
});

describe("what was typed wrongly exits 2", () => {
  it.each([
    [["stauts"], "pointsman status"],
    [["status", "--wach"], "--help"],
    [["why"], "SERVICE"],
    [["move", "login", "--to", "iad"], "--reason"],
    [["move", "login", "--to", "iad", "--drain", "fra", ...reason], "--to"],
    [["plan", "login"], "--to"],
    [["stop"], "--all"],
    [["stop", "login", "--all"], "--all"],
    [["adopt", "login/v4"], "--reason"],
    [["export", "--format", "xml"], "terraform"],
    [["announce"], "announce example.com"],
    [["announce", "example.com"], "--kind rollover|delegation"],
    [["announce", "example.com", "--kind", "rolover", "--for", "1d", ...reason], "--kind rollover|delegation"],
    [["announce", "example.com", "--kind", "rollover", ...reason], "--for"],
    [["announce", "example.com", "--kind", "rollover", "--for", "1 day", ...reason], "90m, 12h or 1d"],
    [["announce", "example.com", "--kind", "rollover", "--for", "0s", ...reason], "90m, 12h or 1d"],
    [["announce", "example.com", "--kind", "rollover", "--for", "1d", "--from", "tomorrow", ...reason], "UTC"],
    [["announce", "example.com", "--kind", "rollover", "--for", "1d"], "--reason"],
    [["announce", "example.com", "--withdraw", "announcement-1"], "announce example.com"],
    [["approve", "login-17", "--plan", "xyz"], "hexadecimal"],
  ])("%j", async (words, hint) => {
    await run(socket, ["move", "login", "--to", "iad", ...reason]);
    const { code, err } = await run(socket, words);
    expect(code).toBe(2);
    expect(err).toContain(hint);
  });

  it("no command at all shows the help", async () => {
    const { code, out } = await run(socket, []);
    expect(code).toBe(2);
    for (const { name } of remoteCommands) expect(out).toContain(`  ${name}`);
  });

  it.each(remoteCommands.map(({ name }) => [name]))(
    "%s --help tells how to call it, without a controller",
    async (name) => {
      const { code, out } = await run("/nowhere", [name, "--help"]);
      expect(code).toBe(0);
      expect(out).toContain(`Usage: pointsman ${name}`);
      expect(out).toContain("--json");
    },
  );
});

it("plan exits 1 when a gate refuses, with its figures, the mend and the steps by hand", async () => {
  operations.health["iad"] = siteHealth("down");
  const { code, out } = await run(socket, ["plan", "login", "--to", "iad"]);
  expect(code).toBe(1);
  for (const part of ["REFUSE  target-ready (judgement)", "site iad", "Mend iad first.", "server 192.0.2.53"]) {
    expect(out).toContain(part);
  }
});

describe("acts", () => {
  it("reach the controller with their sender, an id and the sealed reason", async () => {
    await run(socket, ["stop", "login", ...reason]);
    expect(operations.submitted).toEqual([
      {
        command: {
          id: "test-command-1",
          by: { kind: "local-user", id: "uid:1000", method: "local-user" },
          service: "login",
          request: { kind: "stop" },
        },
        reason: "fra burns",
      },
    ]);
  });

  it.each([
    [["move", "login", "--drain", "fra", ...reason], { kind: "declare", move: { kind: "drain", site: "fra" } }],
    [["veto", "login-17"], { kind: "veto", failover: "login-17" }],
    [["withdraw", "login-17"], { kind: "withdraw", failover: "login-17" }],
    [["lift-veto", "login", "veto-1"], { kind: "lift-veto", veto: "veto-1" }],
    [["rollback", "login"], { kind: "rollback" }],
    [["resume", "--all"], { kind: "resume-all" }],
    [["adopt", "login.example.com/aaaa", ...reason], { kind: "adopt", record: "v6" }],
  ])("%j asks for %j", async (words, request) => {
    await run(socket, words);
    expect(operations.submitted.at(-1)?.command.request).toEqual(request);
  });

  it("that are refused exit 1, with the figures' sentence and the mend", async () => {
    operations.refuseWith = {
      code: "vetoed",
      says: "The move is vetoed for 12 min.",
      figures: { minutes: 12 },
      mend: "Wait.",
    };
    const { code, err } = await run(socket, ["rollback", "login"]);
    expect(code).toBe(1);
    expect(err).toBe("pointsman: The move is vetoed for 12 min.\nWait. (vetoed)");
    const json = await run(socket, ["rollback", "login", "--json"]);
    expect(JSON.parse(json.out)).toEqual({ v: 1, refusal: operations.refuseWith });
  });

  it.each([
    [["stop", "logn"], "no-such-service", "login"],
    [["veto", "logn-3"], "no-such-failover", "status"],
    [["adopt", "login.example.com", ...reason], "several-records", "login/v4"],
    [["guard", "logim.example.com"], "no-such-name", "login.example.com"],
    [["announce", "exampl.com", "--kind", "rollover", "--for", "1d", ...reason], "no-such-zone", "example.com."],
  ])("%j is refused as %s, and %s is named", async (words, refused, hint) => {
    const { code, err } = await run(socket, words);
    expect(code).toBe(1);
    expect(err).toContain(refused);
    expect(err).toContain(hint);
    expect(operations.submitted).toEqual([]);
  });
});

describe("an announcement", () => {
  const words = ["announce", "Example.COM", "--kind", "migration", "--for", "12h", ...reason];

  it("opens now, names the zone as the policy does, and tells the command that takes it back", async () => {
    const { out } = await run(socket, words);
    const [sent] = operations.submitted;
    const from = operations.aboutNow.now;
    const request = { kind: "announce", zone: "example.com.", view: "public", change: "migration" };
    expect(sent?.command.request).toEqual({ ...request, from, until: from + 12 * hour });
    expect(sent?.reason).toBe("fra burns");
    const back = /pointsman (announce --withdraw \S+)/.exec(out)?.[1] ?? "";
    await run(socket, back.split(" "));
    const announcement = sent?.command.id;
    expect(operations.submitted.at(-1)?.command.request).toEqual({ kind: "withdraw-announcement", announcement });
  });

  it("opens later with --from", async () => {
    await run(socket, [...words, "--from", "2026-11-23T03:00:00Z"]);
    const from = operations.aboutNow.now + 24 * hour;
    expect(operations.submitted[0]?.command.request).toMatchObject({ from, until: from + 12 * hour });
  });
});

function approvals(): unknown[] {
  return operations.submitted.map(({ command }) => command.request).filter(({ kind }) => kind === "approve");
}

describe("a move and its approval", () => {
  const move = ["move", "login", "--to", "iad", ...reason];

  it("without a terminal is proposed, and prints the exact command that approves this plan and no other", async () => {
    const { out } = await run(socket, move);
    expect(approvals()).toEqual([]);
    const command = /pointsman (approve login-17 --plan [0-9a-f]{12})/.exec(out)?.[1] ?? "";
    expect(await run(socket, command.split(" "))).toMatchObject({ code: 0 });
    expect(approvals()).toEqual([
      { kind: "approve", failover: "login-17", planHash: operations.state.failover?.planHash },
    ]);
  });

  it("asks on a terminal, and a no leaves it open", async () => {
    await run(socket, move, { answers: false });
    expect(approvals()).toEqual([]);
    await run(socket, move, { answers: true });
    expect(approvals()).toHaveLength(1);
  });

  it("--yes approves at once", async () => {
    expect(await run(socket, [...move, "--yes"])).toMatchObject({ code: 0, out: expect.stringContaining("Approved") });
    expect(approvals()).toHaveLength(1);
  });

  it("is not approved by the hash of another plan, nor unasked where nobody can be asked", async () => {
    await run(socket, move);
    expect(await run(socket, ["approve", "login-17", "--plan", "00000000"])).toMatchObject({ code: 1 });
    expect(await run(socket, ["approve", "login-17"])).toMatchObject({ code: 2 });
    expect(await run(socket, ["approve", "login-18", "--yes"])).toMatchObject({ code: 1 });
    expect(await run(socket, ["approve", "login-17"], { answers: false })).toMatchObject({ code: 1 });
    expect(approvals()).toEqual([]);
  });
});

describe("status", () => {
  it("exits 1 while an active site is unknown: unknown is never healthy", async () => {
    operations.health["fra"] = siteHealth("unknown");
    const { code, out } = await run(socket, ["status"]);
    expect(code).toBe(1);
    expect(out).toContain("ALARM   login: Site fra is unknown for 30 s");
  });

  it("names a standby that is down, and stays healthy", async () => {
    operations.health["iad"] = siteHealth("down");
    expect(await run(socket, ["status"])).toMatchObject({ code: 0, out: expect.stringContaining("connect-refused") });
  });

  it("--watch shows each change once, and ends with the controller", async () => {
    const shown: unknown[] = [];
    const ran = await run(socket, ["status", "--watch", "--json"], {
      onPrint(text) {
        const status = statusResponse.safeParse(JSON.parse(text));
        if (!status.success) return;
        shown.push(status.data.services[0]?.sites[0]?.verdict);
        if (shown.length === 1) operations.health["fra"] = siteHealth("down");
        else void api.close();
      },
    });
    expect(shown).toEqual(["up", "down"]);
    expect(ran.code).toBe(3);
    api = { close: async () => await Promise.resolve() };
  });

  it("does not let what a check met steer the terminal", async () => {
    operations.health["fra"] = { ...siteHealth("down"), failure: "\u001B[2Jowned" };
    const { out } = await run(socket, ["status"]);
    expect(out).not.toContain("\u001B");
    expect(out).toContain("\\u{1b}[2Jowned");
  });
});

describe("guard and export", () => {
  it("guard exits 1 while a failover is open or a service is away from home", async () => {
    await run(socket, ["move", "login", "--to", "iad", ...reason]);
    expect(await run(socket, ["guard", "login"])).toMatchObject({ code: 1, out: expect.stringContaining("in-flight") });
    const away = { all: [{ site: "iad", share: null, without: [] }] } as const;
    operations.state = { ...operations.state, failover: null, placement: away };
    expect(await run(socket, ["guard", "login/v4"])).toMatchObject({ code: 1, out: expect.stringContaining("moved") });
    operations.state = { ...operations.state, placement: null };
    expect(await run(socket, ["guard", "login/v4"])).toMatchObject({
      code: 1,
      out: expect.stringContaining("unknown"),
    });
  });

  it("export warns of a drifted value with exit code 1", async () => {
    operations.state = {
      ...operations.state,
      drift: new Map([
        ["v4", { kind: "foreign", provider: "primary", observed: "absent", at: operations.aboutNow.now }],
      ]),
    };
    const { code, err } = await run(socket, ["export", "--format", "terraform"]);
    expect(code).toBe(1);
    expect(err).toContain("login.example.com. A drifted");
  });
});

it("what listens there and is no controller is not understood", async () => {
  const other = createServer((stream) => {
    stream.on("error", () => undefined).resume();
    stream.end("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
  });
  const there = path.join(folder, "other.sock");
  await new Promise<void>((resolve) => {
    other.listen(there, resolve);
  });
  expect(await run(there, ["status"])).toMatchObject({ code: 1, err: expect.stringContaining("not-understood") });
  await new Promise((resolve) => {
    other.close(resolve);
  });
});
