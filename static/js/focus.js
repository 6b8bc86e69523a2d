// Puts the focus where the page says. Without this module the browser honours autofocus and
// the fragment by itself; here a fragment that names a party also opens its fold, and the
// summary of problems keeps the focus when the address has a fragment too.

/** Moves the focus to the summary of problems, or opens what the address names. */
export function settle(page) {
  const alert = page.querySelector('[role="alert"][tabindex]');
  if (alert) {
    alert.focus();
    return;
  }
  reveal(page, location.hash);
  addEventListener("hashchange", () => reveal(page, location.hash));
}

/** Opens every fold around the element that a fragment names, and its own. */
export function reveal(page, hash) {
  if (hash.length < 2) return;
  const target = page.getElementById(decodeURIComponent(hash.slice(1)));
  if (!target) return;
  const own = target.querySelector(":scope > div > details");
  if (own) own.open = true;
  for (let e = target.closest("details"); e; e = e.parentElement.closest("details")) e.open = true;
  target.scrollIntoView();
}
