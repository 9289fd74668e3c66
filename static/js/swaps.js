// Marks the target of a swap as busy, then tells screen readers what the swap brought.
// The words go into a region that was on the page before: one that arrives with its words is often not read.
const region = document.getElementById("said");

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.elt.matches("[hx-trigger^='load'], [data-quiet]")) return; // it shows its own progress, or need not
  detail.target.setAttribute("aria-busy", "true");
});
document.addEventListener("htmx:afterRequest", (event) => event.detail.target.removeAttribute("aria-busy"));

document.addEventListener("htmx:afterSwap", (event) => {
  const words = event.target.querySelector("[data-say]")?.textContent.trim().replace(/\s+/g, " ");
  if (words && words !== region.textContent) region.textContent = words;
});

// htmx knows the pressed button only inside of its form; one that names its form by `form` counts too.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  const button = detail.triggeringEvent?.submitter;
  if (!button || detail.elt.contains(button)) return;
  if (button.name) detail.parameters.set(button.name, button.value);
  const address = button.getAttribute("formaction");
  if (address) detail.path = address;
});
