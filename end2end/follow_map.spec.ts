/** A map that is looked at while what it shows is decided elsewhere. */
import { LabsPage, prepared } from "./support/pages/labs.ts";
import { accounts, expect, test } from "./support/test.ts";

test("a circle that leaves lets go of the pointer, and hands the focus on", async ({
  signIn,
  api,
}) => {
  test.slow();
  const { lab, concepts } = await prepared(await api(accounts.members.ana), "Looked at");
  const [first, second, third, fourth] = concepts.slice(0, 4);
  if (!first || !second || !third || !fourth) throw new Error("there are more than four");
  await lab.decide([first.id, second.id, third.id, fourth.id], "accept");
  const ben = await signIn(accounts.members.ben);
  const labs = new LabsPage(ben.page);
  await labs.goto(lab.id, "map");
  await ben.connection.connected();
  const map = ben.page.locator(".map-nodes");
  const circle = ({ id }: { id: string }) => ben.page.locator(`#map-${id}`);
  await expect(labs.circles).toHaveCount(4);

  await circle(first).locator("circle").hover();
  await expect(map).toHaveAttribute("data-looked", "true");
  await lab.change(first.id, { status: "rejected" });
  await expect(labs.circles).toHaveCount(3);
  // Nothing else may stand where it stood; then nothing is looked at.
  await expect(map).not.toHaveAttribute("data-looked", "true");

  await circle(second).focus();
  await expect(map).toHaveAttribute("data-looked", "true");
  await lab.delete(second.id);
  await expect(labs.circles).toHaveCount(2);
  await expect(ben.page.locator(".map-node:focus")).toHaveCount(1);
  await expect(ben.page.getByRole("complementary", { name: "About the concept" })).toContainText("confidence");

  // A click shows no ring but the circle's own, for the keyboard.
  await circle(third).locator("circle").click();
  expect(await circle(third).evaluate((node) => getComputedStyle(node).outlineStyle)).toBe("none");

  await circle(third).focus();
  await lab.decide([third.id, fourth.id], "reject");
  await expect(ben.page.getByRole("heading", { name: "The map is empty" })).toBeVisible();
  await expect(ben.page.getByRole("link", { name: "Decide about proposals" })).toBeFocused();
});
