// Marks lines of the log, named by "#L90-L93" in the address or by a link of a record.
const source = document.querySelector(".source");

function mark(first, last) {
  for (const block of source.querySelectorAll(".is-marked")) block.classList.remove("is-marked");
  const blocks = [...source.querySelectorAll("[data-first]")].filter(
    (block) => Number(block.dataset.first) <= last && Number(block.dataset.last) >= first,
  );
  // Only the innermost blocks: a list is not marked for one of its items.
  const inner = blocks.filter((block) => !blocks.some((other) => other !== block && block.contains(other)));
  for (const block of inner) block.classList.add("is-marked");
  if (!inner.length) return;
  const line = document.getElementById(`L${first}`); // a long block of code is scrolled to the line itself
  (inner[0].contains(line) ? line : inner[0]).scrollIntoView({ block: "center" });
}

function markFromHash() {
  const span = /^#L(\d+)(?:-L(\d+))?$/.exec(location.hash);
  if (span) mark(Number(span[1]), Number(span[2] ?? span[1]));
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href*='lines=']");
  if (!link || link.pathname !== location.pathname || event.metaKey || event.ctrlKey) return;
  const [first, last] = new URLSearchParams(link.search).get("lines").split("-").map(Number);
  event.preventDefault();
  history.pushState(null, "", `#L${first}-L${last}`);
  mark(first, last);
});

addEventListener("hashchange", markFromHash);
addEventListener("popstate", markFromHash);
const query = /^(\d+)-(\d+)$/.exec(new URLSearchParams(location.search).get("lines") ?? "");
if (query) mark(Number(query[1]), Number(query[2]));
else markFromHash();
