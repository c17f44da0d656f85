import { clean } from "../../../format/clean.ts";
import { toneOf, when } from "../display.ts";
import type { Finding } from "../finding.ts";
import { findingsOf } from "../findings.ts";
import type { Inspection } from "../inspection.ts";
import { outcomeWords } from "../story.ts";
import { judgementWords, verdictWords, workWords } from "../words.ts";
import { marks } from "./draw.ts";
import { escaped } from "./escape.ts";
import { expiryTable, serverTable, wordsOfChain } from "./page-tables.ts";
import { pageStyle } from "./page-style.ts";
import { colours, pictureStyle } from "./style.ts";
import { chainFigure } from "./svg.ts";

/**
 * One page that needs nothing beside itself: no script, no request, no font. The policy in its head forbids them, so that
 * nothing that a stranger wrote into a zone could bring any.
 */
export function pageFile(given: Inspection): string {
  const inspection = clean(given);
  const { name, type, verdict } = inspection.validation;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(`${name} ${type}: ${verdict}`)}</title>
<style>${colours}${pageStyle}${pictureStyle}</style>
</head>
<body>
${header(inspection)}
<main>
${[
  section("wrong", "What is wrong, and what mends it", findingList(findingsOf(inspection))),
  section("chain", "Chain of trust", figure(inspection)),
  section("servers", `Nameservers of ${inspection.survey?.zone ?? ""}`, serverTable(inspection)),
  section("ends", "What ends next", expiryTable(inspection)),
  section("words", "The chain in words", wordsOfChain(inspection)),
].join("\n")}
</main>
<footer><p>Made by <code>pointsman inspect</code> at ${escaped(when(inspection.at))}.
Asked ${escaped(inspection.asked)}: ${escaped(workWords(inspection.validation.work))}.</p></footer>
</body>
</html>
`;
}

function header(inspection: Inspection): string {
  const { validation } = inspection;
  const { verdict, name, type, extendedError } = validation;
  const { says, tone } = judgementWords(inspection);
  const error =
    extendedError === null
      ? ""
      : `<p class="soft">Extended DNS error ${extendedError.code}, ${escaped(extendedError.name)} (RFC 8914).</p>`;
  return `<header class="${toneOf(verdict)}">
<p class="verdict ${toneOf(verdict)}"><span aria-hidden="true">${marks[verdict]}</span> ${verdict}</p>
<h1>${escaped(name)} <span class="type">${escaped(type)}</span></h1>
<p${validation.outcome === "answer" ? ` class="data"` : ""}>${escaped(outcomeWords(validation))}</p>
<p>${escaped(verdictWords(inspection))}</p>
${error}
<p class="${tone}"><strong>${escaped(says)}</strong></p>
</header>`;
}

function section(id: string, title: string, inside: string): string {
  return inside === ""
    ? ""
    : `<section aria-labelledby="${id}"><h2 id="${id}">${escaped(title)}</h2>\n${inside}\n</section>`;
}

function figure(inspection: Inspection): string {
  if (inspection.validation.chain.length === 0 && inspection.validation.answer.length === 0) return "";
  return `<figure tabindex="0">${chainFigure(inspection)}</figure>
<p class="soft legend">An arrow says that one thing vouches for the next: an anchor or a DS for a key, a key for the keys beside
it and for records. Whole and green: it holds. Dashed: nothing vouches there. Red with a cross: it should hold, and does not.
A bar is what is left of a signature's time.</p>`;
}

function findingList(findings: readonly Finding[]): string {
  if (findings.length === 0) return "";
  const tones = { wrong: "bad", unknown: "warn", warning: "warn", note: "note" } as const;
  const labels = { wrong: "✗ wrong", unknown: "? not known", warning: "! warning", note: "note" } as const;
  const items = findings.map(
    ({ level, code, where, says, mend }) => `<li class="finding ${tones[level]}">
<p><span class="level ${tones[level]}">${labels[level]}</span> <strong>${escaped(where)}</strong> <code>${escaped(code)}</code></p>
<p>${escaped(says)}</p>
<p class="mend"><span aria-hidden="true">→</span> ${escaped(mend)}</p></li>`,
  );
  return `<ol class="findings">${items.join("\n")}</ol>`;
}
