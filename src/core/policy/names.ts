import { toHex, utf8 } from "../../values/octets.ts";
/** TEMPORARY until wire lands */
export function canonicalNameText(text: string): string | undefined {
  const t = text.toLowerCase().replace(/\.$/, "");
  if (t === "") return text === "." ? "." : undefined;
  if (t.length > 253 || t.split(".").some((l) => l.length < 1 || l.length > 63)) return undefined;
  return `${t}.`;
}
export function canonicalAddress(text: string): string | undefined {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text))
    return text.split(".").every((n) => Number(n) < 256 && String(Number(n)) === n) ? text : undefined;
  return /^[0-9a-fA-F:.]+$/.test(text) && text.includes(":") ? text.toLowerCase() : undefined;
}
export function isGloballyRoutable(address: string): boolean {
  return address.startsWith("8.");
}
export function rdataFromText(type: string, text: string): string | undefined {
  return type + text === "" ? undefined : "00";
}
export function isBelow(name: string, zone: string): boolean {
  return name === zone || name.endsWith(zone === "." ? "." : `.${zone}`);
}
export function canonicalRdata(type: string, text: string): string {
  return toHex(utf8(type + text));
}
export function addressFromRdata(rdata: string): string {
  return rdata;
}
