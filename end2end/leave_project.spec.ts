/** Who is removed from a project sees nothing of it from that moment; who leaves does so knowingly. */
import { LabsPage, Lab } from "./support/pages/labs.ts";
import { accounts, answered, expect, test } from "./support/test.ts";

test("somebody is removed while they look, and comes back", async ({ signIn, api, axe }) => {
  const owner = await api(accounts.members.ana);
  const lab = await Lab.make(owner, "Not for long", accounts.members.ben);
  await lab.add("Ours", "Between the two of us there is a text.");
  const ana = await signIn(accounts.members.ana);
  const ben = await signIn(accounts.members.ben);
  const [hers, his] = [new LabsPage(ana.page), new LabsPage(ben.page)];
  const list = new LabsPage(await ben.context.newPage());
  await list.goto();
  await expect(list.projects.filter({ hasText: "Not for long" })).toBeVisible();
  await his.goto(lab.id, "sources");
  await expect(his.source("Ours")).toBeVisible();
  await expect(ben.page.locator("p.connection")).toHaveAttribute("data-state", "connected");
  await expect(list.page.locator("p.connection")).toHaveAttribute("data-state", "connected");
  await hers.goto(lab.id, "members");
  await ana.connection.connected();

  await ana.page.getByRole("button", { name: "Remove Ben Bauer" }).click();
  const question = hers.question("Remove Ben Bauer from this project?");
  await axe(ana.page);
  await question.getByRole("button", { name: "Remove Ben Bauer" }).click();
  await expect(his.notYours).toBeVisible();
  await expect(his.source("Ours")).toHaveCount(0);
  await expect(ben.page.getByText("Not for long")).toHaveCount(0);
  await expect(ben.page).toHaveTitle("Not yours to see · Highwater");
  await expect(list.projects.filter({ hasText: "Not for long" })).toHaveCount(0);
  await expect(hers.members).toHaveCount(1);
  await axe(ben.page);

  // What happens now he does not hear, nor get by asking.
  ben.requests.forget();
  await lab.add("Behind his back", "Another text.");
  expect(ben.requests.made).toEqual([]);
  await expect(his.notYours).toBeVisible();
  ben.expectConsole(answered(404), answered(403));
  await his.goto(lab.id);
  await expect(his.notYours).toBeVisible();
  await expect(his.sections).toHaveCount(0);

  await ana.page.getByLabel("Email address").fill(accounts.members.ben);
  await ana.page.getByRole("button", { name: "Add member" }).click();
  await expect(his.heading).toHaveText("Not for long");
  await expect(list.projects.filter({ hasText: "Not for long" })).toBeVisible();
});

test("a member leaves, an owner deletes", async ({ signIn, api }) => {
  const owner = await api(accounts.members.ana);
  const lab = await Lab.make(owner, "Left and deleted", accounts.members.ben);
  const ana = await signIn(accounts.members.ana);
  const ben = await signIn(accounts.members.ben);
  const [hers, his] = [new LabsPage(ana.page), new LabsPage(ben.page)];
  await hers.goto(lab.id, "members");
  await ana.connection.connected();
  await expect(ana.page.getByText("You own it, so you cannot leave.")).toBeVisible();
  await his.goto(lab.id, "members");
  await ben.connection.connected();
  await expect(ben.page.getByRole("button", { name: "Delete", exact: true })).toHaveCount(0);
  await ben.page.getByRole("button", { name: "Leave" }).click();
  await his.question("Leave “Left and deleted”?").getByRole("button", { name: "Leave the project" }).click();
  await expect(ben.page).toHaveURL("/labs");
  await expect(his.toast("You have left “Left and deleted”.")).toBeVisible();
  await expect(his.projects.filter({ hasText: "Left and deleted" })).toHaveCount(0);
  await expect(hers.members).toHaveCount(1);

  await ana.page.getByRole("button", { name: "Delete", exact: true }).click();
  await hers.question("Delete “Left and deleted”?").getByRole("button", { name: "Delete the project" }).click();
  await expect(hers.toast("“Left and deleted” is deleted.")).toBeVisible();
  await expect(hers.projects.filter({ hasText: "Left and deleted" })).toHaveCount(0);
});

test("whoever takes part rewords the project; both texts are shown where they collide", async ({
  signIn,
  api,
}) => {
  const owner = await api(accounts.members.ana);
  const lab = await Lab.make(owner, "Called so at first", accounts.members.ben);
  const ben = await signIn(accounts.members.ben);
  const labs = new LabsPage(ben.page);
  await labs.goto(lab.id);
  await ben.connection.connected();
  await ben.page.getByRole("button", { name: "Edit name and description" }).click();
  const name = ben.page.getByRole("textbox", { name: "Name" });
  await name.fill("As Ben calls it");
  const renamed = await owner.request(`/api/projects/${lab.id}`, {
    method: "PATCH",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "As Ana calls it" }),
  });
  expect(renamed.status).toBe(200);
  await expect(labs.heading).toHaveText("As Ana calls it");
  const conflict = ben.page.getByRole("region", { name: "Two versions of this project" });
  await expect(conflict).toContainText("As Ana calls it");
  await expect(name).toHaveValue("As Ben calls it");
  await conflict.getByRole("button", { name: "Keep mine" }).click();
  await expect(labs.heading).toHaveText("As Ben calls it");
});
