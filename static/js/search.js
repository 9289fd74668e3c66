// Tells the search box when to ask: a pause after typing, never for a single character. Completes filters, and takes
// a pasted trace to the form that reads one.
const box = document.getElementById("q");
const list = document.getElementById("completions");
const names = box.dataset.filters.trim().split(/\s+/);
const PAUSE_MS = 120;
let asked = box.value.trim();
let waiting;
let chosen = -1;
box.setSelectionRange(box.value.length, box.value.length); // one goes on typing behind what was asked

box.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    const words = box.value.trim();
    if (words.length === 1 || words === asked) return;
    asked = words;
    box.dispatchEvent(new Event("words-changed"));
  }, PAUSE_MS);
  complete();
});

box.addEventListener("paste", (event) => {
  const text = event.clipboardData.getData("text");
  if (text.trim().split("\n").length < 2) return;
  event.preventDefault();
  const form = document.querySelector("#paste form");
  form.elements.text.value = text;
  form.requestSubmit();
});

// The word before the caret, if it may be a filter: its sign, its name, and its value so far.
function filterBeforeCaret() {
  const match = box.value.slice(0, box.selectionStart).match(/(?:^|\s)(-?)([a-z]+)(:?)([^\s"]*)$/i);
  return match && { sign: match[1], name: match[2].toLowerCase(), colon: match[3], value: match[4] };
}

async function complete() {
  const found = filterBeforeCaret();
  if (!found || (!found.colon && found.name.length < 2)) return show([]);
  if (!found.colon) return show(names.filter((name) => name.startsWith(found.name)).map((name) => `${name}:`));
  if (!names.includes(found.name)) return show([]);
  const address = `${box.dataset.values}?${new URLSearchParams({ name: found.name, begin: found.value })}`;
  const { values } = await (await fetch(address)).json();
  const now = filterBeforeCaret();
  if (now && now.name === found.name && now.value === found.value) {
    show(values.filter((value) => value !== found.value).map((value) => `${found.name}:${/\s/.test(value) ? `"${value}"` : value}`));
  }
}

function show(options) {
  chosen = -1;
  list.replaceChildren(...options.map((text, number) => {
    const item = document.createElement("li");
    item.id = `completion-${number}`;
    item.role = "option";
    item.textContent = text;
    item.addEventListener("mousedown", (event) => { event.preventDefault(); take(text); });
    return item;
  }));
  list.hidden = options.length === 0;
  box.setAttribute("aria-expanded", String(options.length > 0));
  box.removeAttribute("aria-activedescendant");
}

function take(text) {
  const end = box.selectionStart;
  const found = filterBeforeCaret();
  const start = end - found.name.length - found.colon.length - found.value.length;
  const rest = text.endsWith(":") ? text : `${text} `;
  box.setRangeText(rest, start, end, "end");
  show([]);
  box.dispatchEvent(new Event("input"));
}

function move(step) {
  const options = [...list.children];
  chosen = (chosen + step + options.length) % options.length;
  options.forEach((item, number) => item.setAttribute("aria-selected", String(number === chosen)));
  box.setAttribute("aria-activedescendant", options[chosen].id);
}

box.setAttribute("role", "combobox");
box.setAttribute("aria-controls", list.id);
box.setAttribute("aria-autocomplete", "list");
box.setAttribute("aria-expanded", "false");
box.addEventListener("blur", () => show([]));
box.addEventListener("keydown", (event) => {
  if (list.hidden) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    move(event.key === "ArrowDown" ? 1 : -1);
  } else if ((event.key === "Enter" || event.key === "Tab") && chosen >= 0) {
    event.preventDefault();
    take(list.children[chosen].textContent);
  } else if (event.key === "Escape") {
    event.preventDefault();
    show([]);
  }
});
