// Copies commands and code blocks, without prompts and output, after asking for the values of placeholders.
// Buttons are hidden until this script runs; those that htmx swaps in are shown too.
const PROMPT = /^\s*(?:[\w.-]+@[\w.-]+[^$#%>]*|\([\w.-]+\)\s*)?(?:\$|#|%|>>>|PS [^>]*>|❯)\s+/;
const PLACEHOLDER = /<([A-Za-z][\w -]{0,30})>|\{\{?([A-Za-z][\w -]{0,30})\}?\}/g;

// If some lines begin with a prompt, they are the commands and the others are output.
function commandsOf(text) {
  const lines = text.replace(/\n$/, "").split("\n");
  const typed = lines.filter((line) => PROMPT.test(line));
  return (typed.length ? typed.map((line) => line.replace(PROMPT, "")) : lines).join("\n");
}

function placeholdersOf(text) {
  return [...new Set([...text.matchAll(PLACEHOLDER)].map((match) => match[0]))];
}

// Shows fields for the placeholders of a command after it. What is typed there is filled into the copy.
function fieldsFor(block, names) {
  const form = document.createElement("p");
  form.className = "placeholders";
  for (const name of names) {
    const label = document.createElement("label");
    label.textContent = `${name.replace(/[<>{}]/g, "")} `;
    const field = document.createElement("input");
    field.dataset.placeholder = name;
    label.append(field);
    form.append(label);
  }
  block.after(form);
  form.querySelector("input").focus();
  return form;
}

function filled(text, form) {
  for (const field of form?.querySelectorAll("input") ?? []) {
    if (field.value) text = text.replaceAll(field.dataset.placeholder, field.value);
  }
  return text;
}

function copy(button) {
  const block = button.closest(".command, .code-block");
  const code = block.querySelector("code");
  const names = placeholdersOf(commandsOf(code.textContent));
  const form = block.nextElementSibling?.matches(".placeholders") ? block.nextElementSibling : null;
  if (names.length && !form && block.matches(".command")) fieldsFor(block, names);
  return put(button, filled(commandsOf(code.textContent), form));
}

// Copies a text. Without a clipboard, as over plain HTTP, the old command copies it, or the reader's keys do.
async function put(button, text) {
  try {
    await navigator.clipboard.writeText(text);
    say(button, "Copied");
  } catch {
    if (copyByCommand(text)) say(button, "Copied");
    else offer(button, text);
  }
}

function fieldOf(text) {
  const field = document.createElement("textarea");
  field.readOnly = true;
  field.value = text;
  return field;
}

// Copies from a hidden field by the deprecated command, and restores the focus.
function copyByCommand(text) {
  const focused = document.activeElement;
  const field = fieldOf(text);
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand("copy");
  field.remove();
  focused?.focus();
  return isCopied;
}

// Shows the text after its button, selected, until it loses the focus.
function offer(button, text) {
  const field = fieldOf(text);
  field.className = "to-copy";
  field.setAttribute("aria-label", "Text to copy");
  (button.closest(".command, .code-block") ?? button).after(field);
  field.select();
  field.addEventListener("blur", () => field.remove());
  say(button, `Press ${navigator.platform.startsWith("Mac") ? "⌘C" : "Ctrl+C"} to copy`);
}

// Says on the button, and to screen readers, whether the text was copied.
function say(button, words) {
  button.dataset.words ??= button.textContent;
  button.textContent = words;
  document.getElementById("said").textContent = words;
  clearTimeout(button.waiting);
  button.waiting = setTimeout(() => (button.textContent = button.dataset.words), words === "Copied" ? 1500 : 5000);
}

async function textFrom(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(response.statusText);
  return response.text();
}

// Copies the text at an address.
async function copyFrom(button) {
  const text = textFrom(button.dataset.from);
  try {
    if (!navigator.clipboard?.write) return await put(button, await text);
    // A promise, since some browsers allow a click to write to the clipboard only immediately.
    const blob = text.then((words) => new Blob([words], { type: "text/plain" }));
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
    say(button, "Copied");
  } catch {
    text.then((words) => put(button, words)).catch(() => say(button, "Could not copy: the server did not answer"));
  }
}

// Gives the code blocks of a log a button too. It lies over the block, so that nothing moves.
function wrap(root) {
  for (const code of root.querySelectorAll(".rendered pre > code")) {
    const pre = code.parentElement;
    if (pre.parentElement.matches(".code-block")) continue;
    const box = document.createElement("div");
    box.className = "code-block";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy quiet";
    button.textContent = "Copy";
    pre.replaceWith(box);
    box.append(pre, button);
  }
  for (const button of root.querySelectorAll("button.copy, button.copy-text")) button.hidden = false;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button.copy, button.copy-text");
  if (button) (button.dataset.from ? copyFrom : copy)(button);
});
document.addEventListener("htmx:afterSwap", (event) => wrap(event.target));
wrap(document);
