// The station types one code after another.
document.getElementById("field-code")?.focus();

// Where the browser can read pictures itself, a button scans the code; elsewhere the camera's own app opens its link.
const button = document.getElementById("scan");
const video = document.getElementById("scan-picture");

if (button && "BarcodeDetector" in window && navigator.mediaDevices) {
  button.hidden = false;
  button.addEventListener("click", scan);
}

async function scan() {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  button.hidden = true;
  video.hidden = false;
  video.srcObject = stream;
  await video.play();
  const look = async () => {
    const [found] = await detector.detect(video);
    if (!found) return setTimeout(look, 200);
    stream.getTracks().forEach((track) => track.stop());
    video.hidden = true;
    const field = document.getElementById("field-code");
    field.value = found.rawValue;
    field.form.requestSubmit();
  };
  look();
}
