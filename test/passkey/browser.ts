import { chromium, type CDPSession, type Page } from "playwright-core";

const program = "/usr/bin/chromium";
export interface BrowserWithPasskeys {
  readonly page: Page;
  /** What the page asked for beside the origin that it is of. */
  readonly strayed: readonly string[];
  readonly authenticator: CDPSession;
  readonly authenticatorId: string;
  close(): Promise<void>;
}

/**
 * Chromium with a virtual authenticator. It knows one name, and trusts the listener by its pinned key alone.
 * `pin` is as `pointsman status` shows it.
 */
export async function openBrowser(origin: string, pin: string): Promise<BrowserWithPasskeys> {
  const spki = Buffer.from(pin.replace(/^sha256:/, ""), "hex").toString("base64");
  const browser = await chromium.launch({
    executablePath: program,
    args: [
      "--no-sandbox",
      `--host-resolver-rules=MAP ${new URL(origin).hostname} 127.0.0.1, MAP * ~NOTFOUND`,
      `--ignore-certificate-errors-spki-list=${spki}`,
    ],
  });
  const context = await browser.newContext();
  const page = await context.newPage();
  const strayed: string[] = [];
  context.on("request", (request) => {
    if (!request.url().startsWith(`${origin}/`) && !request.url().startsWith("data:")) strayed.push(request.url());
  });
  const authenticator = await context.newCDPSession(page);
  await authenticator.send("WebAuthn.enable");
  const { authenticatorId } = await authenticator.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { page, strayed, authenticator, authenticatorId, close: async () => await browser.close() };
}
