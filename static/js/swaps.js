// What a swap does besides: its target says that it is busy, and then, to a screen reader, what it came to.
// What is said goes into one region that was there before, since one that arrives with its words is often not read.
const region = document.getElementById("said");

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.elt.matches("[hx-trigger^='load']")) return; // it shows a progress of its own
  detail.target.setAttribute("aria-busy", "true");
});
document.addEventListener("htmx:afterRequest", (event) => event.detail.target.removeAttribute("aria-busy"));

document.addEventListener("htmx:afterSwap", (event) => {
  const words = event.target.querySelector("[data-say]")?.textContent.trim().replace(/\s+/g, " ");
  if (words && words !== region.textContent) region.textContent = words;
});
