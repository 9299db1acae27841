// Where the browser can tell a position, a button asks for it; the position is rounded before it leaves.
const form = document.getElementById("locate");
const PLACES = 3; // about a hundred metres

if (form && "geolocation" in navigator) {
  form.hidden = false;
  form.querySelector("[data-locate]").addEventListener("click", (event) => {
    const button = event.currentTarget;
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(send, refuse, { timeout: 10000, maximumAge: 60000 });
    function refuse() {
      button.disabled = false;
      form.querySelector("[data-refused]").hidden = false;
    }
  });
}

function send(position) {
  for (const name of ["latitude", "longitude"]) form.elements[name].value = position.coords[name].toFixed(PLACES);
  form.submit();
}
