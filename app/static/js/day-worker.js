// Answers for the page of a shift when there is no network; the page itself keeps the copy (day.js).
const SHELF = "fahui-day";
const PAGE = /^\/my\/assignments\/[0-9a-f-]{36}\/today$/;
const LOOSELY = { ignoreSearch: true, ignoreVary: true };

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate" && PAGE.test(address.pathname)) event.respondWith(page(request, address.pathname));
  else if (address.pathname.startsWith("/static/")) event.respondWith(file(request));
});

async function page(request, path) {
  const shelf = await caches.open(SHELF);
  try {
    const answer = await fetch(request);
    // Signed out, or no longer on this shift: the copy is not theirs any more.
    if (!answer.ok) await shelf.delete(path, LOOSELY);
    return answer;
  } catch {
    return (await shelf.match(path, LOOSELY)) ?? Response.error();
  }
}

async function file(request) {
  const shelf = await caches.open(SHELF);
  return (await shelf.match(request, LOOSELY)) ?? fetch(request);
}
