/** Somebody in front of a browser of their own: a page, and what it did and said. */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "@playwright/test";
import { password as demoPassword } from "./accounts.ts";
import { ConsoleGuard } from "./console.ts";
import { AccountPage } from "./pages/account.ts";
import { ConnectionLine } from "./pages/connection.ts";
import { LoginPage } from "./pages/login.ts";
import { OrderPage } from "./pages/order.ts";
import { OrdersPage } from "./pages/orders.ts";
import { RequestLog } from "./requests.ts";

export class Visitor {
  readonly name: string;
  readonly context: BrowserContext;
  readonly page: Page;
  readonly console: ConsoleGuard;
  readonly requests: RequestLog;
  readonly login: LoginPage;
  readonly orders: OrdersPage;
  readonly order: OrderPage;
  readonly account: AccountPage;
  readonly connection: ConnectionLine;

  private constructor(name: string, context: BrowserContext, page: Page) {
    this.name = name;
    this.context = context;
    this.page = page;
    this.console = new ConsoleGuard(context);
    this.requests = new RequestLog(context);
    this.login = new LoginPage(page);
    this.orders = new OrdersPage(page);
    this.order = new OrderPage(page);
    this.account = new AccountPage(page);
    this.connection = new ConnectionLine(page);
  }

  /** Somebody new, who has not signed in. */
  static async arrive(
    browser: Browser,
    name: string,
    options: BrowserContextOptions,
  ): Promise<Visitor> {
    const context = await browser.newContext(options);
    return new Visitor(name, context, await context.newPage());
  }

  /** Signs in without the login page, which has tests of its own. */
  async signIn(email: string, password = demoPassword): Promise<void> {
    const response = await this.context.request.post("/api/v1/session", {
      data: { email, password },
    });
    if (!response.ok()) {
      throw new Error(`sign-in of ${email}: ${response.status()} ${await response.text()}`);
    }
  }

  /** Allows console messages that match, for what the test provokes. */
  expectConsole(...patterns: RegExp[]): void {
    this.console.expect(...patterns);
  }
}
