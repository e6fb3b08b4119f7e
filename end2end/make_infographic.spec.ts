/** Infographics: a document is drawn, other tabs follow, and the picture runs nothing. */
import { hold } from "./support/hold.ts";
import { ring } from "./support/pages/bell.ts";
import { DocumentsPage } from "./support/pages/documents.ts";
import { InfographicsPage } from "./support/pages/infographics.ts";
import { accounts, answered, expect, fetches, test } from "./support/test.ts";

test("a document becomes a picture, and a second tab follows without a reload", async ({
  signIn,
  api,
  axe,
}) => {
  const author = await signIn(accounts.members.ana);
  const stranger = await signIn(accounts.members.ben);
  const documents = new DocumentsPage(author.page);
  const infographics = new InfographicsPage(author.page);
  const second = new InfographicsPage(await author.context.newPage());
  const others = new InfographicsPage(stranger.page);
  const body = `# Trade\n\n${"Trade grew by 40 percent in 1850, and ports grew with trade. ".repeat(6)}`;
  await documents.upload("trade.md", `${body}<script>window.hit = true</script>`, "On <b>trade</b>");
  await second.goto();
  await others.goto();
  await stranger.connection.connected();
  await author.connection.connected();
  stranger.requests.forget();

  // From the document's page: it shows before the server has answered.
  const answer = await hold(author.page, /create_infographic/);
  await infographics.make.click();
  const region = author.page.getByRole("region", { name: "Infographic" });
  await expect(region).toContainText("in the making");
  await answer.arrived();
  answer.release();
  await expect(region).toContainText("ready", { timeout: 30_000 });
  await expect(second.card("On <b>trade</b>")).toContainText("ready");
  await axe(author.page);

  await region.getByRole("link", { name: "Open the infographic" }).click();
  await expect(infographics.status).toHaveText("ready");
  expect(await infographics.drawn()).toBe(1200);
  await axe(author.page);
  const path = new URL(author.page.url()).pathname.replace("/infographics", "");

  // Downloaded as SVG, and harmless where it is opened by itself.
  const [download] = await Promise.all([
    author.page.waitForEvent("download"),
    infographics.download.click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/\.svg$/);
  const file = await infographics.download.getAttribute("href");
  const response = await second.page.request.get(file ?? "");
  expect(response.headers()["content-type"]).toBe("image/svg+xml");
  expect(response.headers()["content-security-policy"]).toContain("sandbox");
  expect(await response.text()).not.toContain("<script");

  // Made again: shown at once; the answer is the whole infographic, and its end is read of once.
  author.requests.forget();
  const again = await hold(author.page, /generate_infographic/);
  await infographics.again.click();
  await expect(infographics.status).toHaveText("in the making");
  await again.arrived();
  expect(author.requests.count(fetches.infographic), "nothing is read yet").toBe(0);
  again.release();
  await expect(infographics.status).toHaveText("ready", { timeout: 30_000 });
  expect(author.requests.count(fetches.infographic)).toBeLessThanOrEqual(2);

  await ring(stranger.page, await api(accounts.coach), "Ben");
  expect(stranger.requests.count(fetches.infographics)).toBe(0);
  stranger.expectConsole(answered(404));
  await others.goto(path);
  await expect(stranger.page.getByRole("heading", { name: "Page not found" })).toBeVisible();

  await infographics.delete();
  await expect(author.page).toHaveURL("/infographics");
  await expect(infographics.card("On <b>trade</b>")).toBeHidden();
  await expect(second.card("On <b>trade</b>")).toBeHidden();
});

test("one of the documents that have none is chosen, and a refusal takes the picture away", async ({
  signIn,
  axe,
}) => {
  const author = await signIn(accounts.coach);
  const { page } = author;
  const infographics = new InfographicsPage(page);
  await infographics.goto();
  await infographics.make.click();
  await expect(page.getByText("Choose a document.", { exact: true })).toBeVisible();
  await expect(infographics.document).toBeFocused();
  await axe(page);
  await page.route(/create_infographic/, async (route) => {
    await route.fulfill({
      status: 409,
      contentType: "application/problem+json",
      body: JSON.stringify({ code: "conflict", detail: "Not this one." }),
    });
  });
  author.expectConsole(answered(409));
  await infographics.document.selectOption({ index: 1 });
  await infographics.make.click();
  await expect(page.getByText("Not this one.")).toBeVisible();
  await expect(infographics.cards).toHaveCount(0);
  await page.unroute(/create_infographic/);
  await infographics.make.click();
  await expect(infographics.cards).toHaveCount(1);
  await expect(infographics.cards.first()).toContainText("ready", { timeout: 30_000 });
  await axe(page);
});
