// Drag and drop of files and folders, sent a few at a time so that thousands can come. Without it the form does the same.
const zone = document.querySelector("[data-drop]");
const progress = zone.querySelector("[data-progress]");
const KNOWN = /\.(md|markdown|txt|zip)$/i;
const MOST_FILES = 40;
const MOST_BYTES = 8_000_000;

async function filesOf(entry) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    return [{ file, path: entry.fullPath.replace(/^\//, "") }];
  }
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return found;
    for (const inner of some) found.push(...(await filesOf(inner)));
  }
}

function parts(files) {
  const found = [[]];
  let bytes = 0;
  for (const one of files) {
    const last = found[found.length - 1];
    if (last.length && (last.length >= MOST_FILES || bytes + one.file.size > MOST_BYTES)) {
      found.push([one]);
      bytes = one.file.size;
    } else {
      last.push(one);
      bytes += one.file.size;
    }
  }
  return found;
}

async function send(files) {
  const known = files.filter(({ path }) => KNOWN.test(path));
  if (!known.length) {
    progress.textContent = "None of these is a .md, .markdown, .txt or .zip file.";
    return;
  }
  let batch = "";
  let sent = 0;
  for (const part of parts(known)) {
    const form = new FormData();
    form.append("csrfmiddlewaretoken", zone.querySelector("[name=csrfmiddlewaretoken]").value);
    form.append("project", zone.querySelector("[name=project]").value);
    if (batch) form.append("batch", batch);
    for (const { file, path } of part) {
      form.append("files", file);
      form.append("paths", path);
    }
    const answer = await fetch(zone.action, { method: "POST", body: form, headers: { Accept: "application/json" } });
    if (!answer.ok) {
      // A proxy in front may refuse with a page of its own.
      const { problem } = await answer.json().catch(() => ({}));
      progress.textContent = `The upload failed after ${sent} files. ${problem || "Try again, or send fewer at once."}`;
      return;
    }
    batch = (await answer.json()).batch;
    sent += part.length;
    progress.textContent = `${sent} of ${known.length} sent`;
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
  // Entries tell folders apart; where a browser gives none, the files themselves are taken.
  const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
  const found = entries.length ? [] : [...event.dataTransfer.files].map((file) => ({ file, path: file.name }));
  for (const entry of entries) found.push(...(await filesOf(entry)));
  await send(found);
});
zone.addEventListener("submit", (event) => {
  const chosen = [...zone.querySelector("[name=files]").files];
  if (!chosen.length) return;
  event.preventDefault();
  send(chosen.map((file) => ({ file, path: file.webkitRelativePath || file.name })));
});
