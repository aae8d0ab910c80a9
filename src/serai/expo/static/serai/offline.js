/* The pages for the halls. Opened with a connection, the agenda and the desk fetch the others, which the worker keeps; a
   page that the worker gives without one says so beside each of its forms. */
"use strict";
(() => {
  const page = document.getElementById("as-last-read");
  const signOut = document.querySelector("form[data-sign-out]");

  // Without a connection

  const close = (form) => {
    if (form === signOut || form.method === "dialog") return;  // signing out clears the device all the same
    for (const part of form.elements) part.disabled = true;
    if (form.closest("header.masthead")) for (const part of form.querySelectorAll("input")) part.placeholder = page.dataset.forms;
    else form.prepend(Object.assign(document.createElement("p"), { className: "quiet small", textContent: page.dataset.forms }));
  };
  if (!page.hidden) {
    document.getElementById("messages").replaceChildren();  // they were said once
    for (const part of document.querySelectorAll("[hx-get], [hx-post]")) for (const name of ["hx-get", "hx-post"]) part.removeAttribute(name);
    document.querySelectorAll("form").forEach(close);
    return;
  }

  // With one

  const MOST = 40, LISTS = 10, OTHERS = 180;  // pages, and minutes for which lists and other pages count as new
  const kept = async (address) => ("caches" in window && (await caches.has("serai-pages")) ? (await caches.open("serai-pages")).match(address) : undefined);
  const isNew = (answer, minutes) => answer && Date.now() - answer.headers.get("X-Serai-Kept") < minutes * 60000;
  const textOf = async (address, minutes) => {
    const last = await kept(address);
    if (isNew(last, minutes)) return last.text();
    const answer = await fetch(address, { headers: { "X-Serai-Keeping": "1" }, redirect: "manual" });
    return answer.ok ? answer.text() : "";
  };
  const linked = (text) => Array.from(
    new DOMParser().parseFromString(text, "text/html").querySelectorAll("a[data-keep]"), (link) => link.getAttribute("href").split("?")[0],
  );
  const fetchAll = async () => {
    if (!("serviceWorker" in navigator) || navigator.connection?.saveData || !page.dataset.keep) return;
    await navigator.serviceWorker.register("/offline-worker.js", { scope: "/" });
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) await new Promise((go) => { navigator.serviceWorker.oncontrollerchange = go; });
    const first = page.dataset.keep.split(" "), links = [];
    for (const address of first) links.push(...linked(await textOf(address, first.indexOf(address) < 2 ? LISTS : OTHERS)));
    for (const address of [...new Set(links)].slice(0, MOST - first.length)) await textOf(address, OTHERS);
  };
  fetchAll().catch(() => {});  // what was kept before stays
})();
