import { z } from "zod";
import { duration, identifier, kinds, members, some, text, whole } from "./members.ts";

const status = whole(100, 599);

const timing = {
  name: identifier,
  interval: duration.default("5s"),
  timeout: duration.default("2s"),
  rise: whole(1, 100).default(3).meta({ description: "Passes in a row until the check is up." }),
  fall: whole(1, 100).default(3).meta({ description: "Failures in a row until the check is down." }),
};

export const check = z.discriminatedUnion(
  "type",
  [
    members({
      ...timing,
      type: z.literal("http"),
      url: text("an http or https URL such as https://login.example.com/healthz").meta({
        description: "Asked at each address of each site, with the name of the URL as Host and SNI.",
      }),
      status: z
        .union([status, some(status, "status")], { error: "a status such as 200, or a list of them" })
        .default(200),
      contains: text("a text that the body must contain").optional(),
      trust: text("certificates in PEM").optional().meta({
        description: "PEM of the authorities to trust instead of the system's. A certificate is public; a key is not.",
      }),
    }),
    members({ ...timing, type: z.literal("tcp"), port: whole(1, 65_535) }),
  ],
  kinds("a check with name and type", "http", "tcp"),
);

export const readiness = z.discriminatedUnion(
  "type",
  [
    members({
      type: z.literal("tls"),
      minValidity: duration.default("7d").meta({ description: "The certificate holds at least this much longer." }),
    }),
  ],
  kinds("a readiness proof with a type", "tls"),
);
