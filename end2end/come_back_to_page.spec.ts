/** Pages that the browser keeps while their reader is elsewhere: its back-forward cache. */
import type { Page } from "@playwright/test";
import { accounts, answered, expect, fetches, test } from "./support/test.ts";

// Playwright switches the cache off.
test.use({
  launchOptions: [
    async ({ launchOptions }, use) => {
      await use({ ...launchOptions, ignoreDefaultArgs: ["--disable-back-forward-cache"] });
    },
    { scope: "worker" },
  ],
});

/** Has a page note what can be seen of it from the moment it comes back: how opaque it is, by frames. */
async function watch(page: Page): Promise<void> {
  await page.evaluate(() => {
    const look = () => {
      const seen = sessionStorage.getItem("seen") ?? "";
      sessionStorage.setItem("seen", `${seen}${getComputedStyle(document.body).opacity} `);
      requestAnimationFrame(look);
    };
    window.addEventListener("pageshow", look);
  });
}

/** What was seen of it; nothing if it was loaded anew. */
const seen = (page: Page) => page.evaluate(() => sessionStorage.getItem("seen"));

/** Goes back. A page that comes from the cache is not loaded. */
const goBack = (page: Page) => page.goBack({ waitUntil: "commit" });

test("a page that was put aside resumes where it was", async ({ signIn, takeOrder, api }) => {
  const { id } = await takeOrder("packed");
  const rest = await api(accounts.staff);
  const { page, order, connection, requests } = await signIn(accounts.staff);
  await order.goto(id);
  await connection.connected();
  await order.note.fill("Half a sentence");
  await watch(page);

  await page.goto("/reference");
  await rest.patchOrder(id, { status: "shipped" });
  await rest.patchOrder(id, { status: "delivered" });
  requests.forget();
  await goBack(page);
  await expect(order.status).toHaveText("delivered");
  await connection.connected();
  await expect(page.locator("body")).toHaveCSS("opacity", "1");
  await expect.poll(() => seen(page), "hidden until the server was asked").toMatch(/^(0 )+(1 )+$/);
  await expect(order.note).toHaveValue("Half a sentence");
  expect(requests.count(fetches.events)).toBe(1);
  expect(requests.count(fetches.order), "the stream brought it").toBe(0);
});

test("a page that was put aside shows nothing of a session that ended", async ({
  signIn,
  server,
}) => {
  const visitor = await signIn(accounts.coach);
  const { page, connection } = visitor;
  visitor.expectConsole(answered(401));
  await page.goto("/account");
  await connection.connected();
  await watch(page);
  await page.goto("/reference");
  await server.run("user", "sign-out", accounts.coach);
  await goBack(page);
  await expect(page).toHaveURL("/login?next=%2Faccount");
  expect(await seen(page)).toMatch(/^(0 )+$/);
});

test("a page that was put aside is not shown to whoever signed in since", async ({ signIn }) => {
  const { page, context, connection } = await signIn(accounts.coach);
  await page.goto("/account");
  await expect(page.locator(".account-name")).toHaveText(/^Carla/);
  await connection.connected();
  await watch(page);
  await page.goto("/reference");
  await context.request.post("/api/v1/session", {
    data: { email: accounts.members.ana, password: accounts.password },
  });
  await goBack(page);
  await expect(page.locator(".account-name")).toHaveText(/^Ana/);
  expect(await seen(page)).toMatch(/^(0 )+$/);
});
