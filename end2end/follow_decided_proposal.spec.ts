/** What has left the page is followed while it is selected or edited, however it was changed. */
import { LabsPage, Lab, prepared } from "./support/pages/labs.ts";
import { accounts, expect, test } from "./support/test.ts";

test("what somebody accepted and reworded is not overwritten by whoever edits it still", async ({
  signIn,
  api,
}) => {
  test.slow();
  const { lab, concepts } = await prepared(await api(accounts.members.ana), "Moved");
  const [concept] = concepts;
  if (!concept) throw new Error("there are some");
  const ben = await signIn(accounts.members.ben);
  const labs = new LabsPage(ben.page);
  await labs.goto(lab.id);
  await ben.connection.connected();
  await labs.button("Edit", concept.title).click();
  await labs.title.fill("As Ben has it");
  await lab.change(concept.id, { status: "accepted" });
  await expect(ben.page.getByText("Somebody has accepted this concept meanwhile.")).toBeVisible();
  await lab.change(concept.id, { title: "As Ana has it" });
  const conflict = ben.page.getByRole("region", { name: "Two versions of this concept" });
  await expect(conflict).toContainText("As Ana has it");
  await expect(labs.title).toHaveValue("As Ben has it");
  await conflict.getByRole("button", { name: "Keep mine" }).click();
  await expect.poll(async () => (await lab.concepts("accepted"))[0]?.title).toBe("As Ben has it");
});

test("a selection follows what is decided and deleted very much at once", async ({
  signIn,
  api,
  shell,
}) => {
  const lab = await Lab.make(await api(accounts.members.ana), "Many");
  const node = (number: number) => `('${lab.id}', 'Node ${number}', 0.5)`;
  const nodes = Array.from({ length: 200 }, (_, number) => node(number)).join(", ");
  await shell.type(`INSERT INTO proposed_nodes (project_id, title, confidence) VALUES ${nodes}`);
  const ana = await signIn(accounts.members.ana);
  const labs = new LabsPage(ana.page);
  await labs.goto(lab.id);
  await ana.connection.connected();
  await labs.selectPage.check();
  await expect(labs.bulk).toContainText("50 selected");
  await shell.type(`UPDATE proposed_nodes SET status = 'accepted' WHERE project_id = '${lab.id}'`);
  await expect(labs.bulk).toContainText("50 selected, 50 not on this page");
  await expect(labs.bulk.getByRole("button", { name: "Reopen" })).toBeVisible();
  await expect(labs.bulk.getByRole("button", { name: "Accept" })).toHaveCount(0);
  await shell.type(`DELETE FROM proposed_nodes WHERE project_id = '${lab.id}'`);
  await expect(labs.bulk).toBeHidden();
});
