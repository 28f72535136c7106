// Which camera this browser practises with. It is kept in the browser: every device has its own.
const KEY = "formdrift-camera";
const TROUBLES = { NotAllowedError: "The camera is not allowed: allow it beside the address.",
  NotReadableError: "Another program uses the camera: close it.",
  NotFoundError: "There is no camera here: plug one in." };

export default function ({ parentElement }) {
  const root = parentElement.querySelector(".fd-camera");
  const list = root.querySelector("select"), button = root.querySelector("button");
  const say = (words) => { root.querySelector("p").textContent = words; };
  list.onchange = () => localStorage.setItem(KEY, list.value);
  button.onclick = async () => {
    try {
      // browsers name cameras only to whom they allowed one
      const stream = await navigator.mediaDevices.getUserMedia({ video: true });
      stream.getTracks().forEach((track) => track.stop());
      say("");
    } catch (error) {
      say(TROUBLES[error.name] ?? "The camera can't be started: plug it in anew, then try again.");
    }
    fill(list);
  };
  button.disabled = !navigator.mediaDevices;
  if (navigator.mediaDevices) fill(list);
  else say("This address can't use a camera: open the app on this computer, at localhost.");
}

async function fill(list) {
  const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  const cameras = devices.filter((device) => device.kind === "videoinput" && device.deviceId);
  const names = cameras.map((device, i) => new Option(device.label || `Camera ${i + 1}`, device.deviceId));
  list.replaceChildren(new Option("Whichever the browser takes", ""), ...names);
  const kept = localStorage.getItem(KEY);
  if (cameras.some((device) => device.deviceId === kept)) list.value = kept;
}
