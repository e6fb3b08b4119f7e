/** The accounts that `--demo` adds. */

export const password = "demo-password";

export const staff = "ops@example.com";
export const members = { ana: "ana@example.com", ben: "ben@example.com" } as const;
export const coach = "carla@example.com";
export const admin = "admin@example.com";
