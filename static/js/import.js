// Drag and drop of files and folders. They are sent in parts, so that there can be thousands. The form does the same.
const zone = document.querySelector("[data-drop]");
const progress = zone.querySelector("[data-progress]");
const IMPORTABLE = /\.(md|markdown|txt|zip)$/i;
const MOST_FILES = 40;
const MOST_BYTES = 8_000_000;

async function filesOf(entry) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    return [{ file, path: entry.fullPath.replace(/^\//, "") }];
  }
  const reader = entry.createReader();
  const files = [];
  for (;;) {
    // A reader returns at most a hundred entries at a time.
    const entries = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!entries.length) return files;
    for (const inner of entries) files.push(...(await filesOf(inner)));
  }
}

function inParts(files) {
  const parts = [[]];
  let bytes = 0;
  for (const entry of files) {
    const last = parts[parts.length - 1];
    if (last.length && (last.length >= MOST_FILES || bytes + entry.file.size > MOST_BYTES)) {
      parts.push([entry]);
      bytes = entry.file.size;
    } else {
      last.push(entry);
      bytes += entry.file.size;
    }
  }
  return parts;
}

function formData(part, batch) {
  const data = new FormData();
  for (const name of ["csrfmiddlewaretoken", "project"]) {
    data.append(name, zone.querySelector(`[name=${name}]`).value);
  }
  if (batch) data.append("batch", batch);
  for (const { file, path } of part) {
    data.append("logs", file);
    data.append("paths", path);
  }
  return data;
}

async function send(files) {
  const importable = files.filter(({ path }) => IMPORTABLE.test(path));
  if (!importable.length) {
    progress.textContent = "None of these is a .md, .markdown, .txt or .zip file.";
    return;
  }
  let batch = "";
  let sent = 0;
  for (const part of inParts(importable)) {
    const headers = { Accept: "application/json" };
    const response = await fetch(zone.action, { method: "POST", body: formData(part, batch), headers });
    if (!response.ok) {
      // A proxy in front may respond with a page of its own.
      const { problem } = await response.json().catch(() => ({}));
      progress.textContent = `The upload failed after ${sent} files. ${problem || "Try again, or send fewer at once."}`;
      return;
    }
    batch = (await response.json()).batch;
    sent += part.length;
    progress.textContent = `${sent} of ${importable.length} sent`;
  }
  location.href = zone.action.replace(/stage\/$/, `staged/${batch}/`);
}

zone.addEventListener("dragover", (event) => {
  event.preventDefault();
  zone.classList.add("is-over");
});
zone.addEventListener("dragleave", () => zone.classList.remove("is-over"));
zone.addEventListener("drop", async (event) => {
  event.preventDefault();
  zone.classList.remove("is-over");
  // Entries include folders. A browser that has none gives the files themselves.
  const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
  const files = entries.length ? [] : [...event.dataTransfer.files].map((file) => ({ file, path: file.name }));
  for (const entry of entries) files.push(...(await filesOf(entry)));
  await send(files);
});
zone.addEventListener("submit", (event) => {
  const files = [...zone.querySelector("[name=logs]").files];
  if (!files.length) return;
  event.preventDefault();
  send(files.map((file) => ({ file, path: file.webkitRelativePath || file.name })));
});
