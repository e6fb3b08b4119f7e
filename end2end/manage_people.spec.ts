/** What an admin does with people, which another admin's page follows. */
import { PeoplePage } from "./support/pages/people.ts";
import { accounts, answered, expect, fetches, test } from "./support/test.ts";

test("a role is changed, followed by another tab, and taken back when it may not be", async ({
  signIn,
}) => {
  const visitor = await signIn(accounts.admin);
  const { page, context, connection, requests } = visitor;
  visitor.expectConsole(answered(409));
  const second = new PeoplePage(await context.newPage());
  const people = new PeoplePage(page);
  await page.goto("/");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "People" }).click();
  await expect(people.heading).toBeVisible();
  await second.goto();
  await connection.connected();
  requests.forget();

  await people.role(accounts.members.ben).selectOption("coach");
  await expect(people.toast("is coach now.")).toBeVisible();
  await expect(second.role(accounts.members.ben)).toHaveValue("coach");
  await second.role(accounts.members.ben).selectOption("member");
  await expect(people.role(accounts.members.ben)).toHaveValue("member");
  expect(requests.count(fetches.people), "fetches of either tab").toBe(0);

  // The only admin cannot give that up, however they try.
  await people.role(accounts.admin).selectOption("staff");
  await page.getByRole("dialog").getByRole("button", { name: "Become staff" }).click();
  await expect(people.toast("is the only admin.")).toBeVisible();
  await expect(people.role(accounts.admin)).toHaveValue("admin");
  await people.signOut(accounts.admin, "By mistake");
  await expect(people.toast("You are the only admin.")).toBeVisible();
  await expect(people.heading).toBeVisible();
});

test("who is here is shown with what they opened", async ({ signIn }) => {
  const { page } = await signIn(accounts.admin);
  const coach = await signIn(accounts.coach);
  await coach.page.goto("/");
  await coach.connection.connected();
  const people = new PeoplePage(page);
  await people.goto();
  await expect(people.person(accounts.coach)).toContainText("1 page or program open: Chrome on");
  await expect(people.person(accounts.coach)).toContainText("seen");
  await expect(people.person(accounts.members.ana)).toContainText("Nothing open");
});

test("a person is added, mistakes are marked, and signs in", async ({ signIn, visit }) => {
  const visitor = await signIn(accounts.admin);
  visitor.expectConsole(answered(422), answered(409));
  const { page } = visitor;
  const people = new PeoplePage(page);
  await people.goto();
  await people.add.click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Add" }).click();
  await expect(dialog.getByLabel("Email")).toBeFocused();
  await expect(dialog.getByText("That is not an email address.")).toBeVisible();
  await dialog.getByLabel("Name").fill("Nora New");
  await dialog.getByLabel("Email").fill(accounts.coach);
  await dialog.getByLabel("First password").fill("short");
  await dialog.getByRole("button", { name: "Add" }).click();
  await expect(dialog.getByLabel("First password")).toBeFocused();
  await dialog.getByLabel("First password").fill("a long password");
  await dialog.getByRole("button", { name: "Add" }).click();
  await expect(dialog.getByText("has an account already.")).toBeVisible();
  const email = `nora${Date.now()}@example.com`;
  await dialog.getByLabel("Email").fill(email);
  await dialog.getByLabel("Role").selectOption("staff");
  await dialog.getByRole("button", { name: "Add" }).click();
  await expect(dialog).toBeHidden();
  await expect(people.person(email)).toContainText("never seen");
  await expect(people.role(email)).toHaveValue("staff");

  const nora = await visit();
  await nora.login.goto();
  await nora.login.signIn(email, "a long password");
  await expect(nora.page).toHaveURL("/");
});

test("whoever is no admin has no way there", async ({ signIn }) => {
  const visitor = await signIn(accounts.staff);
  visitor.expectConsole(answered(403));
  const { page } = visitor;
  await page.goto("/admin/people");
  await expect(page.getByText("This page is for admins")).toBeVisible();
  await expect(page.getByRole("link", { name: "People" })).toBeHidden();
});
