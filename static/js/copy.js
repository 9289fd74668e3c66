// Copies a command. The button is shown only where scripts run, in what htmx swaps in as well.
function showButtons(root) {
  for (const button of root.querySelectorAll("button.copy")) button.hidden = false;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button.copy");
  if (!button) return;
  const text = button.closest(".command").querySelector("code").textContent;
  await navigator.clipboard.writeText(text);
  button.textContent = "Copied";
  setTimeout(() => (button.textContent = "Copy"), 1500);
});
document.addEventListener("htmx:afterSwap", (event) => showButtons(event.target));
showButtons(document);
