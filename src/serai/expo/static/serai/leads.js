/* Leads and contacts kept without a connection. A new one goes into IndexedDB and out from there, under a key of its own,
   so that it is kept once however often it is sent. Signing out sends the queue or asks, and leaves nothing behind. */
"use strict";
(() => {
  if (!("indexedDB" in window)) return;
  const SHELVES = "serai-leads";
  const form = document.querySelector("form[data-queue]");
  const list = document.querySelector("[data-queue-list]");
  const signOut = document.querySelector("form[data-sign-out]");
  const seconds = 20, pause = 15;
  let leaving = false;
  const busy = new Set();  // what is being written or sent, which signing out waits for
  const tracked = (work) => { busy.add(work); work.finally(() => busy.delete(work)).catch(() => {}); return work; };

  // What is kept in the browser

  const open = () => new Promise((resolve, reject) => {
    const asked = indexedDB.open("serai-leads", 2);
    asked.onupgradeneeded = () => {
      for (const [name, keyPath] of [["waiting", "key"], ["whose", "id"]]) {
        if (!asked.result.objectStoreNames.contains(name)) asked.result.createObjectStore(name, { keyPath });
      }
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  const inStore = async (name, mode, act) => {
    const database = await open();
    try {
      return await new Promise((resolve, reject) => {
        const work = database.transaction(name, mode);
        const asked = act(work.objectStore(name));
        work.oncomplete = () => resolve(asked.result);
        work.onabort = work.onerror = () => reject(work.error);
      });
    } finally { database.close(); }
  };
  const remove = (key) => inStore("waiting", "readwrite", (store) => store.delete(key));
  const whose = async () => {
    const here = document.querySelector("[data-whose]")?.getAttribute("data-whose");
    if (here) { await inStore("whose", "readwrite", (store) => store.put({ id: 0, whose: here })); return here; }
    return (await inStore("whose", "readonly", (store) => store.get(0)))?.whose || "";
  };
  const waiting = async () => {
    const mine = await whose();
    const kept = await inStore("waiting", "readonly", (store) => store.getAll());
    return kept.filter((one) => one.whose === mine).sort((one, other) => one.at - other.at);  // as it was said
  };
  const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

  // Sending: who was kept, or nothing

  const within = (ask) => {
    const stop = new AbortController();
    const clock = setTimeout(() => stop.abort(), seconds * 1000);
    return ask(stop.signal).finally(() => clearTimeout(clock));
  };
  const tokenAt = async (address) => {
    const page = await within((signal) => fetch(address, { signal, redirect: "error", cache: "no-store" }));
    if (!page.ok) throw new Error(String(page.status));
    const read = new DOMParser().parseFromString(await page.text(), "text/html");
    const found = read.querySelector("form[data-queue] [name=csrfmiddlewaretoken]");
    if (!found) throw new Error("no form");  // the empty form that stands in without a connection
    return found.value;
  };
  const send = async (one) => {
    const body = new URLSearchParams(one.fields);
    body.set("csrfmiddlewaretoken", await tokenAt(one.address));
    const answer = await within((signal) => fetch(one.address, { method: "POST", body, signal, headers: { "X-Serai-Queue": "1" }, redirect: "error" }));
    if (answer.ok) { await remove(one.key); return (await answer.json().catch(() => ({}))).said || "—"; }
    if (answer.status !== 400) return "";
    const said = await answer.json().catch(() => ({ errors: {} }));
    const faults = Object.values(said.errors).flat().map((fault) => fault.message).join(" ");
    await inStore("waiting", "readwrite", (store) => store.put({ ...one, faults: faults || "400" }));
    return "";
  };
  const sent = [];  // who was kept since the page was opened
  let sending = null, again = 0;
  const later = () => {  // a slow connection tells of no change
    clearTimeout(again);
    again = setTimeout(() => { if (!leaving) sendAll().catch(() => {}); }, pause * 1000);
  };
  const sendAll = () => {
    sending = sending || tracked((async () => {
      for (const one of (await waiting()).filter((each) => !each.faults)) {
        if (leaving === "discard") break;
        try { const who = await send(one); if (who) sent.push(who); } catch { later(); break; }
      }
      await show();
    })().finally(() => { sending = null; }));
    return sending;
  };

  // What is shown of it

  const show = async () => {
    if (!list) return;
    const kept = await waiting();
    list.querySelector("[data-queue-count]").textContent = String(kept.length);
    if (sent.length) {
      const done = list.querySelector("[data-queue-sent]");
      done.hidden = false;
      done.querySelector("[data-queue-sent-count]").textContent = String(sent.length);
      done.querySelector("[data-queue-sent-who]").textContent = sent.join("; ");
    }
    const rows = list.querySelector("[data-queue-rows]");
    const pattern = list.querySelector("template");
    rows.replaceChildren(...kept.map((one) => {
      const row = pattern.content.cloneNode(true);
      const said = new Map(one.fields);
      row.querySelector("[data-queue-who]").textContent = [said.get("person"), said.get("firm_name"), said.get("badge")].filter(Boolean).join(" · ") || "—";
      const at = row.querySelector("[data-queue-at]");
      at.textContent = new Date(one.at).toLocaleString(document.documentElement.lang);
      at.dateTime = new Date(one.at).toISOString();
      row.querySelector("[data-queue-fault]").textContent = one.faults || "";
      const change = row.querySelector("[data-queue-change]");
      change.hidden = !form || !one.faults;
      change.addEventListener("click", async () => { fill(said, one.fields); await remove(one.key); await show(); form.querySelector("input:not([type=hidden])").focus(); });
      row.querySelector("[data-queue-discard]").addEventListener("click", async () => { await remove(one.key); await show(); });
      return row;
    }));
    list.hidden = kept.length === 0 && list.querySelector("[data-queue-sent]").hidden;
  };

  const fill = (said, fields) => {
    for (const part of form.elements) {
      if (part.type === "checkbox") part.checked = fields.some(([name, value]) => name === part.name && value === part.value);
      else if (part.name && part.name !== "csrfmiddlewaretoken" && part.type !== "submit") part.value = said.get(part.name) ?? "";
    }
  };

  // The form

  if (form) {
    const address = form.getAttribute("data-queue") || location.pathname;
    const code = form.querySelector("[name=badge]");
    if (code && !code.value) code.value = new URLSearchParams(location.search).get("badge") || "";
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (leaving) return;
      tracked((async () => {
        const key = newKey();
        const fields = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !["csrfmiddlewaretoken", "key"].includes(name));
        const mine = await whose();
        await inStore("waiting", "readwrite", (store) => store.put({ key, address, whose: mine, at: Date.now(), fields: [...fields, ["key", key]] }));
        form.reset();
        await show();
      })()).then(async () => {
        await sendAll();
        if (list) { list.scrollIntoView(); list.focus(); }
      });
    });
  }

  // Signing out

  const forget = async () => {
    if ("caches" in window) for (const shelf of await caches.keys()) await caches.delete(shelf);
    await new Promise((resolve) => { const asked = indexedDB.deleteDatabase("serai-leads"); asked.onsuccess = asked.onerror = asked.onblocked = resolve; });
    if ("serviceWorker" in navigator) {
      for (const one of await navigator.serviceWorker.getRegistrations()) await one.unregister();
    }
  };
  signOut?.addEventListener("submit", (event) => {
    event.preventDefault();
    if (leaving) return;
    leaving = "wait";
    const go = async () => {
      leaving = "discard";
      await Promise.allSettled([...busy]);
      await forget().catch(() => {});  // who leaves is signed out, whatever the browser keeps
      signOut.submit();
    };
    const ask = (sentence) => { if (window.confirm(sentence)) return go(); leaving = false; return show().catch(() => {}); };
    (async () => {
      await Promise.allSettled([...busy]);
      if ((await waiting()).length) await sendAll();
      return (await waiting()).length;
    })().then(
      (kept) => (kept ? ask(signOut.getAttribute("data-sign-out").replace("#", String(kept))) : go()),
      () => ask(signOut.getAttribute("data-unread")),
    );
  });

  // The empty form for the time without a connection

  const shelve = async () => {
    const begins = document.querySelector("[data-offline]");
    const offline = begins?.getAttribute("data-offline");
    if (!offline || !("serviceWorker" in navigator) || !("caches" in window)) return;
    await navigator.serviceWorker.register("/offline-worker.js", { scope: "/" });
    const page = await fetch(offline, { credentials: "omit", cache: "no-store" });
    if (!page.ok || leaving) return;
    const read = new DOMParser().parseFromString(await page.clone().text(), "text/html");
    const files = [...read.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]")].map((one) => new URL(one.getAttribute("href") || one.getAttribute("src"), location.href).href);
    const shelf = await caches.open(SHELVES);
    await shelf.put(new URL(offline, location.href).pathname, page);
    await Promise.allSettled(files.map((one) => shelf.add(one)));
    // The desk used last, to which the code of a badge leads: last of all, so that what it leads to is there.
    const desk = begins.getAttribute("data-queue") || begins.getAttribute("action");
    if (!leaving) await shelf.put(`/b/${desk.split("/")[2]}/`, new Response(desk));
  };

  // What is being sent just now may have failed already: it is sent once more after that.
  window.addEventListener("online", () => { (sending || Promise.resolve()).catch(() => {}).then(sendAll).catch(() => {}); });
  tracked(show().then(sendAll).catch(() => {}));
  tracked(shelve().catch(() => {}));
})();
