// Moves through a list by keyboard: j and k, x to choose, Enter to open. Typing in a field is left alone.
const rows = [...document.querySelectorAll("[data-list] .row")];
let at = -1;

function moveTo(next) {
  at = Math.max(0, Math.min(rows.length - 1, next));
  rows.forEach((row, number) => row.classList.toggle("is-current", number === at));
  rows[at].querySelector(".row-title").focus();
}

document.addEventListener("keydown", (event) => {
  if (!rows.length || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select")) return;
  if (event.key === "j") moveTo(at + 1);
  else if (event.key === "k") moveTo(at - 1);
  else if (event.key === "x" && at >= 0) rows[at].querySelector("input[type=checkbox]").click();
});
