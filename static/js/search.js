// Tells the search box when to ask: a pause after typing, never for a single character.
const box = document.getElementById("q");
const PAUSE_MS = 120;
let asked = box.value.trim();
let waiting;

box.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    const words = box.value.trim();
    if (words.length === 1 || words === asked) return;
    asked = words;
    box.dispatchEvent(new Event("words-changed"));
  }, PAUSE_MS);
});
