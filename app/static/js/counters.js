// Big keys beside a number: one tap more, one tap less. Without this script one types the number.
for (const key of document.querySelectorAll("[data-step]")) {
  key.hidden = false;
  key.addEventListener("click", () => {
    const field = key.parentElement.querySelector("input");
    const next = Number(field.value || 0) + Number(key.dataset.step);
    field.value = Math.min(Number(field.max), Math.max(Number(field.min), next));
  });
}
