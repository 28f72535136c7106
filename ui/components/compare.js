// Two repetitions side by side, each shown at the same part of the same phase.
const PHASES = ["going down", "staying low", "turning", "coming up"];

export default function ({ parentElement, data }) {
  const root = parentElement.querySelector(".fd-compare"), range = root.querySelector("input");
  const videos = [...root.querySelectorAll("video")], captions = root.querySelectorAll("figcaption");
  const show = () => {
    const at = Number(range.value), phase = Math.min(PHASES.length - 1, Math.floor(at));
    const word = at === 2 ? "lowest point" : `${PHASES[phase]}, ${Math.round(100 * (at - phase))} %`;
    root.querySelector("output").textContent = word;
    range.setAttribute("aria-valuetext", word);
    videos.forEach((video, i) => {
      const edges = data.reps[i].edges;
      video.currentTime = edges[phase] + (at - phase) * (edges[phase + 1] - edges[phase]);
    });
  };
  videos.forEach((video, i) => {
    const rep = data.reps[i];
    captions[i].textContent = rep.title;
    video.setAttribute("aria-label", rep.title);
    video.classList.toggle("hidden", data.blur);
    if (video.dataset.url !== rep.url) {
      video.dataset.url = rep.url;
      video.src = rep.url;
      video.onloadedmetadata = show;
    }
  });
  range.oninput = show;
  show();
}
