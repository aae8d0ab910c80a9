/* Leads kept without a connection: the form of a new lead waits in IndexedDB and goes out when there is one again.
   Without this script the form is sent as any other. */
"use strict";
(() => {
  const form = document.querySelector("form[data-queue]");
  const note = document.querySelector("[data-queue-note]");
  if (!form || !note || !("indexedDB" in window)) return;

  const open = () => new Promise((resolve, reject) => {
    const asked = indexedDB.open("serai-leads", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("waiting", { keyPath: "key" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  const inStore = async (mode, act) => {
    const database = await open();
    return new Promise((resolve, reject) => {
      const asked = act(database.transaction("waiting", mode).objectStore("waiting"));
      asked.onsuccess = () => { database.close(); resolve(asked.result); };
      asked.onerror = () => { database.close(); reject(asked.error); };
    });
  };
  const waiting = async () => (await inStore("readonly", (store) => store.getAll()))
    .filter((one) => one.address === form.getAttribute("data-queue"));
  const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

  const show = async () => {
    const count = (await waiting()).length;
    note.hidden = count === 0;
    note.querySelector("[data-queue-count]").textContent = String(count);
  };
  const token = () => form.querySelector("[name=csrfmiddlewaretoken]").value;
  const send = (one) => {
    const body = new URLSearchParams(one.fields);
    body.set("csrfmiddlewaretoken", token());
    return fetch(one.address, { method: "POST", body, headers: { "X-Serai-Queue": "1" }, redirect: "error" });
  };
  const sendAll = async () => {
    for (const one of await waiting()) {
      let answer;
      try { answer = await send(one); } catch { break; }
      if (answer.ok) await inStore("readwrite", (store) => store.delete(one.key));
    }
    await show();
  };

  form.addEventListener("submit", async (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    const key = newKey();
    const fields = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken" && name !== "key");
    await inStore("readwrite", (store) => store.put({ key, address: form.getAttribute("data-queue"), fields: [...fields, ["key", key]] }));
    form.reset();
    await show();
    note.focus();
  });
  window.addEventListener("online", sendAll);
  sendAll();
})();
