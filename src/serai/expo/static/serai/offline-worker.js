/* Answers where the network does not: with an empty form for a lead or contact, the same for everyone, also by the code
   of a badge, which leads to the desk used last; and with the pages for the halls as their reader last saw them. The
   network comes first, always. An answer names its reader; who is another, or nobody, has the worker forget all pages. */
"use strict";
const SHELVES = "serai-leads", PAGES = "serai-pages", FILES = "serai-files";
const BADGE = /^\/b\/([^/]+)\/([^/]+)\/$/, IN_LANGUAGE = /^\/[a-z]{2}(-[a-z]+)?\//, SIGN_OUT = /\/sign-out\/$/;
const PATIENCE = 6000;  // milliseconds until a connection counts as none, where something is kept for that
const MOST = 100, LONGEST = 3 * 24 * 3600 * 1000;  // pages or files, and how long a page is shown
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

// Whose pages are kept

let forgotten = 0;  // how often: what was asked for before is not kept after
const forget = () => { forgotten += 1; return caches.delete(PAGES); };
const known = async () => ((await caches.has(PAGES)) ? (await (await caches.open(PAGES)).match("/reader"))?.text() : "");
const note = async (path, answer, before) => {  // resolves to whether the answer may be kept
  const reader = answer.headers.get("X-Serai-Reader");
  if (!reader || before !== forgotten) return false;  // a file, a redirect, or what a proxy says
  const last = await known();
  if (last && last !== reader) await forget();
  if (reader === "-") return false;
  if (last !== reader) await (await caches.open(PAGES)).put("/reader", new Response(reader));
  const keeps = answer.headers.has("X-Serai-Keep");
  if (!keeps) await (await caches.open(PAGES)).delete(path);
  return keeps;
};

// Keeping

const put = async (shelf, path, answer) => {
  await shelf.put(path, answer);
  for (const old of (await shelf.keys()).filter((one) => !one.url.endsWith("/reader")).slice(0, -MOST)) await shelf.delete(old);
};
const keep = async (path, answer) => {
  const shelf = await caches.open(PAGES);  // one that is deleted meanwhile takes what is put with it
  if ((await (await shelf.match("/reader"))?.text()) !== answer.headers.get("X-Serai-Reader")) return;
  const headers = new Headers(answer.headers);
  headers.set("X-Serai-Kept", Date.now());
  for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
  const text = await answer.text();
  await put(shelf, path, new Response(text, { headers }));
  const files = await caches.open(FILES);
  const named = text.matchAll(/(?:rel="stylesheet" href|rel="icon" href|src|data-leads|data-script)="(\/[^"]+)"/g);
  for (const file of new Set([...named].map(([, name]) => name.replaceAll("&amp;", "&")))) {
    if (/\.(js|css|svg)(\?|$)/.test(file) && !(await files.match(file))) await fetch(file).then((got) => got.ok && put(files, file, got)).catch(() => {});
  }
};

// Answering

const keptPage = async (path) => {
  const shelf = (await caches.has(PAGES)) && (await caches.open(PAGES)), page = shelf && (await shelf.match(path));
  if (!page) return undefined;
  if (Date.now() - page.headers.get("X-Serai-Kept") > LONGEST) { await shelf.delete(path); return undefined; }
  return new Response((await page.text()).replace('id="as-last-read" hidden', 'id="as-last-read"'), { headers: page.headers });
};
const keptFor = async (request, address) => {
  const shelf = await caches.open(SHELVES);
  const [, edition, code] = BADGE.exec(address.pathname) || [];
  if (edition) {
    const desk = await shelf.match(`/b/${edition}/`);
    return desk && Response.redirect(`${await desk.text()}?badge=${code}`);
  }
  if (request.mode !== "navigate") return (await shelf.match(request.url)) || (await caches.open(FILES)).match(request.url);
  const form = emptyForm(address.pathname);
  return form ? shelf.match(form) : !address.search && keptPage(address.pathname);
};
const pageOf = async (event, path, isKept) => {
  const before = forgotten, answer = await fetch(event.request);
  if ((await note(path, answer, before)) && isKept) event.waitUntil(keep(path, answer.clone()));
  return answer;
};
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url), path = address.pathname;
  if (address.origin !== self.location.origin) return;
  if (request.method !== "GET") { if (SIGN_OUT.test(path)) event.waitUntil(forget()); return; }
  if (request.headers.has("X-Serai-Keeping")) { event.respondWith(pageOf(event, path, true)); return; }
  const isPage = request.mode === "navigate" && IN_LANGUAGE.test(path);
  const isFile = path.startsWith("/static/") || request.destination === "style";
  if (!isPage && !isFile && !(request.mode === "navigate" && BADGE.test(path))) return;
  event.respondWith((async () => {
    const answer = isPage ? pageOf(event, path, !address.search) : fetch(request);
    event.waitUntil(answer.catch(() => {}));  // what comes late is kept all the same
    const late = new Promise((_, refuse) => { setTimeout(refuse, PATIENCE); });
    try {
      return await Promise.race([answer, late]);
    } catch {
      return (await keptFor(request, address)) || answer;
    }
  })());
});
