import { describe, expect, it } from "vitest";
import { asCommitment } from "../../../values/commitment.ts";
import { commandId } from "../../../values/ids.ts";
import { sha256OfJson } from "../../../values/sha256.ts";
import { fingerprint, keyLine, Office } from "../office.fixture.ts";

const controller = { kind: "controller", id: "controller", method: "internal" } as const;

/** Ana's revocation of her key, made on a head that this journal does not have. */
function disputed(office: Office, head: "contained" | "not-contained" = "not-contained") {
  const subject = { type: "key", id: fingerprint(keyLine("ana")), hash: null };
  const command = office.command("ana", "revoke-key", { subject, head });
  const dispute = { id: commandId("dispute-1"), by: controller, request: { kind: "dispute-log" } as const };
  return { command, dispute: { ...dispute, ...(command.spoken === undefined ? {} : { spoken: command.spoken }) } };
}

const settle = (office: Office, person: string) =>
  office.about(person, "resume", "dispute", office.authority.dispute?.statement ?? sha256OfJson("none"));

describe("a dispute of the log", () => {
  it("given a statement that is valid in all but its head, then nothing of it is done, and two others settle it", () => {
    const office = Office.enrolled();
    const { command, dispute } = disputed(office);
    expect(office.submit(command)).toBe("log-not-contained");
    expect(office.submit(dispute)).toBe("log-disputed");
    expect(office.authority.keys.get(fingerprint(keyLine("ana")))?.revokedAt).toBeNull();
    expect(settle(office, "ana")).toBe("own-dispute");
    expect(settle(office, "ben")).toBe("log-dispute-signed");
    expect(settle(office, "ben")).toBe("already-signed");
    expect(settle(office, "cat")).toBe("log-dispute-settled");
    expect(office.authority.dispute).toBeNull();
  });

  it("is not opened again by the same statement, nor by one whose head is contained, nor a second time", () => {
    const office = Office.enrolled();
    expect(office.submit(disputed(office, "contained").dispute)).toBe("nothing-disputed");
    const { dispute } = disputed(office);
    office.submit(dispute);
    expect(office.submit(disputed(office).dispute)).toBe("log-disputed-already");
    settle(office, "ben");
    settle(office, "cat");
    expect(office.submit(dispute)).toBe("nonce-used");
  });

  it("is settled by a statement about this very dispute", () => {
    const office = Office.enrolled();
    expect(office.about("ben", "resume", "dispute", sha256OfJson("other"))).toBe("no-dispute");
    office.submit(disputed(office).dispute);
    expect(office.about("ben", "resume", "dispute", sha256OfJson("other"))).toBe("another-dispute");
  });

  it("given a signer whose key was revoked meanwhile, then another one must sign", () => {
    const office = Office.enrolled();
    office.submit(disputed(office).dispute);
    settle(office, "ben");
    office.revoke("ben", keyLine("ben"));
    expect(settle(office, "cat")).toBe("log-dispute-signed");
    expect(settle(office, "dan")).toBe("log-dispute-settled");
  });
});

describe("what is only recorded", () => {
  it("a credential was rotated: said by whoever holds a duty", () => {
    const office = Office.enrolled();
    expect(office.about("ben", "credential-rotated", "credential", "tsig-primary")).toBe("credential-rotated");
    expect(office.about("cat", "credential-rotated", "credential", "tsig-primary")).toBe("no-duty");
  });

  it("a value is erased: asked by whoever may change the policy", () => {
    const office = Office.enrolled();
    const commitment = asCommitment(sha256OfJson("a reason"));
    expect(office.about("ana", "erase", "attachment", commitment)).toBe("attachment-erased");
    expect(office.about("ben", "erase", "attachment", commitment)).toBe("duty-not-yours");
    expect(office.events.at(-1)).toMatchObject({ commitment, by: { person: "ana" } });
  });
});
