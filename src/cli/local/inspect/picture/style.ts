/** Colours for light and dark, and for paper: text has a contrast of at least 4.5 to what it stands on (WCAG 2.2, 1.4.3). */
export const colours = `
:root { color-scheme: light dark; --paper: #fafaf8; --card: #ffffff; --ink: #1b2127; --soft: #55606b; --line: #d3d9df;
  --good: #146c3c; --good-tint: #e8f5ed; --bad: #b3201a; --bad-tint: #fdeceb; --warn: #855400; --warn-tint: #fff5df; }
@media (prefers-color-scheme: dark) { :root { --paper: #12161b; --card: #1a2027; --ink: #e7eaed; --soft: #a5afb9;
  --line: #3b4550; --good: #62d394; --good-tint: #16301f; --bad: #ff8f86; --bad-tint: #3c1816; --warn: #f1bb52;
  --warn-tint: #372a0d; } }
@media print { :root { color-scheme: light; --paper: #ffffff; --card: #ffffff; --ink: #000000; --soft: #444444;
  --line: #bbbbbb; --good: #146c3c; --good-tint: #f2f9f5; --bad: #b3201a; --bad-tint: #fdeceb; --warn: #855400;
  --warn-tint: #fff5df; } }
`;

/** The picture's own: dashes and marks say what colours say, for whoever does not see them. */
export const pictureStyle = `
.chain text { font: 13px system-ui, "DejaVu Sans", sans-serif; fill: var(--ink); }
.chain .title, .chain .badge, .chain .lane { paint-order: stroke; stroke: var(--card); stroke-width: 6px; stroke-linejoin: round; }
.chain .title { font-size: 15px; font-weight: 650; }
.chain .badge { font-size: 13px; font-weight: 650; text-anchor: end; }
.chain .name { font-weight: 650; }
.chain .small, .chain .lane { font-size: 10.5px; fill: var(--soft); }
.chain .data { font: 12px ui-monospace, "DejaVu Sans Mono", monospace; }
.chain text.good { fill: var(--good); } .chain text.bad { fill: var(--bad); } .chain text.warn { fill: var(--warn); }
.chain .box { fill: var(--card); stroke: var(--line); stroke-width: 1.5; }
.chain .box.bad { stroke: var(--bad); stroke-width: 2.5; } .chain .box.warn { stroke: var(--warn); }
.chain .box.answer.good { stroke: var(--good); stroke-width: 2; }
.chain .open { stroke-dasharray: 6 4; }
.chain .chip { stroke-width: 1.2; }
.chain .chip.good { fill: var(--good-tint); stroke: var(--good); }
.chain .chip.bad { fill: var(--bad-tint); stroke: var(--bad); }
.chain .chip.warn { fill: var(--warn-tint); stroke: var(--warn); }
.chain .rule { stroke: var(--line); }
.chain .bar { fill: var(--line); } .chain .bar.bad { fill: var(--bad-tint); stroke: var(--bad); stroke-width: .8; }
.chain .left.good { fill: var(--good); } .chain .left.warn { fill: var(--warn); } .chain .left.bad { fill: var(--bad); }
.chain .way { fill: none; stroke-width: 1.8; }
.chain .way.good { stroke: var(--good); } .chain .way.bad { stroke: var(--bad); } .chain .way.warn { stroke: var(--warn); }
.chain .way.dim { stroke: var(--soft); } .chain .way.dashed, .chain .way.broken { stroke-dasharray: 5 4; }
.chain .head.good { fill: var(--good); } .chain .head.bad { fill: var(--bad); } .chain .head.warn { fill: var(--warn); }
.chain .head.dim { fill: var(--soft); }
.chain .cross circle { fill: var(--card); stroke: var(--bad); stroke-width: 2; }
.chain .cross path { stroke: var(--bad); stroke-width: 2.4; }
`;
