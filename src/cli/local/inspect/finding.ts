/** Something that a person should know, with what mends it. */
export interface Finding {
  /** `wrong`: the answer cannot be trusted, or not everywhere. `warning`: it will be, or could be better. */
  readonly level: "wrong" | "unknown" | "warning" | "note";
  readonly code: string;
  /** Zone, record or nameserver. */
  readonly where: string;
  readonly says: string;
  readonly mend: string;
}
