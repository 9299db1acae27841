// Proofs from a phone: each file is sent by itself with its progress, so that one that is refused stops no other and a
// lost connection loses one file, not all. Without this script the form sends them together.
for (const form of document.querySelectorAll("form[data-upload]")) {
  const list = form.querySelector(".upload-list");

  function line(name) {
    const item = document.createElement("li");
    const label = document.createElement("span");
    const bar = document.createElement("progress");
    label.textContent = `${name} · ${form.dataset.sending}`;
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", name);
    item.append(label, bar);
    list.append(item);
    return { label, bar };
  }

  function send(file) {
    const { label, bar } = line(file.name);
    const body = new FormData();
    for (const name of ["kind", "taken_at", "taken_where"]) body.append(name, form.elements[name].value);
    body.append("files", file);
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("POST", form.dataset.upload);
      request.setRequestHeader("x-csrftoken", form.elements._csrf_token.value);
      request.setRequestHeader("accept", "application/json");
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total;
      });
      request.addEventListener("loadend", () => {
        const said = outcome(request);
        bar.remove();
        label.textContent = `${file.name} · ${said || form.dataset.kept}`;
        label.classList.toggle("error", Boolean(said));
        resolve(!said);
      });
      request.send(body);
    });
  }

  // Returns why the file was not kept, or nothing.
  function outcome(request) {
    let answer;
    try {
      answer = JSON.parse(request.responseText);
    } catch {
      return form.dataset.failed;
    }
    if (request.status >= 400) return answer.detail || answer.title || form.dataset.failed;
    return answer.refused.length ? answer.refused[0].message : "";
  }

  form.addEventListener("submit", async (event) => {
    const files = [...form.querySelectorAll("input[type=file]")].flatMap((field) => [...field.files]);
    if (!files.length) return;
    event.preventDefault();
    list.hidden = false;
    list.replaceChildren();
    let good = true;
    for (const file of files) good = (await send(file)) && good;
    delete form.dataset.sent;
    if (good) location.reload();
  });
}
