import { span, wrapped } from "../text/lines.ts";

/** Measures of the picture in user units: texts are cut and wrapped by counting characters, so fonts may differ a little. */
export const boxWidth = 500;
export const inset = 16;
export const columnGap = 70;
export const rowGap = 52;
export const headerHeight = 42;
export const chipWidth = 150;
export const chipGap = 9;
export const chipHeight = 62;
/** Between the keys that sign keys and those that sign the zone: room for arrows. */
export const keyRowGap = 34;
export const lineHeight = 18;
export const chipsPerRow = 3;

const charactersPerLine = 64;

/** A sentence in as many lines as it takes. */
export function textLines(text: string): readonly string[] {
  return wrapped([span(text)], charactersPerLine).map((line) => line.map((part) => part.text).join(""));
}
