import { clean } from "../../../format/clean.ts";
import { toneOf, zoneName } from "../display.ts";
import type { Inspection } from "../inspection.ts";
import { troublesOfAnswer, troublesOfZone } from "../story.ts";
import { judgementWords, verdictWords } from "../words.ts";
import { drawScene, marks } from "./draw.ts";
import { escaped, shortened } from "./escape.ts";
import { layOut } from "./layout.ts";
import { textLines } from "./measures.ts";
import type { Scene } from "./scene.ts";
import { colours, pictureStyle } from "./style.ts";

/** The chain as one SVG element to stand inside of a page, which has the style. */
export function chainFigure(inspection: Inspection): string {
  const scene = layOut(inspection);
  return element(inspection, { scene, top: 0, inside: drawScene(scene, inspection.at), style: "" });
}

/** The chain as a file of its own: with its style and a heading. */
export function svgFile(given: Inspection): string {
  const inspection = clean(given);
  const scene = layOut(inspection);
  const { validation } = inspection;
  const { name, type, verdict } = validation;
  const words = textLines(verdictWords(inspection));
  const top = 62 + words.length * 18;
  const heading = [
    `<text class="title headline" x="20" y="34"><tspan class="${toneOf(verdict)}">${marks[verdict]} ${verdict}</tspan>  ${escaped(shortened(`${name} ${type}`, 42))}</text>`,
    ...words.map((line, index) => `<text class="says" x="20" y="${56 + index * 18}">${escaped(line)}</text>`),
  ];
  return element(inspection, {
    scene,
    top,
    inside: `${heading.join("\n")}\n<g transform="translate(0 ${top - 20})">\n${drawScene(scene, inspection.at)}\n</g>`,
    style: `<style>${colours}${pictureStyle}.chain .headline { stroke: none; } .chain tspan.good { fill: var(--good); } .chain tspan.bad { fill: var(--bad); } .chain tspan.warn { fill: var(--warn); }</style>\n<rect width="100%" height="100%" fill="var(--paper)"/>\n`,
  });
}

interface Parts {
  readonly scene: Scene;
  readonly top: number;
  readonly inside: string;
  readonly style: string;
}

function element(inspection: Inspection, { scene, top, inside, style }: Parts): string {
  const { width } = scene;
  const height = scene.height + top;
  const { name, type } = inspection.validation;
  return `<svg xmlns="http://www.w3.org/2000/svg" class="chain" role="img" aria-labelledby="chain-title chain-desc" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<title id="chain-title">${escaped(`Chain of trust of ${name} ${type}`)}</title>
<desc id="chain-desc">${escaped(description(inspection))}</desc>
${style}${inside}
</svg>
`;
}

/** The picture in words, for who cannot see it. */
function description(inspection: Inspection): string {
  const { validation } = inspection;
  const zones = validation.chain.map((zone) => {
    const troubles = troublesOfZone(zone, validation).map(({ says }) => ` ${says}`);
    return `${zoneName(zone.zone)} is ${zone.verdict}.${troubles.join("")}`;
  });
  const records = validation.answer.map((link) => {
    const troubles = troublesOfAnswer(link, validation).map(({ says }) => ` ${says}`);
    return `${link.name} ${link.type} is ${link.verdict}.${troubles.join("")}`;
  });
  return [...zones, ...records, judgementWords(inspection).says].join(" ");
}
