// Drawing on the plan of a hall by mouse, touch and keyboard. Each step is sent as the form that stands beside the plan;
// the page that answers takes the place of this one, so that both always say the same.
"use strict";

(() => {
  const drawing = document.getElementById("drawing");
  let grid = 0.5;
  let waiting = 0; // the timer of steps on the keyboard that are not sent yet

  const plan = () => drawing.querySelector("[data-drawing]");
  const svg = () => plan().querySelector("svg");
  const booths = () => [...svg().querySelectorAll("[data-booth]")];
  const rectOf = (booth) => booth.querySelector("rect");
  const token = () => drawing.querySelector("[name=csrfmiddlewaretoken]")?.value ?? document.querySelector("[name=csrfmiddlewaretoken]").value;
  const sides = (rect) => ["x", "y", "width", "height"].map((name) => Number(rect.getAttribute(name)));
  const snap = (metres) => Math.round(Math.round(metres / grid) * grid * 1000) / 1000;

  function draw(booth, [x, y, width, height]) {
    const rect = rectOf(booth), text = booth.querySelector("text");
    for (const [name, value] of Object.entries({ x, y, width, height })) rect.setAttribute(name, value);
    text.setAttribute("x", x + width / 2);
    text.setAttribute("y", y + height / 2);
    const handle = svg().querySelector(".handle");
    if (handle && booth.hasAttribute("aria-current")) handle.setAttribute("x", x + width - 1), handle.setAttribute("y", y + height - 1);
  }

  // The page of an address or a form, put in the place of this one.
  async function show(address, body) {
    const answer = await fetch(address, body ? { method: "POST", body } : {});
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.getElementById("drawing");
    if (!answer.ok || !next) return location.assign(address);
    document.querySelectorAll("main .notice[role=status]").forEach((notice) => notice.remove());
    page.querySelectorAll("main .notice[role=status]").forEach((notice) => drawing.before(notice));
    drawing.innerHTML = next.innerHTML;
    history.replaceState(null, "", answer.url);
    prepare();
    booths().find((booth) => booth.hasAttribute("aria-current"))?.focus({ preventScroll: true });
  }

  function send(fields) {
    clearTimeout(waiting);
    const body = new FormData();
    body.set("csrfmiddlewaretoken", token());
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    return show(location.pathname, body);
  }

  function place(booth) {
    const [x, y, width, depth] = sides(rectOf(booth));
    return send({ booth: booth.dataset.booth, x_m: x, y_m: y, width_m: width, depth_m: depth, place: 1 });
  }

  // An edge goes to the grid, or to the edge of another booth that is nearer.
  function beside(booth, value, axis) {
    const edges = booths().filter((other) => other !== booth).flatMap((other) => {
      const side = sides(rectOf(other));
      return [side[axis], side[axis] + side[axis + 2]];
    });
    const nearest = edges.reduce((best, edge) => (Math.abs(edge - value) < Math.abs(best - value) ? edge : best), Infinity);
    return Math.abs(nearest - value) <= Math.abs(snap(value) - value) ? nearest : snap(value);
  }

  function start(event) {
    if (event.button) return;
    const handle = event.target.closest(".handle");
    const booth = handle ? booths().find((one) => one.hasAttribute("aria-current")) : event.target.closest("[data-booth]");
    if (!booth) return;
    const from = sides(rectOf(booth)), metres = svg().viewBox.baseVal.width / svg().getBoundingClientRect().width;
    let moved = false;
    const move = (now) => {
      const dx = (now.clientX - event.clientX) * metres, dy = (now.clientY - event.clientY) * metres;
      if (!moved && Math.hypot(dx, dy) < 2 * metres) return;
      moved = true;
      const [x, y, width, height] = from;
      if (handle) draw(booth, [x, y, Math.max(beside(booth, x + width + dx, 0) - x, grid), Math.max(beside(booth, y + height + dy, 1) - y, grid)]);
      else draw(booth, [Math.max(beside(booth, x + dx, 0), 0), Math.max(beside(booth, y + dy, 1), 0), width, height]);
    };
    const end = () => {
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", end);
      removeEventListener("pointercancel", end);
      if (moved) place(booth);
      else if (!handle) show(`?booth=${encodeURIComponent(booth.dataset.booth)}`);
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", end);
    addEventListener("pointercancel", end);
    event.preventDefault();
  }

  const keys = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  function press(event) {
    const booth = event.target.closest("[data-booth]");
    if (!booth || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter") {
      event.preventDefault();
      return void show(`?booth=${encodeURIComponent(booth.dataset.booth)}`);
    }
    if (!keys[event.key]) return;
    event.preventDefault();
    const [right, down] = keys[event.key].map((step) => step * grid), [x, y, width, height] = sides(rectOf(booth));
    const mm = (metres) => Math.round(metres * 1000) / 1000;
    if (event.shiftKey) draw(booth, [x, y, Math.max(mm(width + right), grid), Math.max(mm(height + down), grid)]);
    else draw(booth, [Math.max(mm(x + right), 0), Math.max(mm(y + down), 0), width, height]);
    clearTimeout(waiting);
    waiting = setTimeout(() => place(booth), 700);
  }

  function prepare() {
    drawing.querySelectorAll("[data-with-script]").forEach((part) => (part.hidden = false));
    const choice = drawing.querySelector("#grid");
    choice.value = String(grid);
    choice.addEventListener("change", () => (grid = Number(choice.value)));
    plan().classList.add("draws");
    plan().addEventListener("pointerdown", start);
    plan().addEventListener("keydown", press);
    plan().addEventListener("click", (event) => event.target.closest("[data-booth]") && event.preventDefault());
    plan().addEventListener("dragstart", (event) => event.preventDefault());
    // One stop on the keyboard for the plan; the list beside it selects another booth.
    const selected = booths().find((booth) => booth.hasAttribute("aria-current"));
    booths().forEach((booth, number) => booth.setAttribute("tabindex", booth === selected || (!selected && !number) ? 0 : -1));
    if (selected) {
      const handle = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      handle.setAttribute("class", "handle");
      handle.setAttribute("width", 1);
      handle.setAttribute("height", 1);
      svg().append(handle);
      draw(selected, sides(rectOf(selected)));
    }
    drawing.querySelectorAll("form").forEach((form) => form.addEventListener("submit", (event) => {
      event.preventDefault();
      const data = new FormData(form, event.submitter);
      show(form.method === "get" ? `?${new URLSearchParams(data)}` : location.pathname, form.method === "get" ? null : data);
    }));
  }

  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "z" && !event.target.matches("input, textarea, select")) {
      event.preventDefault();
      send({ undo: 1, booth: booths().find((booth) => booth.hasAttribute("aria-current"))?.dataset.booth ?? "" });
    }
  });
  prepare();
})();
