/* Opens the form of a new lead or contact without a connection. What it gives then is an empty form, the same for everyone: the page
   of a person is never kept. Everything else goes to the network as if this were not here. */
"use strict";
const SHELVES = "serai-leads";
const FORM = /^(\/[^/]+\/[^/]+\/)(?:desk\/[^/]+\/(leads)|buyer\/(contacts))\/new\/$/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  const form = request.mode === "navigate" && FORM.exec(address.pathname);
  if (!form && !address.pathname.startsWith("/static/")) return;
  event.respondWith((async () => {
    try {
      return await fetch(request);
    } catch (problem) {
      const shelf = await caches.open(SHELVES);
      const kept = await shelf.match(form ? `${form[1]}${form[2] || form[3]}-offline/` : request.url);
      if (kept) return kept;
      throw problem;
    }
  })());
});
