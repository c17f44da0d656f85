import type { AnswerLink, SignatureView, Validation } from "../../../../dns/dnssec/verdict.ts";
import { signatureStates } from "../display.ts";
import type { Inspection } from "../inspection.ts";
import { bondOf, troublesOfAnswer, unsignedWords } from "../story.ts";
import { shortened } from "./escape.ts";
import { boxWidth, headerHeight, inset, lineHeight } from "./measures.ts";
import { placeTexts, troubleTexts } from "./place-zone.ts";
import type { Panel, PlacedRecord } from "./scene.ts";

interface PanelToPlace {
  readonly links: readonly AnswerLink[];
  readonly inspection: Inspection;
  readonly x: number;
  readonly y: number;
}

/** The records that one zone gave, one under the other. */
export function placePanel({ links, inspection, x, y }: PanelToPlace): Panel {
  const records: PlacedRecord[] = [];
  let at = y;
  for (const link of links) {
    const record = placeRecord(link, inspection, at);
    records.push(record);
    at += record.height;
  }
  return { x, y, width: boxWidth, height: at - y, records };
}

const dataLinesMost = 6;
const dataCharacters = 58;

function placeRecord(link: AnswerLink, inspection: Inspection, y: number): PlacedRecord {
  let at = y + headerHeight;
  const data = placeTexts(
    dataLines(link, inspection.validation).map((text) => ({ text, tone: "plain" })),
    at,
  );
  at += data.length * lineHeight + 4;
  const signatures = link.signatures.map((signature, index) => ({
    y: at + (index + 1) * lineHeight - 5,
    says: signatureWords(signature),
    tone: signature.state === "valid" || signature.state === "not-needed" ? ("good" as const) : ("bad" as const),
    validity: signature,
  }));
  at += signatures.length * lineHeight;
  const troubles = placeTexts(
    troubleTexts(troublesOfAnswer(link, inspection.validation)),
    at + (signatures.length > 0 ? 4 : 0),
  );
  at += troubles.length * lineHeight + inset;
  return { link, bond: bondOf(link, inspection.validation), y, height: at - y, data, signatures, troubles };
}

function signatureWords({ tag, state }: SignatureView): string {
  return state === "valid" || state === "not-needed" ? `✓ signed by ${tag}` : `✗ by ${tag}, ${signatureStates[state]}`;
}

function dataLines(link: AnswerLink, validation: Validation): readonly string[] {
  const { rdata, ttl, wildcard, signatures } = link;
  const shown = rdata.slice(0, dataLinesMost).map((data) => shortened(data, dataCharacters));
  const more = rdata.length - shown.length;
  return [
    ...shown,
    ...(more > 0 ? [`and ${more} more`] : []),
    `TTL ${ttl} s${wildcard === null ? "" : `, from the wildcard ${shortened(wildcard, 32)}`}`,
    ...(signatures.length === 0 ? [unsignedWords(link, validation)] : []),
  ];
}
