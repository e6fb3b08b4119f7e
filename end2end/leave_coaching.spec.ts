/** An admin says who coaches whom; who is removed sees nothing of it from that moment. */
import { CoachingSessionPage, scheduleSession } from "./support/pages/coaching_session.ts";
import { hydrated } from "./support/pages/hydrated.ts";
import { Lab } from "./support/pages/labs.ts";
import { accounts, answered, expect, test } from "./support/test.ts";

// The demo's pairs are other tests' too.
test.use({ world: "pairs that change" });

test("somebody is removed while they look, and comes back", async ({ signIn, api, axe }) => {
  const coach = await api(accounts.coach);
  const place = await scheduleSession(coach, "Ben", "Not for long");
  const admin = await signIn(accounts.admin);
  const carla = await signIn(accounts.coach);
  const ben = await signIn(accounts.members.ben);
  const [hers, his] = [new CoachingSessionPage(carla.page), new CoachingSessionPage(ben.page)];
  await hers.goto(place);
  await his.goto(place);
  const list = await ben.context.newPage();
  await list.goto("/coaching");
  await expect(list.locator("p.connection")).toHaveAttribute("data-state", "connected");
  await carla.connection.connected();
  await ben.connection.connected();
  await hers.add("note", "Between the two of us");
  await expect(his.item("note", "Between the two of us")).toBeVisible();
  await hers.add("action", "Ask around");
  const choice = carla.page.getByRole("option", { name: "Ben Bauer" });
  await expect(choice).toHaveCount(1);

  await admin.page.goto("/admin/relationships");
  await hydrated(admin.page);
  await axe(admin.page);
  const pair = admin.page.getByRole("listitem").filter({ has: admin.page.locator("option:checked", { hasText: "Ben Bauer" }) });
  const member = pair.getByLabel(/^Member of/);
  await member.selectOption("Nobody");
  const question = admin.page.getByRole("dialog", { name: "Remove Ben Bauer from this coaching?" });
  await expect(question).toBeVisible();
  await expect(member.locator("option:checked")).toHaveText("Ben Bauer");
  // His page says every few seconds that he is there, perhaps once more before it hears of this.
  ben.expectConsole(answered(404));
  await question.getByRole("button", { name: "Remove" }).click();

  await expect(his.notYours).toBeVisible();
  await expect(ben.page.getByText("Between the two of us")).toHaveCount(0);
  await expect(list.getByText("Nobody to talk to yet")).toBeVisible();
  await expect(choice).toHaveCount(0);

  // What is written now, he does not hear: not on an open stream, nor by asking.
  const rest = await api(accounts.members.ben);
  const stream = await rest.stream("/api/events");
  ben.requests.forget();
  await hers.add("note", "Behind his back");
  await hers.add("action", "Not for Ben");
  const own = await Lab.make(rest, "Of his own");
  await stream.next(({ data }) => data.includes(own.id));
  expect(stream.arrived.filter(({ data }) => data.includes(place.session))).toEqual([]);
  expect(ben.requests.made).toEqual([]);
  await expect(his.notYours).toBeVisible();
  const notes = await rest.request(`/api/v1/notes?coaching_session_id=${place.session}`);
  expect(notes.status).toBe(404);

  const empty = admin.page.getByRole("listitem").filter({ has: admin.page.locator("option:checked", { hasText: "Nobody" }) });
  await empty.getByLabel(/^Member of/).selectOption("Ben Bauer");
  await expect(his.item("note", "Behind his back")).toBeVisible();
  await expect(list.getByRole("link", { name: "Carla Costa" })).toBeVisible();
});

test("an admin brings two people together, once", async ({ signIn, server }) => {
  await server.run("user", "role", accounts.staff, "member");
  const admin = await signIn(accounts.admin);
  const { page } = admin;
  const carla = await signIn(accounts.coach);
  await carla.page.goto("/coaching");
  await carla.connection.connected();
  await page.goto("/admin/relationships");
  await hydrated(page);
  const together = page.getByRole("button", { name: "Bring them together" });
  await together.click();
  await expect(page.getByText("Choose a coach and a member.")).toBeVisible();
  await page.locator("#new-coach").selectOption("Carla Costa");
  await page.locator("#new-member").selectOption("Olivia Ops");
  await together.click();
  await expect(page.getByText("Carla Costa coaches Olivia Ops from now on.")).toBeVisible();
  await expect(carla.page.getByRole("link", { name: "Olivia Ops" })).toBeVisible();

  admin.expectConsole(answered(409));
  await page.locator("#new-coach").selectOption("Carla Costa");
  await page.locator("#new-member").selectOption("Olivia Ops");
  await together.click();
  await expect(page.getByText("Carla Costa coaches Olivia Ops already.")).toBeVisible();
  await expect(page.locator("#new-member").locator("option:checked")).toHaveText("Olivia Ops");
});
