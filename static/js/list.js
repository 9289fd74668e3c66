// Moves through a list by keyboard: j and k, v to choose, Enter to open; other keys are those the tools name. Where no
// tool takes x, it chooses too.
// With nothing chosen a tool takes the row one stands on. Typing in a field is left alone.
let at = -1;

const ROWS = "[data-list] :is(.row, .hit, .hit-line)";
const rows = () => [...document.querySelectorAll(ROWS)].filter((row) => row.checkVisibility());

function markCurrent(next) {
  const all = rows();
  at = Math.max(0, Math.min(all.length - 1, next));
  all.forEach((row, number) => row.classList.toggle("is-current", number === at));
  return all[at];
}

function leaveList() {
  at = -1;
}

function moveTo(next) {
  markCurrent(next)?.querySelector(".row-title").focus();
}

function useTool(tool) {
  const form = tool.closest("[data-list]");
  if (form && !form.querySelector("input[type=checkbox]:checked")) {
    const box = rows()[at]?.querySelector("input[type=checkbox]");
    if (!box) return;
    box.checked = true;
  }
  if (tool.matches("button")) tool.click();
  else tool.focus();
}

// A tool of the current row, such as an answer to what it asks.
function ownTool(key) {
  const own = rows()[at]?.querySelector(`[data-row-key="${CSS.escape(key)}"]`);
  return own?.checkVisibility() ? own : null;
}

function useOwn(own) {
  own.click();
  own.closest("details")?.querySelector("button")?.focus();
}

// Returns whether the key means something here.
function press({ key }) {
  const tool = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  const own = ownTool(key);
  if (key === "j") moveTo(at + 1);
  else if (key === "k") moveTo(at - 1);
  else if (tool) useTool(tool);
  else if (own) useOwn(own);
  else if ((key === "v" || key === "x") && at >= 0) rows()[at]?.querySelector("input[type=checkbox]")?.click();
  else return false;
  return true;
}

const pressInTime = whenSwapped(press, (target) => !!target.querySelector("[data-list]"));

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.documentElement.dataset.keys === "off") return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select, dialog[open]")) return;
  if (pressInTime(event)) event.preventDefault();
});

// A field of the tools acts on Enter by the button beside it.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches(".joined input, .joined select")) return;
  event.preventDefault();
  event.target.closest(".joined").querySelector("button").click();
});

// After a swap the row that is now in the same place is current. It gets the focus only if what had it was swapped away.
let hadFocus = false;
document.addEventListener("htmx:beforeSwap", ({ detail }) => (hadFocus = detail.target.contains(document.activeElement)));
document.addEventListener("htmx:afterSwap", () => {
  if (at < 0 || !rows().length) return;
  const row = markCurrent(at);
  if (hadFocus) row.querySelector(".row-title").focus();
});

if (document.querySelector("[data-list=first]")) markCurrent(0); // a queue is worked off from its first row
