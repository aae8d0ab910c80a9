// A page that waits for work in the background shows how far it is, and is loaded anew once it is done.
"use strict";

function renewWhenDone() {
  const waiting = document.querySelector("[data-awaited]");
  if (!waiting) return;
  const address = new URL(location.href);
  address.searchParams.delete("wait"); // only the reader itself is led on to what comes after
  setTimeout(async () => {
    const answer = await fetch(address, { headers: { Accept: "text/html" } }).catch(() => null);
    const page = answer && answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    const still = page && page.querySelector("[data-awaited]");
    if (page && !still) return location.reload();
    if (still && still.innerHTML !== waiting.innerHTML) waiting.innerHTML = still.innerHTML;
    renewWhenDone();
  }, 2000);
}

renewWhenDone();
