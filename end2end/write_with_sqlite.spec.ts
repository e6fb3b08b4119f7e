/** What is typed into `sqlite3` moves the pages. */
import { followTheShell } from "./support/follow_the_shell.ts";
import { test } from "./support/test.ts";

test.use({ database: "sqlite" });

followTheShell();
