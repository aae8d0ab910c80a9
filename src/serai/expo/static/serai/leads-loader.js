/* Brings leads.js to a page where leads wait and there is a connection, or where signing out has to clear the browser. */
"use strict";
(() => {
  if (!("indexedDB" in window)) return;
  const NAME = "serai-leads";
  const address = document.currentScript.dataset.leads;
  const signOut = document.querySelector("form[data-sign-out]");
  let brought = null;

  const bring = () => (brought ||= new Promise((resolve, reject) => {
    const onerror = () => { brought = null; reject(new Error(address)); };
    document.head.append(Object.assign(document.createElement("script"), { src: address, onload: resolve, onerror }));
  }));
  // Where a browser does not list its databases, leads.js looks.
  const keeps = async () => !indexedDB.databases || (await indexedDB.databases()).some(({ name }) => name === NAME);
  const answer = (asked) => new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  const waiting = async () => {
    if (!(await keeps())) return 0;
    const opening = indexedDB.open(NAME);
    opening.onupgradeneeded = () => opening.transaction.abort();  // none is made
    const database = await answer(opening);
    try { return await answer(database.transaction("waiting").objectStore("waiting").count()); } finally { database.close(); }
  };
  const sendWaiting = async () => { if (!brought && navigator.onLine && await waiting()) await bring(); };

  signOut?.addEventListener("submit", (event) => {
    if (brought) return;  // leads.js is here and listens itself
    event.preventDefault();
    keeps().catch(() => true).then((kept) => (kept ? bring().then(() => signOut.requestSubmit()) : signOut.submit())).catch(() => signOut.submit());
  });
  window.addEventListener("online", () => { sendWaiting().catch(() => {}); });
  sendWaiting().catch(() => {});
})();
