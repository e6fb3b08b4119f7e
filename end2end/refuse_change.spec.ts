/** An optimistic change that the server refuses takes back itself and nothing else. */
import { hold } from "./support/hold.ts";
import { accounts, answered, expect, fetches, test } from "./support/test.ts";

test("of two changes on their way, the refused one is undone and the other stays", async ({
  signIn,
  takeOrder,
  api,
}) => {
  const { id } = await takeOrder("packed");
  const rest = await api(accounts.staff);
  const author = await signIn(accounts.staff);
  const { page, order, requests } = author;
  author.expectConsole(answered(409));
  await order.goto(id);
  await author.connection.connected();
  requests.forget();
  const sent = await hold(page, fetches.update);

  await order.move("shipped").click();
  await order.write("Call before delivery.");
  await expect(order.status).toHaveText("shipped");
  await expect(order.note).toHaveValue("Call before delivery.");
  await sent.arrived(1);

  // Somebody else is faster. The page hears of it below its own changes.
  const cancelled = await rest.patchOrder(id, { status: "cancelled" });
  await expect
    .poll(async () => Date.parse((await order.changed.getAttribute("datetime")) ?? ""))
    .toBe(Date.parse(cancelled.updatedAt));
  await expect(order.status).toHaveText("shipped");

  sent.releaseOne();
  await expect(order.toast("An order that is cancelled cannot become shipped.")).toBeVisible();
  await expect(order.status).toHaveText("cancelled");
  await expect(order.move("delivered")).toBeHidden();
  await sent.arrived(2);
  await expect(order.note).toHaveValue("Call before delivery.");
  expect((await rest.getOrder(id)).note).toBe("");

  sent.release();
  await expect(order.toast("Note saved.")).toBeVisible();
  await expect(order.note).toHaveValue("Call before delivery.");
  await expect(order.status).toHaveText("cancelled");
  expect(await rest.getOrder(id)).toMatchObject({
    status: "cancelled",
    note: "Call before delivery.",
  });
  expect(requests.count(fetches.order)).toBe(0);
});

test("a refusal is read until it is dismissed", async ({ signIn, takeOrder, api }) => {
  const { id } = await takeOrder("pending");
  const visitor = await signIn(accounts.staff);
  const { page, order } = visitor;
  visitor.expectConsole(answered(409));
  await page.clock.install();
  await order.goto(id);
  const sent = await hold(page, fetches.update);
  await order.move("confirmed").click();
  await sent.arrived();
  await (await api(accounts.staff)).patchOrder(id, { status: "cancelled" });
  sent.release();

  const toast = order.toast("cannot become confirmed");
  await expect(toast).toBeVisible();
  await page.clock.fastForward(60_000);
  await expect(toast).toBeVisible();
  await toast.getByRole("button", { name: "Dismiss" }).click();
  await expect(toast).toBeHidden();
  await expect(order.status).toHaveText("cancelled");
});
