import { createPrivateKey } from "node:crypto";
import { automationSigner } from "../../src/signatures/automation-key.ts";
import { concat, fromHex } from "../../src/values/octets.ts";

/** An Ed25519 key in PKCS #8 (RFC 8410 §7), without its 32 octets. */
const before = fromHex("302e020100300506032b657004220420") ?? new Uint8Array();

/** The same key in every run, so that a history of a seed has one journal. */
export const simulatedAutomation = automationSigner(
  createPrivateKey({ key: Buffer.from(concat(before, new Uint8Array(32).fill(7))), format: "der", type: "pkcs8" }),
);
