import { z } from "zod";
import { idText, version } from "./common.ts";

/** What the page for passkeys gives a person to save, until an SSH key of theirs enrols it. */
export const passkeyFileForm = z.strictObject({
  v: z.literal(version),
  person: idText,
  relyingParty: z.string().max(255),
  origin: z.string().max(255),
  /** As the browser gave it (WebAuthn Level 3 §5.1); its challenge is SHA-256 of `passkey of PERSON`. */
  registration: z.unknown(),
});
