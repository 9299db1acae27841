// What pages gain with JavaScript; nothing here is needed to use the site.

// A menu closes when one clicks elsewhere or presses Escape.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.removeAttribute("open");
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.removeAttribute("open");
    menu.querySelector("summary").focus();
  }
});

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// What the server refused is read out and shown first.
document.getElementById("form-refusal")?.focus();

// Buttons with data-print print the page.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// Whoever signs out leaves nothing behind on a shared telephone.
document.addEventListener("submit", (event) => {
  if (new URL(event.target.action).pathname !== "/sign-out" || !window.caches) return;
  caches.delete("fahui-day");
  localStorage.removeItem("fahui-clock");
});
