// Marks the target of a swap as busy, then tells screen readers what the swap brought.
// The words go into a region that was on the page before: one that arrives with its words is often not read.
const region = document.getElementById("said");

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.elt.matches("[hx-trigger^='load']")) return; // it shows its own progress
  detail.target.setAttribute("aria-busy", "true");
});
document.addEventListener("htmx:afterRequest", (event) => event.detail.target.removeAttribute("aria-busy"));

document.addEventListener("htmx:afterSwap", (event) => {
  const words = event.target.querySelector("[data-say]")?.textContent.trim().replace(/\s+/g, " ");
  if (words && words !== region.textContent) region.textContent = words;
});
