// Copies what a field shows. Without this module the field is there to be marked and copied by
// hand; here marking is done on focus, and a button beside it copies.

/** Readies a page to be copied from. */
export function copies(page) {
  page.addEventListener("focusin", (event) => {
    if (event.target.matches?.("[data-copy]")) event.target.select();
  });
  button(page, page);
}

/** Puts a button beside each field of a part of the page that is there to be copied from. */
export function button(page, part) {
  if (!navigator.clipboard) return; // no secure connection
  for (const field of part.querySelectorAll("[data-copy]")) {
    const copy = page.createElement("button");
    copy.type = "button";
    copy.className = "button";
    copy.dataset.size = "small";
    copy.textContent = "Copy";
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(field.value);
      copy.textContent = "Copied";
    });
    field.after(copy);
  }
}
