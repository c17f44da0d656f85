import type { RefusalView } from "../../api/contract/common.ts";
import { printable, type Paint } from "../frame/terminal.ts";

/** One sentence with its figures, and the mend. */
export function refusalText(refusal: RefusalView, paint: Paint): string {
  return `${paint.bad("pointsman:")} ${printable(refusal.says)}\n${printable(refusal.mend)} ${paint.dim(`(${refusal.code})`)}`;
}
