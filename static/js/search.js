// Decides when the search box sends a query: after a pause in typing, never for a single character. Completes filters,
// and hands a pasted trace to the form that reads one.
const PAUSE_MS = 120;
const LONGEST = 3000; // of a query in an address, encoded: many servers refuse request lines of 4 KB
const box = document.getElementById("q");
const list = document.getElementById("completions");
const filterNames = box.dataset.filters.trim().split(/\s+/);
let lastQuery = box.value.trim();
let timer;
let selected = -1;
box.setSelectionRange(box.value.length, box.value.length); // so that typing continues after the query

box.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const query = box.value.trim();
    if (query.length === 1 || query === lastQuery) return;
    lastQuery = query;
    if (isTooLong(query)) return handOver(query);
    box.dispatchEvent(new Event("words-changed"));
  }, PAUSE_MS);
  complete();
});

box.addEventListener("paste", (event) => {
  const text = event.clipboardData.getData("text");
  if (text.trim().split("\n").length < 2 && !isTooLong(text)) return;
  event.preventDefault();
  handOver(text);
});

box.form.addEventListener("submit", (event) => {
  if (!isTooLong(box.value)) return;
  event.preventDefault();
  handOver(box.value);
});

function isTooLong(text) {
  return encodeURIComponent(text).length > LONGEST;
}

// What is too long for an address is posted, and comes back as a query of a few words.
function handOver(text) {
  const form = document.querySelector("#paste form");
  form.elements.text.value = text;
  form.requestSubmit();
}

// The word before the caret, if it may be a filter: its name, its colon, and its value so far.
function filterBeforeCaret() {
  const match = box.value.slice(0, box.selectionStart).match(/(?:^|\s)-?([a-z]+)(:?)([^\s"]*)$/i);
  return match && { name: match[1].toLowerCase(), colon: match[2], value: match[3] };
}

async function complete() {
  const filter = filterBeforeCaret();
  if (!filter || (!filter.colon && filter.name.length < 2)) return showOptions([]);
  if (!filter.colon) {
    return showOptions(filterNames.filter((name) => name.startsWith(filter.name)).map((name) => `${name}:`));
  }
  if (!filterNames.includes(filter.name)) return showOptions([]);
  const address = `${box.dataset.values}?${new URLSearchParams({ name: filter.name, value: filter.value })}`;
  const { values } = await (await fetch(address)).json();
  const current = filterBeforeCaret();
  if (current && current.name === filter.name && current.value === filter.value) {
    showOptions(values.filter((value) => value !== filter.value).map((value) => `${filter.name}:${quoted(value)}`));
  }
}

function quoted(value) {
  return /\s/.test(value) ? `"${value}"` : value;
}

// An answer that changes nothing leaves the selection as it is: it may come after an arrow key.
function showOptions(options) {
  const shown = [...list.children].map((item) => item.textContent);
  if (options.length > 0 && !list.hidden && shown.join("\n") === options.join("\n")) return;
  selected = -1;
  list.replaceChildren(...options.map(optionItem));
  list.hidden = options.length === 0;
  box.setAttribute("aria-expanded", String(options.length > 0));
  box.removeAttribute("aria-activedescendant");
}

function optionItem(text, number) {
  const item = document.createElement("li");
  item.id = `completion-${number}`;
  item.role = "option";
  item.textContent = text;
  item.addEventListener("mousedown", (event) => {
    event.preventDefault();
    insert(text);
  });
  return item;
}

// Replaces the filter before the caret with a completion.
function insert(text) {
  const { name, colon, value } = filterBeforeCaret();
  const end = box.selectionStart;
  const start = end - name.length - colon.length - value.length;
  box.setRangeText(text.endsWith(":") ? text : `${text} `, start, end, "end");
  showOptions([]);
  box.dispatchEvent(new Event("input"));
}

function moveSelection(step) {
  const options = [...list.children];
  selected = (selected + step + options.length) % options.length;
  options.forEach((item, number) => item.setAttribute("aria-selected", String(number === selected)));
  box.setAttribute("aria-activedescendant", options[selected].id);
}

box.setAttribute("role", "combobox");
box.setAttribute("aria-controls", list.id);
box.setAttribute("aria-autocomplete", "list");
box.setAttribute("aria-expanded", "false");
box.addEventListener("blur", () => showOptions([]));
box.addEventListener("keydown", (event) => {
  if (list.hidden) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    moveSelection(event.key === "ArrowDown" ? 1 : -1);
  } else if ((event.key === "Enter" || event.key === "Tab") && selected >= 0) {
    event.preventDefault();
    insert(list.children[selected].textContent);
  } else if (event.key === "Escape") {
    event.preventDefault();
    showOptions([]);
  }
});
