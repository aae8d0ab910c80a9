// A page that waits for a result of the world model is loaded anew once the result is there.
"use strict";

function renewWhenComputed() {
  if (!document.querySelector("[data-awaited]")) return;
  setTimeout(async () => {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
    const page = answer && answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    if (page && !page.querySelector("[data-awaited]")) location.reload();
    else renewWhenComputed();
  }, 3000);
}

renewWhenComputed();
