/** What is typed into `psql` moves the pages. */
import { followTheShell } from "./support/follow_the_shell.ts";
import { test } from "./support/test.ts";

test.use({ database: "postgres" });

followTheShell();
