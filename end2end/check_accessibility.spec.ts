/** Every page, light and dark, wide and narrow, without a fault that axe can find. */
import { CoachingSessionPage, scheduleSession } from "./support/pages/coaching_session.ts";
import { LabsPage, Lab } from "./support/pages/labs.ts";
import { hydrated } from "./support/pages/hydrated.ts";
import { NewOrderPage } from "./support/pages/new_order.ts";
import { PeoplePage } from "./support/pages/people.ts";
import { accounts, answered, connectionLost, expect, test } from "./support/test.ts";

const order = "/orders/ord_11069";
const pages = [
  "/",
  "/orders",
  "/orders?q=nobody-is-called-that",
  order,
  "/orders/new",
  "/orders/import",
  "/documents",
  "/documents/new",
  "/podcasts",
  "/podcasts/new",
  "/account",
  "/jobs",
  "/activity",
  "/voiceovers",
  "/infographics",
  "/labs",
];

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [1280, 390]) {
    const visit = { colorScheme, viewport: { width, height: 844 } };

    test(`pages, ${colorScheme}, ${width} wide`, async ({ signIn, axe }) => {
      test.slow();
      const visitor = await signIn(accounts.staff, visit);
      const { page } = visitor;
      for (const path of pages) {
        await test.step(path, async () => {
          await page.goto(path);
          await hydrated(page);
          await visitor.connection.connected();
          await axe(page);
          const wider = await page.evaluate(() => document.documentElement.scrollWidth);
          expect(wider, `${path} fits`).toBeLessThanOrEqual(width);
        });
      }
    });

    test(`pages of admins, ${colorScheme}, ${width} wide`, async ({ signIn, axe }) => {
      const { page, connection } = await signIn(accounts.admin, visit);
      const people = new PeoplePage(page);
      await people.goto();
      await connection.connected();
      await axe(page);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(wider).toBeLessThanOrEqual(width);
      const dialog = await people.askToSignOut(accounts.staff);
      await axe(page);
      await dialog.getByRole("button", { name: "Cancel" }).click();
      await people.add.click();
      await axe(page);
    });

    test(`login, ${colorScheme}, ${width} wide`, async ({ visit: arrive, axe }) => {
      const visitor = await arrive(visit);
      visitor.expectConsole(answered(401));
      await visitor.login.goto();
      await hydrated(visitor.page);
      await axe(visitor.page);
      await visitor.login.signIn(accounts.staff, "not-the-password");
      await expect(visitor.page.getByRole("alert")).toBeVisible();
      await hydrated(visitor.page);
      await axe(visitor.page);
    });
  }
}

test("a token that was just made, and the question before it is revoked", async ({
  signIn,
  axe,
}) => {
  const visitor = await signIn(accounts.staff, { viewport: { width: 390, height: 844 } });
  const { page, account } = visitor;
  visitor.expectConsole(answered(422));
  await account.goto();
  await account.createToken.click();
  await expect(page.getByRole("alert")).toBeVisible();
  await axe(page);
  await account.make("seen by axe");
  await axe(page);
  await account.token("seen by axe").getByRole("button").click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await axe(page);
  await page.getByRole("dialog").getByRole("button", { name: "Revoke “seen by axe”" }).click();
  await expect(account.token("seen by axe")).toBeHidden();
});

test("dialogs, toasts and the line about the connection", async ({ signIn, takeOrder, axe, link }) => {
  const { id } = await takeOrder("confirmed");
  const visitor = await signIn(accounts.staff);
  const { page, order: detail, connection } = visitor;
  visitor.expectConsole(connectionLost);
  await detail.goto(id);
  await detail.move("cancelled").click();
  await expect(detail.cancelDialog(id)).toBeVisible();
  await axe(page);
  await page.keyboard.press("Escape");

  await page.locator("main").click({ position: { x: 4, y: 4 } });
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await axe(page);
  await page.keyboard.press("Escape");

  await detail.write(`Seen on ${new Date().toISOString()}`);
  await expect(detail.toast("Note saved.")).toBeVisible();
  await axe(page);

  await connection.connected();
  await link.cut();
  await connection.lost();
  await axe(page);
});

test("two versions of a note, selected orders, and a form with mistakes", async ({
  signIn,
  takeOrder,
  axe,
  api,
}) => {
  const { id } = await takeOrder("delivered");
  const visitor = await signIn(accounts.staff);
  const { page, order: detail, orders, connection } = visitor;
  await detail.goto(id);
  await connection.connected();
  await detail.note.fill("Mine.");
  await (await api(accounts.staff)).patchOrder(id, { note: `Theirs at ${Date.now()}` });
  await expect(detail.conflict).toBeVisible();
  await axe(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await axe(page);

  await orders.goto();
  await orders.selectPage.check();
  await expect(orders.bulk).toBeVisible();
  await axe(page);

  const form = new NewOrderPage(page);
  await form.goto();
  await form.submit.click();
  await expect(form.error(form.customer)).toHaveText("Choose a customer.");
  await axe(page);
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [1280, 390]) {
    const visit = { colorScheme, viewport: { width, height: 844 } };

    test(`what a member is shown, and what is not there, ${colorScheme}, ${width} wide`, async ({
      signIn,
      visit: arrive,
      axe,
    }) => {
      const member = await signIn(accounts.members.ana, visit);
      const stranger = await arrive(visit);
      member.expectConsole(answered(404), answered(403));
      stranger.expectConsole(answered(404));
      for (const path of ["/", "/account", "/orders", "/orders/ord_10248", "/nowhere"]) {
        await test.step(path, async () => {
          await member.page.goto(path);
          await hydrated(member.page);
          await axe(member.page);
        });
      }
      await stranger.page.goto("/nowhere");
      await hydrated(stranger.page);
      await axe(stranger.page);
    });
  }
}

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [1280, 390]) {
    test(`coaching, ${colorScheme}, ${width} wide`, async ({ signIn, api, axe }) => {
      const place = await scheduleSession(await api(accounts.coach), "Ana", "Seen by axe");
      const visit = { colorScheme, viewport: { width, height: 844 } };
      const { page, connection } = await signIn(accounts.coach, visit);
      const session = new CoachingSessionPage(page);
      const check = async (): Promise<void> => {
        await connection.connected();
        await axe(page);
        const wider = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(wider, `${page.url()} fits`).toBeLessThanOrEqual(width);
      };
      for (const path of ["/coaching", `/coaching/${place.relationship}`]) {
        await page.goto(path);
        await hydrated(page);
        await check();
      }
      await session.goto(place);
      await connection.connected();
      await session.add("note", "Seen by axe");
      await session.add("action", "Be seen by axe");
      await session.open("note", "Seen by axe");
      await session.editor("note").fill("Seen by axe, and changed");
      await check();
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Notifications" }).click();
      await expect(page.getByRole("dialog", { name: "Notifications" })).toBeVisible();
      await axe(page);
    });
  }
}

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [1280, 390]) {
    test(`labs, ${colorScheme}, ${width} wide`, async ({ signIn, api, axe }) => {
      test.slow();
      const lab = await Lab.make(await api(accounts.members.ana), "Seen by axe", accounts.members.ben);
      const visit = { colorScheme, viewport: { width, height: 844 } };
      const { page, connection } = await signIn(accounts.members.ana, visit);
      const labs = new LabsPage(page);
      const check = async (): Promise<void> => {
        await connection.connected();
        await axe(page);
        const wider = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(wider, `${page.url()} fits`).toBeLessThanOrEqual(width);
      };
      for (const section of ["", "map", "sources", "members", "?status=rejected"]) {
        await labs.goto(lab.id, section);
        await check();
      }
      await lab.add("A paper", "A faction is a number of citizens. The Union breaks faction. ".repeat(40));
      const concepts = await lab.propose();
      await lab.decide(concepts.slice(1).map(({ id }) => id), "accept");
      for (const section of ["", "map", "sources", "?status=accepted"]) {
        await labs.goto(lab.id, section);
        await check();
      }
      await labs.selectPage.check();
      await labs.concepts.first().getByRole("button", { name: /^Edit/ }).click();
      await check();
      await labs.goto(lab.id, "map");
      await page.getByText("The map in words").click();
      await labs.circles.first().focus();
      await check();
      await page.getByRole("button", { name: "Edit name and description" }).click();
      await check();
      await labs.goto(lab.id, "sources");
      await page.getByRole("button", { name: "Add source" }).click();
      await axe(page);
      await labs.goto();
      await check();
      await page.getByRole("button", { name: "New project" }).click();
      await axe(page);
    });
  }
}
