// Single keys. Without this module every one of them has a control on the page that says its
// key; here the key presses that control. Which key does what is read from aria-keyshortcuts,
// so a key and the control that prints it cannot part. No control that approves or declines
// carries one. Keys rest while a field has the focus, and are off where <body data-keys="off">.

const fields = "input:not([type=radio], [type=checkbox], [type=hidden]), textarea, select, [contenteditable]";

/** Listens for keys on a page. */
export function listen(page) {
  let chord = "";
  page.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.altKey || event.metaKey) return;
    if (event.ctrlKey) {
      if (event.key === "Enter") record(page, event);
      return;
    }
    if (page.body.dataset.keys !== "on" || event.target.closest?.(fields)) return;
    const before = chord;
    chord = event.key === "g" ? "g" : "";
    if (before === "g" && event.key === "q") return follow(event, page.querySelector('header a[href="/reviews"]'));
    if (act(page, event.key)) event.preventDefault();
  });
}

function follow(event, link) {
  event.preventDefault();
  link?.click();
}

/** Records the finding of the form that has the focus: works in its fields too. */
function record(page, event) {
  const form = page.activeElement?.closest("form");
  const button = form?.querySelector('[aria-keyshortcuts="Control+Enter"]');
  if (!button) return;
  event.preventDefault();
  button.click();
}

/** Does what a key says; false when no control of the page carries it. */
function act(page, key) {
  if (key === "j" || key === "k") return move(page, key === "j" ? 1 : -1);
  const shortcut = `[aria-keyshortcuts="${CSS.escape(key)}"]`;
  const seen = (all) => [...all].find((c) => c.checkVisibility());
  const here = current(page);
  const control = seen(here?.querySelectorAll(shortcut) ?? [])
    ?? seen([...page.querySelectorAll(shortcut)].filter((c) => !c.closest(party)));
  if (!control) return false;
  if (control.matches(fields)) {
    control.focus();
    control.select?.();
  } else if (control.matches("[type=radio]")) {
    control.focus();
    control.checked = true;
  } else if (control.matches(`${party} button`) && !here.contains(page.activeElement) && location.hash !== `#${here.id}`) {
    // It would record something on a party that nobody has turned to: the first press shows which.
    control.focus();
  } else if (control.matches('a[href^="#party-"]')) {
    stand(page.getElementById(control.hash.slice(1)));
  } else {
    control.click();
    if (control.matches("summary")) control.parentElement.querySelector("textarea")?.focus();
  }
  return true;
}

const party = 'section[id^="party-"]';

/** What j and k walk through: parties on a review, rows in a list. */
function stops(page) {
  const parties = [...page.querySelectorAll(`main ${party}`)].filter((p) => p.checkVisibility());
  return parties.length > 0 ? parties : [...page.querySelectorAll("main tr:has(th[scope=row] a)")];
}

/** The stop that the focus is in, else of those that still ask for something the one that the address names, else the first. */
function current(page) {
  const all = stops(page);
  const ask = all.filter((s) => [...s.querySelectorAll("[name=finding]")].some((c) => c.checkVisibility()));
  return all.find((s) => s.contains(page.activeElement)) ?? ask.find((s) => location.hash === `#${s.id}`) ?? ask[0];
}

function move(page, step) {
  const all = stops(page);
  if (all.length === 0) return false;
  const here = all.findIndex((s) => s.contains(page.activeElement));
  stand(all[here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + step, 0), all.length - 1)]);
  return true;
}

/** Puts the focus on a stop, so that the keys that follow are about it. */
function stand(stop) {
  if (!stop) return;
  const target = stop.querySelector("th[scope=row] a, :scope > div > details > summary") ?? stop;
  if (target === stop) stop.tabIndex = -1;
  target.focus({ preventScroll: true });
  stop.scrollIntoView({ block: stop.matches("tr") ? "nearest" : "start" });
}
