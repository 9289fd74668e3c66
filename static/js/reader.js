// Puts right what was read, by keyboard: j and k go through records, x says that one is none, c changes it, u undoes,
// m goes to the source, where j and k go through lines, Shift extends the selection, and a letter says what they are.
const reader = document.querySelector(".is-reader");
const keysOff = () => document.documentElement.dataset.keys === "off";
let current = -1;
let marking = false;
let anchor = -1;
let cursor = -1;

const cards = () => [...reader.querySelectorAll(".record")];
const blocks = () => {
  const all = [...reader.querySelectorAll(".source [data-first]")];
  return all.filter((block) => !block.querySelector("[data-first]"));
};

function markSpans(spans) {
  for (const block of blocks()) {
    const [first, last] = [Number(block.dataset.first), Number(block.dataset.last)];
    block.classList.toggle("is-marked", spans.some(([from, to]) => first <= to && last >= from));
  }
}

function scrollSource(element) {
  const source = reader.querySelector(".source");
  if (source.scrollHeight <= source.clientHeight) return; // on a phone the page would jump away from the record
  const by = element.getBoundingClientRect().top - source.getBoundingClientRect().top - source.clientHeight / 3;
  source.scrollBy({ top: by });
}

const spansOf = (card) => card.dataset.spans.trim().split(" ").map((span) => span.split("-").map(Number));

function show(card) {
  for (const other of reader.querySelectorAll(".record.is-current")) other.classList.remove("is-current");
  card.classList.add("is-current");
  markSpans(spansOf(card));
  const first = reader.querySelector(".source .is-marked");
  if (first) scrollSource(first);
}

function goTo(at) {
  const all = cards();
  if (!all.length) return;
  current = Math.max(0, Math.min(all.length - 1, at));
  show(all[current]);
  all[current].querySelector(".row-title").focus({ preventScroll: true });
  all[current].scrollIntoView({ block: "nearest" });
}

function tool(key) {
  const card = cards()[current];
  const found = card?.querySelector(`[data-tool="${key}"]`);
  if (!found) return;
  if (key !== "c") return void found.click();
  const details = found.closest("details");
  details.open = true;
  details.querySelector("input:not([type=hidden]), textarea, select").focus();
}

function select(from, to) {
  const all = blocks();
  [anchor, cursor] = [from, to].map((at) => Math.max(0, Math.min(all.length - 1, at)));
  const chosen = all.slice(Math.min(anchor, cursor), Math.max(anchor, cursor) + 1);
  for (const block of all) block.classList.toggle("is-chosen", chosen.includes(block));
  for (const block of all) block.classList.remove("is-marked");
  if (!chosen.length) return;
  reader.querySelector("[name=first]").value = chosen[0].dataset.first;
  reader.querySelector("[name=last]").value = chosen.at(-1).dataset.last;
  reader.classList.add("is-marking");
  scrollSource(all[cursor]);
}

function startMarking() {
  marking = true;
  const card = cards()[current];
  const line = card ? spansOf(card)[0][0] : 0;
  const at = blocks().findIndex((block) => Number(block.dataset.last) >= line);
  select(Math.max(at, 0), Math.max(at, 0));
  reader.querySelector(".source").focus({ preventScroll: true });
}

function stopMarking() {
  marking = false;
  reader.classList.remove("is-marking");
  for (const block of reader.querySelectorAll(".is-chosen")) block.classList.remove("is-chosen");
  for (const name of ["first", "last"]) reader.querySelector(`[name=${name}]`).value = "";
}

function markKey(event) {
  const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  const named = reader.querySelector(`[data-name-key="${CSS.escape(event.key)}"]`);
  if (event.key === "Escape") {
    stopMarking();
    goTo(current);
  } else if (step) select(event.shiftKey ? anchor : cursor + step, cursor + step);
  else if (named) named.click();
  else return false;
  return true;
}

function readKey(event) {
  if (event.key === "j") goTo(current + 1);
  else if (event.key === "k") goTo(current - 1);
  else if (event.key === "m") startMarking();
  else if (event.key === "u") (document.querySelector("[data-key=u]") ?? document.querySelector("[data-last]"))?.click();
  else if (["x", "c"].includes(event.key) && current >= 0) tool(event.key);
  else return false;
  return true;
}

const pressInTime = whenSwapped(
  (event) => (marking ? markKey(event) : readKey(event)),
  (target) => target.id === "records",
);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || keysOff()) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select, dialog[open]")) {
    if (event.key !== "Escape" || event.target.closest("dialog")) return;
    event.target.closest("details")?.removeAttribute("open");
    goTo(current);
    return;
  }
  if (pressInTime(event)) event.preventDefault();
});

// A click on a line selects it, with Shift all lines between; the records that are stated there are shown beside it.
reader.querySelector(".source").addEventListener("click", (event) => {
  if (event.target.closest("a, button, input, select, label")) return;
  const at = blocks().indexOf(event.target.closest("[data-first]"));
  if (at < 0 || String(getSelection())) return;
  marking = true;
  const line = Number(blocks()[at].dataset.first);
  const card = cards().findIndex((one) => spansOf(one).some(([first, last]) => first <= line && line <= last));
  if (card >= 0) {
    current = card;
    show(cards()[card]);
    cards()[card].scrollIntoView({ block: "nearest" });
  }
  select(event.shiftKey && anchor >= 0 ? anchor : at, at);
});

reader.addEventListener("click", (event) => {
  const card = event.target.closest(".record");
  if (!card) return;
  current = cards().indexOf(card);
  if (marking) stopMarking();
  show(card);
});

// The list of errors is in the page once: it goes to the record that is being changed, of which only one is open.
reader.addEventListener(
  "toggle",
  ({ target }) => {
    const place = target.open ? target.querySelector(".join") : null;
    const joined = reader.querySelector("#joined");
    if (!place || !joined) return;
    place.prepend(joined);
    joined.querySelector("span").textContent = place.dataset.label;
    const [choice, own] = [joined.querySelector("select"), place.dataset.key];
    for (const option of choice.options) option.hidden = option.disabled = option.value === own;
    if (choice.value === own || !choice.value) choice.value = [...choice.options].find((one) => !one.disabled).value;
  },
  true,
);

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target.id !== "records") return;
  if (marking) stopMarking();
  if (current >= 0 || cards().length) goTo(Math.max(current, 0));
});
