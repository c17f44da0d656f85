import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { basisResponse } from "../../src/api/contract/basis.ts";
import { describeWithTools } from "../servers/available.ts";
import { dig } from "../servers/dig.ts";
import { freePort } from "../servers/ports.ts";
import { isAt, isOnItsWay, isReady, pointsman, type RunningController } from "../e2e/controller.ts";
import { done, makePeople, type People } from "../e2e/people.ts";
import { startScene, type Scene } from "../e2e/scene.ts";
import { openBrowser, type BrowserWithPasskeys } from "./browser.ts";

const person = "ana";
let people: People;
let scene: Scene;
let controller: RunningController;
let browser: BrowserWithPasskeys;
let origin: string;
/** The fingerprint of Ana's passkey. */
let passkey: string;

/** The words of `statement make`, as JSON. */
async function make(...words: readonly string[]): Promise<{ readonly statement: string }> {
  const named = ["--json", "--key", passkey, "--as", person];
  return JSON.parse(done(await pointsman(scene.installation, "statement", "make", ...words, ...named)));
}

async function bring(draft: object): Promise<void> {
  await browser.page.locator("#draft").fill(JSON.stringify(draft));
  await browser.page.locator("#show").click();
}

/** Signs what is shown; what the page says once the controller has answered. */
async function sign(): Promise<string> {
  await browser.page.locator("#sign").click();
  const answer = browser.page.locator("#answer.good, #answer.bad");
  return (await answer.textContent()) ?? "";
}

describeWithTools(["/usr/bin/chromium", "/usr/bin/ssh-keygen"], "a passkey in a real browser", () => {
  beforeAll(async () => {
    people = makePeople();
    const port = await freePort();
    origin = `https://pointsman.example.net:${port}`;
    scene = await startScene({
      moves: "people",
      keys: people.keys,
      statements: { listen: `127.0.0.1:${port}`, origin },
    });
    controller = await scene.start();
    await controller.until("ready", isReady);
    await people.enrol(scene.installation);
    const { listener } = await controller.status();
    browser = await openBrowser(origin, listener?.pin ?? "");
    await browser.page.goto(`${origin}/passkeys`);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await scene?.end();
    people?.[Symbol.dispose]();
  });

  it("is made on the page and enrolled with an SSH key of the same person, and of nobody else", async () => {
    const { page } = browser;
    await page.locator("#person").fill(person);
    await page.locator("#create").click();
    const registration = (await page.locator("#registration").textContent({ timeout: 10_000 })) ?? "";
    const file = path.join(people.folder, "ana.passkey");
    writeFileSync(file, registration);
    const enrol = async (who: "ana" | "ben") =>
      await pointsman(scene.installation, "enrol", "--passkey", file, "--key", people.files[who], "--as", who, "--yes");
    expect((await enrol("ben")).err).toContain("it was made for ana, and ben signs");
    done(await enrol("ana"));
    const basis = basisResponse.parse(JSON.parse(done(await pointsman(scene.installation, "statement", "basis"))));
    const keys = basis.people.find((one) => one.person === person)?.keys ?? [];
    expect(keys.map(({ method }) => method)).toEqual(["sshsig", "webauthn"]);
    passkey = keys.at(-1)?.fingerprint ?? "";
  });

  it("approves a plan that the page shows in words, and traffic moves", async () => {
    const ben = ["--key", people.files.ben, "--as", "ben", "--yes"];
    done(await pointsman(scene.installation, "move", "login", "--to", "iad", "--reason", "fra burns", ...ben));
    const { failover } = await controller.until("proposed", (login) => login.failover !== null);
    const draft = await make("approve", failover?.id ?? "");
    await bring(draft);
    const { page } = browser;
    expect(await page.locator("#says").textContent()).toContain("127.0.0.12");
    const members = await page.locator("#members").innerText();
    for (const shown of [passkey, failover?.planHash ?? "-", "service-owner"]) expect(members).toContain(shown);

    expect(await sign()).toBe("Taken. The journal has it: word-given.");
    await controller.until("recovered", (login) => isAt(login, "iad") && !isOnItsWay(login));
    expect(await dig(scene.secondary, "login.example.com", "A")).toEqual(["127.0.0.12"]);
    // The same once more has its first result.
    expect(await sign()).toContain("word-given");
  });

  it("signs one statement alone: under another the signature is refused", async () => {
    const { page } = browser;
    const [stop, other] = [await make("stop", "login"), await make("handover", "login")];
    await page.route("**/statements", async (route) => {
      const body = JSON.parse(route.request().postData() ?? "");
      await route.continue({ postData: JSON.stringify({ ...body, statement: other.statement }) });
    });
    await bring(stop);
    expect(await sign()).toContain("(challenge-differs)");
    await page.unroute("**/statements");
  });

  it("counts only with its holder present", async () => {
    const { page, authenticator, authenticatorId } = browser;
    await bring(await make("stop", "login"));
    await authenticator.send("WebAuthn.setResponseOverrideBits", { authenticatorId, isBadUP: true });
    await page.locator("#sign").click();
    const refused = page.locator("#answer.bad, #problem:not([hidden])");
    expect(await refused.textContent()).toMatch(/user-not-present|The browser refuses|No passkey answered/);
    await authenticator.send("WebAuthn.setResponseOverrideBits", { authenticatorId });
  });

  it("is asked for nothing that was changed after it was made, or that could read as something else", async () => {
    const { page } = browser;
    const { statement } = await make("stop", "login");
    await bring({ statement: statement.replace('"kind":"stop"', '"kind":"stop","kind":"stop"') });
    expect(await page.locator("#problem").textContent()).toContain("it was changed on its way");
    expect(await page.locator("#statement").isHidden()).toBe(true);
    await bring({ statement: statement.replace("stops everything", "stops \u202enothing") });
    expect(await page.locator("#says").textContent()).toContain("[U+202E]");
    // Its words are rendered again where it is admitted.
    expect(await sign()).toContain("Refused");
  });

  it("the page asks nothing outside of its origin, and no script but its own runs in it", async () => {
    const { page, strayed } = browser;
    const response = await page.goto(`${origin}/passkeys`);
    expect(response?.headers()["content-security-policy"]).toContain("default-src 'none'");
    const ran = await page.evaluate(inThePage);
    expect(ran).toEqual([false, "refused"]);
    expect(strayed).toEqual([]);
  });
});

/** As text: it is the browser's, whose types are not ours. */
const inThePage = `(async () => {
  try {
    const script = document.createElement("script");
    script.textContent = "globalThis.strange = true";
    document.head.append(script);
  } catch {
    // trusted types refuse it before the policy of scripts does
  }
  const asked = await fetch("https://elsewhere.example.net/").then(() => "asked", () => "refused");
  return [globalThis.strange ?? false, asked];
})()`;
