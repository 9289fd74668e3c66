// Shortcuts of every page, which are off while somebody types in a field, and the time zone of the browser.
const FIELDS = "input:not([type=checkbox]), textarea, select, [contenteditable], dialog[open]";
const root = document.documentElement;
let going = false;

const isTyping = (target) => target.closest(FIELDS);

function search() {
  const box = document.getElementById("q");
  if (box) {
    box.focus();
    box.select();
  } else {
    document.querySelector("[data-go='/']")?.click();
  }
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    search();
    return;
  }
  if (root.dataset.keys === "off" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const link = going && document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
  going = false;
  if (link) {
    event.stopImmediatePropagation();
    event.preventDefault();
    link.click();
  } else if (event.key === "g") going = true;
  else if (event.key === "/") {
    event.preventDefault();
    search();
  } else if (event.key === "?") document.getElementById("keys")?.showModal();
}, true);

if (!/(?:^|; )zone=/.test(document.cookie)) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  document.cookie = `zone=${encodeURIComponent(zone)}; path=/; max-age=31536000; samesite=lax`;
}
