// The code of a shift: six digits and their picture, new every 30 seconds (RFC 6238 with HMAC-SHA-256), computed here
// so that they need no network. Without this script the page shows the server's digits and a link for new ones.
const SHELF = "fahui-day";
const PERIOD = 30;
const card = document.getElementById("day-code");
const digitsShown = card.querySelector(".day-digits");
const picture = card.querySelector(".day-picture");
const left = card.querySelector("progress");
const offline = card.querySelector(".day-offline");
const { default: encodeQR } = await import(card.dataset.qr);
const secret = Uint8Array.from(card.dataset.secret.match(/../g), (pair) => parseInt(pair, 16));
const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
// The telephone's clock may be wrong: how far the site's is ahead of it, as learned when there was a network.
let ahead = Number(localStorage.getItem("fahui-clock") ?? 0);
let shown = -1;
// A telephone may be in a network that leads nowhere: what counts is whether the site answered.
let reached = true;

const now = () => Date.now() + ahead;

async function digitsOf(step) {
  const counter = new DataView(new ArrayBuffer(8));
  counter.setBigUint64(0, BigInt(step));
  const mac = new DataView(await crypto.subtle.sign("HMAC", key, counter.buffer));
  const number = mac.getUint32(mac.getUint8(31) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

function draw(text) {
  const cells = encodeQR(text, "raw", { ecc: "medium", border: 4 });
  let path = "";
  cells.forEach((line, y) => line.forEach((dark, x) => { if (dark) path += `M${x} ${y}h1v1h-1z`; }));
  const svg = picture.querySelector("svg");
  svg.setAttribute("viewBox", `0 0 ${cells.length} ${cells.length}`);
  svg.querySelector("rect").setAttribute("width", cells.length);
  svg.querySelector("rect").setAttribute("height", cells.length);
  svg.querySelector("path").setAttribute("d", path);
}

async function tick() {
  if (now() > Number(card.dataset.closes)) return forget();
  const seconds = now() / 1000;
  const step = Math.floor(seconds / PERIOD);
  left.value = PERIOD - Math.floor(seconds % PERIOD);
  offline.hidden = navigator.onLine && reached;
  if (step === shown) return;
  if (!reached) keep().catch(() => {});
  shown = step;
  const digits = await digitsOf(step);
  digitsShown.textContent = `${digits.slice(0, 3)} ${digits.slice(3)}`;
  draw(card.dataset.address + digits);
}

// A shift that is over leaves nothing behind.
async function forget() {
  clearInterval(ticking);
  card.hidden = true;
  await (await caches.open(SHELF)).delete(location.pathname, { ignoreVary: true });
}

// Keep this page and what it is made of, and learn the time.
async function keep() {
  const shelf = await caches.open(SHELF);
  const asked = fetch(location.pathname, { headers: { Accept: "text/html" } });
  reached = await asked.then(() => true, () => false);
  const answer = await asked;
  if (!answer.ok || answer.redirected) return;
  const text = await answer.clone().text();
  ahead = Number(text.match(/data-now="(\d+)"/)[1]) - Date.now();
  localStorage.setItem("fahui-clock", ahead);
  await shelf.put(location.pathname, answer);
  const parts = [...document.querySelectorAll("link[href], script[src]")].map((part) => part.href || part.src);
  const icons = document.querySelector("use").href.baseVal.split("#")[0];
  for (const part of new Set([...parts, card.dataset.qr, icons])) {
    if (!(await shelf.match(part, { ignoreVary: true }))) await shelf.add(part);
  }
  document.documentElement.dataset.kept = "yes";
}

const ticking = setInterval(tick, 500);
if (navigator.serviceWorker) {
  navigator.serviceWorker.register(card.dataset.worker, { scope: "/my/assignments/" }).catch(() => {});
  keep().catch(() => {}).finally(tick);
}
await tick();
document.documentElement.dataset.ticking = "yes";
