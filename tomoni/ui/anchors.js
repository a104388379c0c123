/* Brings the place of the address into sight once it is there: a page is drawn piece by piece after it has loaded. */
const PATIENCE = 8000, STEP = 100;
const ACTS = ["wheel", "touchstart", "keydown", "pointerdown"]; // of a reader, who goes elsewhere

function show(name) {
  let left = PATIENCE, seen = Infinity;
  const stop = () => clearInterval(timer);
  const timer = setInterval(() => {
    const place = document.getElementById(name);
    if (place && Math.abs(place.getBoundingClientRect().top - seen) > 1) {
      place.scrollIntoView({ block: place.offsetHeight < window.innerHeight / 2 ? "center" : "start" });
      place.classList.add("tm-here");
      seen = place.getBoundingClientRect().top;
    }
    left -= STEP;
    if (left <= 0) stop();
  }, STEP);
  for (const act of ACTS) window.addEventListener(act, stop, { once: true, passive: true });
}

export default function () {
  const follow = () => {
    const name = decodeURIComponent(window.location.hash.slice(1));
    if (name) show(name);
  };
  if (window.tomoniFollowed !== window.location.href) follow();
  window.tomoniFollowed = window.location.href;
  window.addEventListener("hashchange", follow);
  return () => window.removeEventListener("hashchange", follow);
}
