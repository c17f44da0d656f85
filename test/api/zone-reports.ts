import type { KeyReport } from "../../src/core/integrity/key-stage.ts";
import type { IntegrityFinding, IntegrityReport, ServerReport } from "../../src/core/integrity/report.ts";
import { initialZone, type ZoneState } from "../../src/core/integrity/zone-state.ts";
import { day, instant } from "../../src/values/time.ts";
import { now } from "./fake-operations.ts";

/** What a look at example.com came to that found all well, but for `change`. */
export function reportOf(change: Partial<IntegrityReport> = {}): IntegrityReport {
  return {
    zone: "example.com.",
    view: "public",
    vantage: "office",
    at: instant(now - 12_000),
    servers: [serverOf("ns1.example.net.", "192.0.2.53:53"), serverOf("ns2.example.net.", "198.51.100.53:53")],
    availability: [],
    integrity: [],
    advice: [],
    expected: [],
    keys: [keyOf()],
    baseline: null,
    ...change,
  };
}

function serverOf(nameserver: string, address: string, change: Partial<ServerReport> = {}): ServerReport {
  return {
    provider: "primary",
    nameserver,
    address,
    class: "ok",
    authenticity: { authenticity: "secure", code: "secure", says: "The chain holds." },
    serial: 2026,
    signedUntil: instant(now + 10 * day),
    findings: [],
    ...change,
  };
}

/** A key that signs all, at rest. */
export function keyOf(change: Partial<KeyReport> = {}): KeyReport {
  return {
    fingerprint: "ab".repeat(32),
    role: "csk",
    tag: 12_345,
    algorithm: 13,
    bits: 256,
    providers: ["primary"],
    firstSeen: instant(now - 40 * day),
    lastSeen: now,
    fromTheStart: true,
    stage: "active",
    next: { step: "none", notBefore: null, says: "A DS names it; prepare its successor first." },
    ...change,
  };
}

export const bogusFinding: IntegrityFinding = {
  code: "bogus",
  bell: "integrity",
  about: "ns2.example.net. (198.51.100.53:53)",
  says: "ns2.example.net. (198.51.100.53:53) is bogus (signature-invalid): no signature holds.",
  figures: { code: "signature-invalid" },
  mend: "Mend its signatures, keys or DS; look first at what changed there last.",
};

export const silentFinding: IntegrityFinding = {
  code: "no-response",
  bell: "availability",
  about: "ns1.example.net. (192.0.2.53:53)",
  says: "ns1.example.net. (192.0.2.53:53) does not answer (timeout).",
  figures: { code: "timeout" },
  mend: "See whether the server runs and can be reached.",
};

/** One nameserver is bogus, the other silent. */
export function troubledReport(): IntegrityReport {
  return reportOf({
    servers: [
      serverOf("ns1.example.net.", "192.0.2.53:53", {
        class: "no-response",
        authenticity: null,
        serial: null,
        signedUntil: null,
        findings: [silentFinding],
      }),
      serverOf("ns2.example.net.", "198.51.100.53:53", {
        class: "bogus",
        authenticity: { authenticity: "bogus", code: "signature-invalid", says: "No signature holds." },
        findings: [bogusFinding],
      }),
    ],
    integrity: [bogusFinding],
    availability: [silentFinding],
  });
}

/** What the journal says of example.com. */
export function zoneStateOf(change: Partial<ZoneState> = {}): ZoneState {
  const baseline = { ns: ["ns1.example.net."], parentNs: null, ds: null, keys: null, secure: true };
  return { ...initialZone("example.com.", "public"), baseline, ...change };
}
