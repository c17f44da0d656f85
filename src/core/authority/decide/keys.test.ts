import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../../values/json.ts";
import { toBase64, utf8 } from "../../../values/octets.ts";
import { day, hour } from "../../../values/time.ts";
import { fingerprintOfOctets } from "../../policy/ssh-key.ts";
import { readPersonKey } from "../keys.ts";
import { automationLine, fingerprint, keyLine, Office, officePolicy, recoveryKeys } from "../office.fixture.ts";

describe("enrolment: a key comes to a person by a statement that it made itself", () => {
  it("given the last missing person, then the installation is signed, for good, in the same decision", () => {
    const office = new Office();
    expect(["ana", "ben", "cat"].map((id) => office.enrol(id, keyLine(id)))).toEqual(Array(3).fill("key-enrolled"));
    expect(office.authority.mode).toBe("unsigned");
    expect(office.enrol("dan", keyLine("dan"))).toBe("key-enrolled installation-signed");
    office.revoke("dan", keyLine("dan"));
    expect(office.authority.mode).toBe("signed");
  });

  it("given a policy without the one who was missing, then the installation is signed by itself", () => {
    const office = new Office();
    for (const id of ["ana", "ben", "cat"]) office.enrol(id, keyLine(id));
    const next = officePolicy(2, ["dan"]);
    office.fold.policies.set(next.hash, next);
    const by = { kind: "local-user", id: "uid:1000", method: "local-user" } as const;
    office.take({ type: "policy-adopted", policy: next.hash, version: 2, by, signed: false, class: null, words: [] });
    office.settle();
    expect(office.authority.mode).toBe("signed");
    expect(office.authority.history.map(({ policy }) => policy)).toEqual([officePolicy().hash, next.hash]);
  });

  it.each([
    ["a key that the policy does not list", keyLine("unlisted"), keyLine("unlisted"), "key-not-in-policy"],
    ["a key of somebody else", keyLine("ben"), keyLine("ben"), "key-of-another-person"],
    ["a second key, signed with the first", keyLine("ana-second"), keyLine("ana"), "enrolment-by-another-key"],
    ["the automation's key", automationLine, automationLine, "automation-is-no-person"],
    ["a recovery key, signed with an enrolled one", recoveryKeys[0] ?? "", keyLine("ana"), "key-has-another-use"],
    ["a key that is enrolled already", keyLine("ana"), keyLine("ana"), "key-enrolled-already"],
  ])("refuses %s", (_, line, signedWith, code) => {
    const office = Office.enrolled();
    expect(office.enrol("ana", line, signedWith)).toBe(code);
  });

  it("refuses a key in two hands, also after the policy gave it to another person", () => {
    const office = Office.enrolled();
    expect(office.enrol("ana", keyLine("ben"), keyLine("ana"))).toBe("key-in-two-hands");
    expect(office.enrol("ana", keyLine("ben-second"), keyLine("ana"))).toBe("key-in-two-hands");
  });

  it("never takes a revoked key back", () => {
    const office = Office.enrolled();
    office.enrol("ana", keyLine("ana-second"));
    expect(office.revoke("ana", keyLine("ana-second"))).toBe("key-revoked");
    expect(office.enrol("ana", keyLine("ana-second"), keyLine("ana"))).toBe("key-revoked");
    expect(office.enrol("ana", keyLine("ana-second"))).toBe("key-revoked");
  });

  it("accepts a statement once, whatever its command is called", () => {
    const office = new Office();
    const command = office.command("ana", "enrol", {
      subject: { type: "key", id: fingerprint(keyLine("ana")), hash: null },
      terms: { key: keyLine("ana") },
    });
    expect(office.submit(command)).toBe("key-enrolled");
    expect(office.submit(command)).toBe("nonce-used");
  });
});

describe("a passkey is enrolled by an SSH key of the same person", () => {
  // Ed25519 in the one encoding that a COSE key of it has.
  const cose = Uint8Array.of(
    0xa4,
    1,
    1,
    3,
    0x27,
    0x20,
    6,
    0x21,
    0x58,
    0x20,
    ...utf8("a public key of exactly 32 bytes"),
  );
  const publicKey = toBase64(cose);
  const passkey = (relyingParty: string) => {
    const origin = `https://${relyingParty}`;
    return canonicalJson({ method: "webauthn", credential: publicKey, publicKey, relyingParty, origin });
  };
  const subject = { type: "key", id: fingerprintOfOctets(cose), hash: null };

  it("in the only encoding of its COSE key, so that one key has one fingerprint", () => {
    const text = passkey("pointsman.example.net");
    expect(readPersonKey(text)).toMatchObject({ method: "webauthn", publicKey });
    const longer = toBase64(Uint8Array.of(...cose.subarray(0, 8), 0x59, 0, 0x20, ...cose.subarray(10)));
    expect(readPersonKey(text.replace(`"publicKey":"${publicKey}"`, `"publicKey":"${longer}"`))).toBeUndefined();
  });

  it("with one that stands; and not with a revoked one, nor by somebody who has none", () => {
    const office = Office.enrolled();
    const terms = { key: passkey("pointsman.example.net") };
    office.enrol("ana", keyLine("ana-second"));
    office.revoke("ana", keyLine("ana"));
    expect(office.ask("ana", "enrol", { subject, terms })).toBe("key-revoked");
    expect(office.ask("ana", "enrol", { subject, terms, key: keyLine("ana-second") })).toBe("key-enrolled");
    expect(office.ask("ben", "enrol", { subject, terms })).toBe("key-in-two-hands");
    expect(new Office().ask("ana", "enrol", { subject, terms })).toBe("unknown-key");
  });

  it("and its relying party lies outside of every zone that the policy steers", () => {
    const office = Office.enrolled();
    for (const name of ["example.com", "LOGIN.example.com", "a.b.example.com"])
      expect(office.ask("ana", "enrol", { subject, terms: { key: passkey(name) } })).toBe(
        "relying-party-in-governed-zone",
      );
    expect(office.ask("ana", "enrol", { subject, terms: { key: passkey("notexample.com") } })).toBe("key-enrolled");
  });

  it("and does not stand in for the SSH key that each person has beside it", () => {
    const office = new Office();
    for (const id of ["ana", "ben", "cat"]) office.enrol(id, keyLine(id));
    expect(office.ask("ana", "enrol", { subject, terms: { key: passkey("example.net") } })).toBe("key-enrolled");
    expect(office.authority.mode).toBe("unsigned");
  });
});

describe("revocation: by the holder at once, by two others together", () => {
  it("given the holder, then nothing that the key signs is accepted any more", () => {
    const office = Office.enrolled();
    expect(office.revoke("ana", keyLine("ana"))).toBe("key-revoked");
    expect(office.delegate("ana", "cat")).toBe("key-revoked");
  });

  it("given one other person, then it is asked for alone; given a second one, then it is revoked", () => {
    const office = Office.enrolled();
    expect(office.revoke("ben", keyLine("ana"))).toBe("key-revocation-asked");
    expect(office.revoke("ben", keyLine("ana"))).toBe("already-signed");
    expect(office.authority.keys.get(fingerprint(keyLine("ana")))?.revokedAt).toBeNull();
    expect(office.revoke("cat", keyLine("ana"))).toBe("key-revoked");
    expect(office.authority.keys.get(fingerprint(keyLine("ana")))?.revokedAt).toBe(office.now);
    expect(office.authority.revocations.size).toBe(0);
  });

  it("given an asker whose own key was revoked meanwhile, or who asked a day ago, then another one must ask", () => {
    const office = Office.enrolled();
    office.revoke("ben", keyLine("ana"));
    office.revoke("ben", keyLine("ben"));
    expect(office.revoke("cat", keyLine("ana"))).toBe("key-revocation-asked");
    office.pass(day);
    expect(office.revoke("dan", keyLine("ana"))).toBe("key-revocation-asked");
    office.pass(hour);
    expect(office.revoke("cat", keyLine("ana"))).toBe("key-revoked");
  });
});
