// A page that waits shows how far the work is, and is loaded anew once it is done.
"use strict";

// The page at an address, null where nobody answers.
async function pageAt(address, options = {}) {
  const answer = await fetch(address, { headers: { Accept: "text/html" }, ...options }).catch(() => null);
  if (!answer || !answer.ok) return null;
  const text = await answer.text().catch(() => null); // the connection may end on the way
  return text === null ? null : new DOMParser().parseFromString(text, "text/html");
}

function renewWhenDone() {
  const waiting = document.querySelector("[data-awaited]");
  if (!waiting) return;
  const address = new URL(location.href);
  address.searchParams.delete("wait"); // only the reader itself is led on to what comes after
  setTimeout(async () => {
    const page = await pageAt(address);
    const still = page?.querySelector("[data-awaited]");
    if (page && !still) return location.reload();
    if (still && still.innerHTML !== waiting.innerHTML) waiting.innerHTML = still.innerHTML;
    renewWhenDone();
  }, 2000);
}

renewWhenDone();
