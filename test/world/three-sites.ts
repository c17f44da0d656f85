/** A third site beside the two of every simulated policy. */
export const threeSites = {
  fra: { region: "eu", v4: ["192.0.2.10"], v6: ["2001:db8:1::10"] },
  iad: { region: "us", v4: ["198.51.100.10"], v6: ["2001:db8:2::10"] },
  sin: { region: "ap", v4: ["203.0.113.110"], v6: ["2001:db8:3::10"] },
} as const;
