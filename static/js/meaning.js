// While somebody types, words alone find. Once typing pauses, results by words and by meaning together are asked for.
// They are shown only when nobody is busy with the results: nothing moves under a pointer or where somebody reads.
const CALM_MS = 400;
const shown = document.getElementById("results");
const asking = box.form;
let areByWords = false; // whether words alone found what is shown
let joined; // the request for results by both
let calm;

const isBusy = () =>
  !!shown.querySelector(".hit") &&
  (shown.matches(":hover") ||
    shown.contains(document.activeElement) ||
    (!getSelection().isCollapsed && shown.contains(getSelection().anchorNode)) ||
    !!shown.querySelector("details[open]") ||
    shown.getBoundingClientRect().top < 0);

const isOfWords = () => lastQuery !== "" && box.value.trim() === lastQuery;

function waitForCalm() {
  clearTimeout(calm);
  calm = setTimeout(join, CALM_MS);
}

// To somebody busy with the results, those by both are offered.
function join() {
  if (!areByWords || !isOfWords()) return;
  if (isBusy()) shown.querySelector(".join")?.removeAttribute("hidden");
  else asking.dispatchEvent(new Event("typing-paused"));
}

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.elt === box) areByWords = false;
  if (detail.elt === asking) joined = detail.xhr;
});

shown.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.requestConfig.elt !== asking || (isOfWords() && !isBusy())) return;
  detail.shouldSwap = false;
  waitForCalm();
});

shown.addEventListener("htmx:afterSwap", ({ detail }) => {
  areByWords = detail.requestConfig.headers["Search-By"] === "words";
  if (areByWords) waitForCalm();
});

box.addEventListener("input", () => {
  joined?.abort();
  waitForCalm();
});
box.addEventListener("words-changed", leaveList);
box.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" || !list.hidden || !rows().length) return;
  event.preventDefault();
  moveTo(0);
});
shown.addEventListener("pointerleave", waitForCalm);
shown.addEventListener("focusout", waitForCalm);
shown.addEventListener("toggle", waitForCalm, true);
document.addEventListener("selectionchange", waitForCalm);
document.addEventListener("scroll", waitForCalm);
