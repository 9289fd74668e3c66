// Keys pressed while what they act on is being swapped wait, since they are meant for what is to come.
// Returns a function that takes a key event, and says whether the key meant something: `act` does the same at once.
function whenSwapped(act, isSwapped) {
  let isSwapping = false;
  const waiting = [];

  function release() {
    isSwapping = false;
    while (waiting.length && !isSwapping) act(waiting.shift());
  }

  document.addEventListener("htmx:beforeRequest", ({ detail }) => (isSwapping ||= isSwapped(detail.target)));
  document.addEventListener("htmx:afterSettle", release);
  document.addEventListener("htmx:beforeSwap", ({ detail }) => detail.shouldSwap || release());
  document.addEventListener("htmx:afterRequest", ({ detail }) => detail.successful || release());

  return (event) => {
    if (!isSwapping || event.key.length > 1) return act(event);
    waiting.push(event);
    return true;
  };
}
