import { rrset } from "../../core/plan/rrset.ts";

/** One address in the place of another. */
export const change = {
  provider: "primary",
  view: "public",
  zone: "example.com.",
  rrsets: [
    {
      record: "v4",
      name: "login.example.com.",
      type: "A",
      before: rrset(60, ["c000020a"]),
      after: rrset(60, ["c633640a"]),
    },
  ],
} as const;
