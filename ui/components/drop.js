// Sends videos to the app's own server as streams; what arrived is told to Python when all are through.
const busy = new WeakMap();

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".fd-drop"), picker = root.querySelector("input");
  picker.onchange = () => take(root, [...picker.files], data, setTriggerValue);
  root.ondragover = (event) => { event.preventDefault(); root.classList.add("over"); };
  root.ondragleave = () => root.classList.remove("over");
  root.ondrop = (event) => {
    event.preventDefault();
    root.classList.remove("over");
    take(root, [...event.dataTransfer.files], data, setTriggerValue);
  };
}

async function take(root, files, data, setTriggerValue) {
  if (busy.get(root) || !files.length) return;
  busy.set(root, true);
  const picker = root.querySelector("input");
  picker.disabled = true;
  const arrived = [];
  for (const file of files) {
    const stored = await send(root.querySelector("ul"), file, data.url);
    if (stored) arrived.push(stored);
  }
  picker.disabled = false;
  picker.value = "";
  busy.delete(root);
  if (!arrived.length) return;
  // the page lists what arrived
  root.querySelectorAll("li:not(.failed)").forEach((line) => line.remove());
  setTriggerValue("arrived", arrived);
}

function send(list, file, url) {
  const line = document.createElement("li"), name = document.createElement("span"), said = document.createElement("span");
  const bar = document.createElement("progress");
  name.textContent = file.name;
  said.setAttribute("role", "status");
  bar.max = 1;
  line.append(name, said, bar);
  list.append(line);
  return new Promise((done) => {
    const call = new XMLHttpRequest();
    call.open("PUT", url + encodeURIComponent(file.name));
    call.upload.onprogress = ({ loaded, total }) => {
      bar.value = loaded / total;
      said.textContent = `${Math.round((100 * loaded) / total)} %`;
    };
    call.onloadend = () => {
      bar.remove();
      if (call.status === 200) {
        said.textContent = "arrived";
        done({ ...JSON.parse(call.responseText), modified: file.lastModified });
      } else {
        line.className = "failed";
        said.textContent = call.responseText || "The connection broke: try again.";
        done(null);
      }
    };
    call.send(file);
  });
}
