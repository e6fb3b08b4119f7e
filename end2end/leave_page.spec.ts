/** Whoever leaves a page whose changes have not reached the server is asked first. */
import { LabsPage, prepared } from "./support/pages/labs.ts";
import { accounts, connectionLost, expect, test } from "./support/test.ts";

test("decisions that were taken while nothing reaches the server are not left behind unseen", async ({
  signIn,
  api,
  link,
}) => {
  test.slow();
  const { lab, concepts } = await prepared(await api(accounts.members.ana), "Out of reach");
  const [first, second] = concepts;
  if (!first || !second) throw new Error("there are more than two");
  const ben = await signIn(accounts.members.ben);
  ben.expectConsole(connectionLost);
  const labs = new LabsPage(ben.page);
  await labs.goto(lab.id);
  await ben.connection.connected();
  const asked: string[] = [];
  ben.page.on("dialog", (dialog) => {
    asked.push(dialog.type());
    void dialog.dismiss();
  });
  await link.cut();
  await ben.connection.lost();
  for (const [{ title }, said] of [
    [first, "1 change not sent yet."],
    [second, "2 changes not sent yet."],
  ] as const) {
    await expect(labs.button("Accept", title)).not.toHaveAttribute("aria-disabled", "true");
    await labs.button("Accept", title).click();
    await expect(ben.connection.line).toContainText(said);
  }
  await ben.page.close({ runBeforeUnload: true });
  await expect.poll(() => asked).toEqual(["beforeunload"]);

  await link.restore();
  await ben.connection.connected(15_000);
  await expect.poll(async () => (await lab.concepts("accepted")).length, { timeout: 30_000 }).toBe(2);
  await labs.goto(lab.id);
  await expect(labs.section("Map")).toContainText("2");
  expect(asked, "all has arrived").toEqual(["beforeunload"]);
});
