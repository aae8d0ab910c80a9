// A plan that is moved and zoomed: by mouse, by touch and on the keyboard. Without this script it scrolls.
"use strict";

for (const plan of document.querySelectorAll("[data-plan]")) {
  const svg = plan.querySelector("svg");
  const [left, top, width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  const least = Math.min(width, height, 20); // metres that are seen at the closest
  let view = { x: left, y: top, w: width };
  const shape = height / width;

  function show(next) {
    const w = Math.min(Math.max(next.w, least), width);
    view = {
      w,
      x: Math.min(Math.max(next.x, left), left + width - w),
      y: Math.min(Math.max(next.y, top), top + height - w * shape),
    };
    svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.w} ${view.w * shape}`);
  }

  // Zoom so that the point of the plan at these shares of its width and height stays where it is.
  function zoom(factor, across = 0.5, down = 0.5) {
    if (!factor) return show({ x: left, y: top, w: width });
    const w = Math.min(Math.max(view.w / factor, least), width);
    show({ w, x: view.x + (view.w - w) * across, y: view.y + (view.w - w) * shape * down });
  }

  function shares(event) {
    const box = svg.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  }

  const tools = plan.previousElementSibling;
  tools.hidden = false;
  tools.addEventListener("click", (event) => {
    if (event.target.dataset.zoom) zoom(Number(event.target.dataset.zoom));
  });
  plan.classList.add("zooms");

  const keys = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  plan.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (keys[event.key]) {
      const [x, y] = keys[event.key];
      show({ w: view.w, x: view.x + (x * view.w) / 8, y: view.y + (y * view.w) / 8 });
    } else if (event.key === "+" || event.key === "=") zoom(1.5);
    else if (event.key === "-") zoom(1 / 1.5);
    else if (event.key === "0") zoom(0);
    else return;
    event.preventDefault();
  });

  // The wheel zooms with Ctrl, as on maps; alone it scrolls the page.
  plan.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, ...shares(event));
  }, { passive: false });

  const fingers = new Map();
  let moved = 0;
  plan.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    fingers.set(event.pointerId, event);
    moved = 0;
  });
  addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const box = svg.getBoundingClientRect();
    const other = [...fingers.values()].find((one) => one.pointerId !== event.pointerId);
    if (other) {
      const apart = (one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY) || 1;
      zoom(apart(event) / apart(before), ...shares(event));
    } else {
      const metres = view.w / box.width;
      show({ w: view.w, x: view.x - (event.clientX - before.clientX) * metres, y: view.y - (event.clientY - before.clientY) * metres });
    }
    moved += Math.abs(event.clientX - before.clientX) + Math.abs(event.clientY - before.clientY);
    fingers.set(event.pointerId, event);
  });
  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, (event) => fingers.delete(event.pointerId));
  plan.addEventListener("dragstart", (event) => event.preventDefault());
  plan.addEventListener("click", (event) => { if (moved > 6) event.preventDefault(); }, true);

  // What has the focus is brought into sight, and what is sought too.
  function bring(part, close) {
    const box = part.getBBox();
    const w = close ? Math.min(width, Math.max(box.width * 1.5, box.height * 1.5 / shape, 40)) : view.w;
    show({ w, x: box.x + box.width / 2 - w / 2, y: box.y + box.height / 2 - (w * shape) / 2 });
  }
  plan.addEventListener("focusin", (event) => {
    if (event.target === plan || !event.target.getBBox) return;
    const box = event.target.getBBox();
    const seen = box.x >= view.x && box.y >= view.y && box.x + box.width <= view.x + view.w && box.y + box.height <= view.y + view.w * shape;
    if (!seen) bring(event.target, false);
  });
  const sought = svg.querySelector(".way") || svg.querySelector(".booth-sought, .table-sought, .door-sought");
  if (sought) bring(sought, true);
}
