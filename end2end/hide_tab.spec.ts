/** A tab that nobody looks at hears what happens, and fetches nothing before somebody does. */
import { accounts, expect, fetches, test } from "./support/test.ts";
import { setVisible } from "./support/visibility.ts";

// There are only so many orders that are not delivered yet.
test.use({ world: "orders of their own" });

test("a hidden tab fetches once, when it is seen again", async ({ signIn, takeOrder, api }) => {
  const { id } = await takeOrder("packed");
  const rest = await api(accounts.staff);
  const { page, order, connection, requests } = await signIn(accounts.staff);
  await order.goto(id);
  await connection.connected();
  requests.forget();

  await setVisible(page, false);
  // The order is patched; of its history only the server knows who wrote it.
  await rest.patchOrder(id, { status: "shipped" });
  await rest.patchOrder(id, { status: "delivered" });
  await expect(order.status).toHaveText("delivered");
  expect(requests.made, "requests of a hidden tab").toEqual([]);

  await setVisible(page, true);
  await expect(order.history.first()).toContainText("marked it as delivered");
  expect(requests.count(fetches.history)).toBe(1);
  expect(requests.count(fetches.order)).toBe(0);
  expect(requests.count(fetches.events), "its stream was open all the time").toBe(0);
});
