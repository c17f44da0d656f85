/** The page around the picture. */
export const pageStyle = `
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1.25rem 3rem; max-width: 76rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, "DejaVu Sans", sans-serif; }
header { background: var(--card); border: 1px solid var(--line); border-left: .5rem solid var(--line); border-radius: .6rem;
  padding: 1.1rem 1.4rem; }
header.good { border-left-color: var(--good); } header.bad { border-left-color: var(--bad); }
header.warn { border-left-color: var(--warn); }
header p { margin: .3rem 0; }
.verdict { display: inline-block; padding: .1rem .8rem; border-radius: 2rem; font-weight: 700; letter-spacing: .03em; }
p.verdict.good { background: var(--good-tint); } p.verdict.bad { background: var(--bad-tint); }
p.verdict.warn { background: var(--warn-tint); }
h1 { margin: .3rem 0; font-size: 1.7rem; line-height: 1.25; overflow-wrap: anywhere; }
h1 .type { color: var(--soft); font-weight: 400; }
h2 { margin: 2.2rem 0 .8rem; font-size: 1.2rem; } h3 { font-size: 1rem; margin-bottom: .3rem; }
.data, td.data { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .92em; overflow-wrap: anywhere; }
code { font: .85em ui-monospace, "DejaVu Sans Mono", monospace; color: var(--soft); }
.soft, footer { color: var(--soft); } .legend { max-width: 60rem; font-size: .9rem; }
.good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); }
header.good, header.bad, header.warn { color: var(--ink); }
figure { margin: 0; overflow-x: auto; } figure svg { display: block; margin: 0 auto; max-width: none; height: auto; }
.findings { list-style: none; padding: 0; display: grid; gap: .7rem; }
.finding { background: var(--card); color: var(--ink); border: 1px solid var(--line); border-left: .35rem solid var(--line);
  border-radius: .5rem; padding: .7rem 1rem; }
.finding.bad { border-left-color: var(--bad); } .finding.warn { border-left-color: var(--warn); }
.finding p { margin: .15rem 0; overflow-wrap: anywhere; } .level { font-weight: 700; } .mend { font-weight: 600; }
.wide { overflow-x: auto; } .servers th, .servers td { white-space: nowrap; overflow-wrap: normal; }
table { border-collapse: collapse; width: 100%; background: var(--card); border: 1px solid var(--line); font-size: .93rem; }
th, td { text-align: left; padding: .45rem .7rem; border-bottom: 1px solid var(--line); }
thead th { color: var(--soft); font-weight: 600; white-space: nowrap; } tbody th { font-weight: 600; overflow-wrap: anywhere; }
td.number { font-variant-numeric: tabular-nums; white-space: nowrap; }
.gauge { display: block; width: 9rem; height: .6rem; border-radius: .3rem; background: var(--line); overflow: hidden; }
.gauge span { display: block; height: 100%; background: var(--good); } .gauge.warn span { background: var(--warn); }
.gauge.bad { background: var(--bad-tint); border: 1px solid var(--bad); }
.chainwords > li { margin-bottom: .5rem; } .chainwords ul { margin: .1rem 0; overflow-wrap: anywhere; }
:focus-visible { outline: 3px solid var(--good); outline-offset: 2px; }
@media print { body { max-width: none; padding: 0; font-size: 10pt; } figure svg { max-width: 100%; }
  section, .finding, tr { break-inside: avoid; } figure, .wide { overflow: visible; }
  * { print-color-adjust: exact; } }
`;
