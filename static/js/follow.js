// Follows what is still moving, a screening or what Persona is told of a decision: the page asks for itself again as often as
// <main data-follow> says and puts the new <main> in place of the old, until it says no more.
// Without this module the browser reloads the page (<noscript>), or the reader does.

import { button } from "./copy.js";

/** Begins to follow, when the page says so. */
export function follow(page) {
  if (!page.querySelector("main[data-follow]")) return;
  // What changed is said from outside of <main>, because a region that is replaced says nothing.
  const voice = page.createElement("p");
  voice.className = "visually-hidden";
  voice.setAttribute("role", "status");
  page.body.append(voice);
  wait(page, voice, 0);
}

function wait(page, voice, failed) {
  const every = Number(page.querySelector("main").dataset.follow);
  if (!(every > 0)) return;
  setTimeout(() => look(page, voice, failed), every * 1000 * 2 ** Math.min(failed, 4));
}

function look(page, voice, failed) {
  if (page.hidden) {
    page.addEventListener("visibilitychange", () => look(page, voice, failed), { once: true });
    return;
  }
  // Not fetch: only this gives a parsed page without handing text to a parser, which the
  // policy of our pages forbids.
  const ask = new XMLHttpRequest();
  ask.open("GET", location.href);
  ask.responseType = "document";
  ask.timeout = 20000;
  ask.onload = () => {
    if (ask.status === 200 && new URL(ask.responseURL).pathname !== location.pathname) {
      location.reload(); // signed out meanwhile
      return;
    }
    const main = ask.status === 200 ? ask.response?.querySelector("main#main") : null;
    if (main) put(page, voice, page.adoptNode(main), ask.response.title);
    wait(page, voice, main ? 0 : failed + 1);
  };
  ask.onerror = ask.ontimeout = () => wait(page, voice, failed + 1);
  ask.send();
}

/** Puts the new <main> in place: what was open stays open, focus and scroll stay where they were. */
function put(page, voice, main, title) {
  const old = page.querySelector("main");
  const open = new Set([...old.querySelectorAll("details[open]")].map(name));
  for (const d of main.querySelectorAll("details")) if (open.has(name(d))) d.open = true;
  button(page, main);
  if (main.isEqualNode(old) || isTypedIn(old)) return;
  const focus = old.contains(page.activeElement) ? place(old, page.activeElement) : null;
  const [x, y] = [scrollX, scrollY];
  old.replaceWith(main);
  page.title = title;
  if (focus) find(main, focus)?.focus({ preventScroll: true });
  scrollTo(x, y);
  const words = [...main.querySelectorAll("[data-say]")].map((p) => p.textContent.trim()).join(" ");
  if (voice.textContent !== words) voice.textContent = words;
}

/** Somebody has begun to fill in a form: nothing moves under their hands then. */
function isTypedIn(main) {
  return [...main.querySelectorAll("input:not([readonly]), select, textarea")].some((f) =>
    f.matches("[type=radio], [type=checkbox]") ? f.checked !== f.defaultChecked
    : f.matches("select") ? [...f.options].some((o) => o.selected !== o.defaultSelected && o.index > 0)
    : f.value !== f.defaultValue);
}

/** What a fold is known by: its first line. */
const name = (details) => details.querySelector("summary")?.textContent.trim();

const stops = "a[href], button, input, select, textarea, summary, [tabindex]";

/** Where the focus is: the element's id, or which of its like it is. */
function place(main, element) {
  const like = (e) => e.tagName === element.tagName && e.textContent === element.textContent;
  return { id: element.id, like, at: [...main.querySelectorAll(stops)].filter(like).indexOf(element) };
}

function find(main, { id, like, at }) {
  if (id) return main.querySelector(`#${CSS.escape(id)}`);
  return [...main.querySelectorAll(stops)].filter(like)[at];
}
