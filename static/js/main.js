// The one module that a page loads. Without it every task still works: each key has a control
// on the page, problem summaries are on top, folds are <details>. The script only saves time.
import { copies } from "./copy.js";
import { settle } from "./focus.js";
import { follow } from "./follow.js";
import { listen } from "./keys.js";

settle(document);
listen(document);
copies(document);
follow(document);
