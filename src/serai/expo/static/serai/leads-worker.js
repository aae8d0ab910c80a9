/* Opens the form of a new lead or contact without a connection. What it gives then is an empty form, the same for everyone: the page
   of a person is never kept. Everything else goes to the network as if this were not here. */
"use strict";
const SHELVES = "serai-leads";
const FORMS = [
  [/^(\/[^/]+\/[^/]+\/)desk\/[^/]+\/leads\/new\/$/, "leads-offline/"],
  [/^(\/[^/]+\/[^/]+\/)buyer\/contacts\/new\/$/, "contacts-offline/"],
];
const emptyForm = (path) => {
  for (const [address, page] of FORMS) if (address.test(path)) return address.exec(path)[1] + page;
  return "";
};

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  const form = request.mode === "navigate" && emptyForm(address.pathname);
  if (!form && !address.pathname.startsWith("/static/")) return;
  event.respondWith((async () => {
    try {
      return await fetch(request);
    } catch (problem) {
      const shelf = await caches.open(SHELVES);
      const kept = await shelf.match(form || request.url);
      if (kept) return kept;
      throw problem;
    }
  })());
});
