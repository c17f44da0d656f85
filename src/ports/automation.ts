/** The automation's own key. It signs what the automation proposes and executes, so that an auditor can tell; no person has it. */
export interface AutomationSigner {
  /** OpenSSH public key: type and base64, without comment. */
  readonly key: string;
  /**
   * Base64 of the SSHSIG blob over these octets in {@link automationNamespace}; the same octets give the same signature.
   */
  sign(octets: Uint8Array): string;
}

/** The SSHSIG namespace of all that the automation signs. */
export const automationNamespace = "automation@pointsman";
