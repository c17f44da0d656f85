import type { ServerSurvey } from "../../../../core/integrity/survey.ts";
import type { AnswerLink, ZoneLink } from "../../../../dns/dnssec/verdict.ts";
import type { Instant } from "../../../../values/time.ts";
import {
  algorithmName,
  countdown,
  digestName,
  keyMaterial,
  roleOf,
  rough,
  shareLeft,
  signatureStates,
  toneOf,
  when,
  zoneName,
} from "../display.ts";
import { expiries } from "../expiry.ts";
import type { Inspection } from "../inspection.ts";
import { marks } from "./draw.ts";
import { escaped } from "./escape.ts";

/** One row an address of a nameserver. */
export function serverTable({ survey, at }: Inspection): string {
  if (survey === null || survey.servers.length === 0) return "";
  const head = ["Nameserver", "Address", "Answers", "Authentic", "Serial", "Signed until", "UDP", "TCP"];
  return `<div class="wide servers" tabindex="0"><table><thead><tr>${head.map((title) => `<th scope="col">${title}</th>`).join("")}</tr></thead>
<tbody>${survey.servers.map((server) => serverRow(server, at)).join("\n")}</tbody></table></div>`;
}

const outcomes = { "no-response": "silent", lame: "lame", malformed: "malformed", "no-route": "no route" } as const;

function serverRow(server: ServerSurvey, now: Instant): string {
  const { finding, outcome, latencyMs, signedUntil, soa } = server;
  const answers =
    outcome === "answer"
      ? cell(`✓ ${latencyMs === null ? "yes" : `${Math.round(latencyMs)} ms`}`, "good")
      : cell(`✗ ${outcomes[outcome]}${server.code === null ? "" : ` (${server.code})`}`, "bad");
  const until =
    signedUntil === null
      ? cell("–", "soft")
      : signedUntil < now
        ? cell(`expired ${rough(now - signedUntil)} ago`, "bad")
        : cell(`${when(signedUntil)}, ${rough(signedUntil - now)} left`, "");
  return `<tr><th scope="row">${escaped(server.nameserver)}</th>${cell(server.address, "data")}${answers}${
    outcome === "answer"
      ? cell(`${marks[finding.authenticity]} ${finding.authenticity}`, toneOf(finding.authenticity))
      : cell("not known", "soft")
  }${cell(soa === null ? "–" : String(soa.serial), "number")}${until}${transport(server.udp)}${transport(server.tcp)}</tr>`;
}

function transport(answers: boolean | null): string {
  if (answers === null) return cell("not asked", "soft");
  return answers ? cell("✓ yes", "good") : cell("✗ no", "bad");
}

function cell(text: string, kind: string): string {
  return `<td${kind === "" ? "" : ` class="${kind}"`}>${escaped(text)}</td>`;
}

/** Signatures by the time that they end at. */
export function expiryTable(inspection: Inspection): string {
  const rows = expiries(inspection).map((expiry) => {
    const share = Math.round(shareLeft(expiry, inspection.at) * 100);
    const tone = expiry.state === "good" ? "good" : expiry.state === "soon" ? "warn" : "bad";
    const what = expiry.at === null ? expiry.what : `${expiry.what} at ${expiry.at}`;
    return `<tr><th scope="row">${escaped(what)}</th><td><span class="gauge ${tone}" aria-hidden="true"><span style="width:${expiry.state === "over" ? 0 : Math.max(3, share)}%"></span></span></td>${cell(countdown(expiry, inspection.at), tone)}${cell(when(expiry.expiration), "number")}</tr>`;
  });
  if (rows.length === 0) return "";
  return `<div class="wide" tabindex="0"><table><thead><tr><th scope="col">Signed</th><th scope="col">Left</th><th scope="col">In words</th><th scope="col">Ends</th></tr></thead>
<tbody>${rows.join("\n")}</tbody></table></div>`;
}

/** All that the picture shows, as a list: for screen readers, for searching, for copying. */
export function wordsOfChain({ validation, at }: Inspection): string {
  const zones = validation.chain.map((link, index) => zoneWords(link, index === 0 ? "anchor" : "DS", at));
  const records = validation.answer.map((link) => recordWords(link, at));
  const steps = validation.reasons.map(
    ({ says, zone, code }) =>
      `<li><strong>${escaped(zone)}</strong> ${escaped(says)} <code>${escaped(code)}</code></li>`,
  );
  return `<ol class="chainwords">${[...zones, ...records].join("\n")}</ol>
<h3>Step by step</h3>
<ol>${steps.join("\n")}</ol>`;
}

function zoneWords(link: ZoneLink, by: string, now: Instant): string {
  const fates = { key: "matches a key", "no-key": "matches no key", unsupported: "not supported" } as const;
  const trusted = {
    anchor: "trusted by an anchor",
    ds: "trusted by the DS",
    signed: "signed with the keys",
    none: "nothing leads to it",
  } as const;
  const items = [
    ...link.ds.map(
      (ds) => `${by} ${ds.tag}, ${algorithmName(ds.algorithm)}, ${digestName(ds.digestType)}: ${fates[ds.matches]}`,
    ),
    ...link.keys.map((key) => `${roleOf(key, link)} ${key.tag}, ${keyMaterial(key)}: ${trusted[key.trustedBy]}`),
    ...link.signatures.map(
      (signature) =>
        `keys signed by ${signature.tag}: ${signatureStates[signature.state]}, ${countdown(signature, now)}`,
    ),
  ];
  return `<li><strong>${escaped(zoneName(link.zone))}</strong> <span class="${toneOf(link.verdict)}">${marks[link.verdict]} ${link.verdict}</span>${list(items)}</li>`;
}

function recordWords(link: AnswerLink, now: Instant): string {
  const items = [
    ...link.rdata,
    `TTL ${link.ttl} s${link.wildcard === null ? "" : `, made from the wildcard ${link.wildcard}`}`,
    ...link.signatures.map(
      (signature) =>
        `signed by ${signature.tag} of ${signature.signer}: ${signatureStates[signature.state]}, ${countdown(signature, now)}`,
    ),
  ];
  return `<li><strong>${escaped(`${link.name} ${link.type}`)}</strong> <span class="${toneOf(link.verdict)}">${marks[link.verdict]} ${link.verdict}</span>${list(items)}</li>`;
}

function list(items: readonly string[]): string {
  return `<ul>${items.map((item) => `<li>${escaped(item)}</li>`).join("")}</ul>`;
}
