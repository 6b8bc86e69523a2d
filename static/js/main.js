// The one module that a page loads. Without it every task still works: each key has a control
// on the page, problem summaries are on top, folds are <details>. The script only saves time.
import { listen } from "./keys.js";
import { settle } from "./focus.js";

settle(document);
listen(document);
