// The stage moves by itself: a slide after the other, and at the end of a round the page as it is then, in the next
// language. Where the network does not answer, the last round is shown again. Space pauses, arrows step, F fills the screen.
"use strict";

let stage = document.querySelector("[data-stage]");
let following = null; // the next round, asked for while the last slide of a round is shown
let isPaused = matchMedia("(prefers-reduced-motion: reduce)").matches;
let timer = 0;

const slides = () => [...stage.querySelectorAll("[data-slide]")];
const shownNow = () => slides().findIndex((slide) => !slide.hidden);

async function askForNextRound() {
  const page = await pageAt(stage.dataset.next, { credentials: "omit" }); // as everybody sees it, out of the cache
  if (page && page.querySelector("[data-slide]")) following = page;
}

function takeNextRound() {
  if (!following) return;
  const { lang, dir } = following.documentElement;
  Object.assign(document.documentElement, { lang, dir });
  document.title = following.title;
  const next = document.adoptNode(following.querySelector("[data-stage]"));
  const focused = stage.contains(document.activeElement) && document.activeElement.dataset.does;
  stage.replaceWith(next);
  stage = next;
  following = null;
  if (focused) stage.querySelector(`[data-does="${focused}"]`)?.focus();
}

function show(number) {
  const all = slides();
  all.forEach((slide, place) => { slide.hidden = place !== number; });
  stage.querySelector("[data-position]").textContent = `${number + 1} / ${all.length}`;
  if (number === all.length - 1) askForNextRound();
  ready();
}

function step(by) {
  const to = shownNow() + by;
  if (to >= slides().length) takeNextRound();
  show((to + slides().length) % slides().length);
}

// What only a script can do is shown, and the time of the next step is set.
function ready() {
  for (const button of stage.querySelectorAll("button")) button.hidden = false;
  const pause = stage.querySelector("[data-does=pause]");
  pause.ariaLabel = isPaused ? pause.dataset.paused : pause.dataset.moving;
  stage.toggleAttribute("data-paused", isPaused);
  clearTimeout(timer);
  if (!isPaused) timer = setTimeout(step, 1000 * Number(stage.dataset.seconds), 1);
  tell();
}

function tell() {
  const clock = stage.querySelector("[data-clock]");
  const given = { hour: "2-digit", minute: "2-digit", timeZone: clock.dataset.clock };
  clock.textContent = new Intl.DateTimeFormat("en-GB", given).format(new Date());
}

function fill() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.().catch(() => {});
}

const DOES = {
  before: () => step(-1),
  after: () => step(1),
  pause: () => { isPaused = !isPaused; ready(); },
  fill,
};
const KEYS = { " ": "pause", ArrowLeft: "before", ArrowRight: "after", PageUp: "before", PageDown: "after", f: "fill" };

document.addEventListener("click", (event) => {
  const does = event.target.closest("[data-does]")?.dataset.does;
  if (!does) return;
  event.preventDefault();
  DOES[does]();
});
document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === " " && event.target.matches("button, a")) return; // the button itself is pressed
  let does = KEYS[event.key];
  if (event.key.startsWith("Arrow") && document.documentElement.dir === "rtl") does = { before: "after", after: "before" }[does];
  if (!does) return;
  event.preventDefault();
  DOES[does]();
});
setInterval(tell, 10000);
show(shownNow());
