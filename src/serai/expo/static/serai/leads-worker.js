/* Opens the form of a new lead or contact without a connection, also by the code of a badge: that leads to the form of
   the desk that was used last. What it gives then is an empty form, the same for everyone: the page of a person is never
   kept. Everything else goes to the network as if this were not here. */
"use strict";
const SHELVES = "serai-leads";
const BADGE = /^\/b\/([^/]+)\/([^/]+)\/$/;
const PATIENCE = 6000;  // milliseconds until a connection counts as none, where something is kept for that
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
const keptFor = async (request, path) => {
  const shelf = await caches.open(SHELVES);
  const [, edition, code] = BADGE.exec(path) || [];
  if (!edition) return shelf.match(emptyForm(path) || request.url);
  const desk = await shelf.match(`/b/${edition}/`);
  return desk && Response.redirect(`${await desk.text()}?badge=${code}`);
};
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  const opens = request.mode === "navigate" && (emptyForm(address.pathname) || BADGE.test(address.pathname));
  if (!opens && !address.pathname.startsWith("/static/")) return;
  event.respondWith((async () => {
    const answer = fetch(request);
    const late = new Promise((_, refuse) => { setTimeout(refuse, PATIENCE); });
    try {
      return await Promise.race([answer, late]);
    } catch {
      return (await keptFor(request, address.pathname)) || answer;
    }
  })());
});
