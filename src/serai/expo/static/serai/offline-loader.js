/* Brings leads.js where leads wait and there is a connection, or where signing out has to clear the browser, and
   offline.js to a page for the halls. */
"use strict";
(() => {
  if (!("indexedDB" in window)) return;
  const NAME = "serai-leads";
  const address = document.currentScript.dataset.leads;
  const signOut = document.querySelector("form[data-sign-out]");
  const page = document.getElementById("as-last-read");
  let brought = null;

  const script = (src) => new Promise((onload, onerror) => {
    document.head.append(Object.assign(document.createElement("script"), { src, onload, onerror }));
  });
  const bring = () => (brought ||= script(address).catch((fault) => { brought = null; throw fault; }));
  // Where a browser does not list its databases, leads.js looks.
  const keeps = async () => !indexedDB.databases || (await indexedDB.databases()).some(({ name }) => name === NAME);
  const answer = (asked) => new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  const sendWaiting = async () => {
    if (brought || !navigator.onLine || !(await keeps())) return;
    const opening = indexedDB.open(NAME);
    opening.onupgradeneeded = () => opening.transaction.abort();  // none is made
    const database = await answer(opening);
    const waiting = await answer(database.transaction("waiting").objectStore("waiting").count()).finally(() => database.close());
    if (waiting) await bring();
  };

  signOut?.addEventListener("submit", (event) => {
    if (brought) return;  // leads.js is here and listens itself
    event.preventDefault();
    bring().then(() => signOut.requestSubmit()).catch(() => signOut.submit());
  });
  window.ononline = () => { sendWaiting().catch(() => {}); };
  window.ononline();
  if (page?.dataset.keep || page?.hidden === false) script(page.dataset.script);
})();
