import { describe, expect, it } from "vitest";
import { type FleetCommand, type ServiceCommand } from "../cycle/service-command.ts";
import { type Spoken } from "../cycle/command.ts";
import { withAuthority } from "./authority.fixture.ts";
import { commandIdOf, speakerOf } from "./speaker.ts";
import { approval, hash, now, scene } from "./statements.fixture.ts";

function spoke(one: ServiceCommand | FleetCommand, given = scene): string | null {
  const said = speakerOf(given.world, one, now);
  return said.ok ? (said.speaker?.person.id ?? null) : said.refusal.code;
}

describe("who speaks", () => {
  const signed = approval();
  const by = { kind: "person", id: "ana", method: "statement" } as const;
  const wanted = { kind: "give-word", failover: "login-1", planHash: hash, duty: "approve" } as const;
  const command: ServiceCommand = {
    id: commandIdOf(signed),
    service: "login",
    by,
    request: wanted,
    spoken: signed,
  };
  const local = { kind: "local-user", id: "uid:1000", method: "local-user" } as const;
  const trial = withAuthority(scene, { mode: "unsigned" });
  const { spoken: _, ...unsigned } = command;

  it("is the person who signed exactly this request", () => {
    expect(spoke(command)).toBe("ana");
  });

  const others: readonly (readonly [string, string, ServiceCommand | FleetCommand])[] = [
    ["another duty", "request-differs", { ...command, request: { ...wanted, duty: "validate" } }],
    ["another service", "request-differs", { ...command, service: "mail" }],
    ["another sender", "request-differs", { ...command, by: { ...by, id: "ben" } }],
    ["a local user with somebody's statement", "request-differs", { ...command, by: local }],
    ["another command's id", "request-differs", { ...command, id: commandIdOf(approval({ key: "ana/2" })) }],
    ["no statement", "statement-needed", { ...unsigned, by: local }],
    ["no statement, though it says who it is", "statement-needed", unsigned],
    [
      "a result that a local user makes up",
      "controller-alone",
      { ...unsigned, by: local, request: { kind: "advance" } },
    ],
    ["an effect's result with a statement", "request-differs", { ...command, request: { kind: "advance" } }],
  ];

  it.each(others)("is nobody with %s: %s", (_why, code, one) => {
    expect(spoke(one)).toBe(code);
  });

  it("is the local user in a trial, for what a trial knows; where people sign, never again", () => {
    const stop: ServiceCommand = { ...unsigned, by: local, request: { kind: "stop" } };
    expect(spoke(stop, trial)).toBeNull();
    expect(spoke(stop)).toBe("statement-needed");
    expect(spoke({ ...unsigned, by: local }, trial)).toBe("statement-needed");
    const fleet = { id: command.id, by: local } as const;
    expect(spoke({ ...fleet, request: { kind: "stop-all" } }, trial)).toBeNull();
    expect(spoke({ ...fleet, request: { kind: "close-review", review: "x" } }, trial)).toBe("statement-needed");
  });

  it("disputes through the controller alone, and only with a statement that nothing else speaks against", () => {
    const spoken: Spoken = { ...signed, head: "not-contained" };
    const controller = { kind: "controller", id: "controller", method: "internal" } as const;
    const dispute = { id: command.id, by: controller, request: { kind: "dispute-log" }, spoken } as const;
    expect(spoke(dispute)).toBe("ana");
    expect(spoke({ ...dispute, by })).toBe("controller-alone");
    expect(spoke({ ...dispute, spoken: signed })).toBe("nothing-disputed");
    expect(spoke({ ...dispute, spoken: { ...approval({ key: "ben" }), head: "not-contained" } })).toBe(
      "key-of-another-person",
    );
  });
});
