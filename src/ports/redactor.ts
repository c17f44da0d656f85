/** Keeps the secrets that this process holds out of what is written for people (N11). */
export interface Redactor {
  /** From now on the secret, as text, hexadecimal or base64, is taken out wherever it would be written. */
  hold(secret: Uint8Array): void;
  /** The text without any held secret. */
  clean(text: string): string;
}
