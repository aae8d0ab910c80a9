// The chain map: pan, zoom, search, hover, and arrow keys along the edges. The page is complete without it.
"use strict";

const NEAR = 2;

class ChainMap {
  constructor(stage) {
    this.stage = stage;
    this.frame = stage.querySelector("[data-pan]");
    this.panel = stage.querySelector("[data-panel]");
    this.status = stage.querySelector("[data-status]");
    this.svg = this.frame.querySelector("svg");
    if (!this.svg) return;
    this.width = this.svg.viewBox.baseVal.width;
    this.height = this.svg.viewBox.baseVal.height;
    this.scale = 1;
    this.rightToLeft = document.documentElement.dir === "rtl";
    this.read();
    this.frame.dataset.ready = "";
    this.frame.tabIndex = -1;
    this.frame.style.overflow = "auto";
    stage.querySelector("[data-tools]").hidden = false;
    this.listen();
    const chosen = this.svg.querySelector("a[aria-current]");
    this.enter(chosen || this.nodes[0]);
    if (chosen) this.intoView(chosen);
  }

  // What the drawing says: its nodes in the order of the page, and who supplies whom.
  read() {
    this.nodes = [...this.svg.querySelectorAll("a[data-node]")];
    this.of = new Map(this.nodes.map((node) => [node.dataset.node, node]));
    this.edges = [...this.svg.querySelectorAll(".edge")];
    this.boxes = new Map(this.nodes.map((node) => [node, node.querySelector("rect").getBBox()]));
  }

  listen() {
    this.svg.addEventListener("keydown", (event) => this.onKey(event));
    this.svg.addEventListener("focusin", (event) => {
      const node = event.target.closest("a[data-node]");
      if (node) { this.enter(node); this.highlight(node.dataset.node); this.intoView(node); }
    });
    this.svg.addEventListener("focusout", () => this.highlight(""));
    this.svg.addEventListener("pointerover", (event) => {
      const node = event.target.closest("a[data-node]");
      this.highlight(node ? node.dataset.node : "");
    });
    this.svg.addEventListener("pointerleave", () => this.highlight(""));
    this.stage.addEventListener("click", (event) => this.onClick(event));
    window.addEventListener("popstate", () => this.show(location.href, null));
    for (const button of this.stage.querySelectorAll("[data-zoom]")) {
      button.addEventListener("click", () => this.zoom(button.dataset.zoom));
    }
    const find = this.stage.querySelector("[data-find]");
    find.addEventListener("input", () => this.find(find.value));
    find.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      const first = this.svg.querySelector(".found");
      if (first) first.closest("a").focus({ preventScroll: true });
    });
    this.frame.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      this.scaleTo(this.scale * (event.deltaY < 0 ? 1.15 : 1 / 1.15), event);
    }, { passive: false });
    this.drag();
  }

  // One stop of the tab key: the node that was last in focus. Arrows go on from there.
  enter(node) {
    for (const other of this.nodes) other.tabIndex = other === node ? 0 : -1;
  }

  onKey(event) {
    const node = event.target.closest("a[data-node]");
    if (!node || event.altKey || event.ctrlKey || event.metaKey) return;
    const forward = this.rightToLeft ? "ArrowLeft" : "ArrowRight";
    const back = this.rightToLeft ? "ArrowRight" : "ArrowLeft";
    const next = {
      [forward]: () => this.nearest(node, this.neighbours(node, "from", "to")),
      [back]: () => this.nearest(node, this.neighbours(node, "to", "from")),
      ArrowDown: () => this.inColumn(node, 1),
      ArrowUp: () => this.inColumn(node, -1),
      Home: () => this.nodes[0],
      End: () => this.nodes[this.nodes.length - 1],
    }[event.key];
    if (event.key === "+" || event.key === "-") { this.zoom(event.key === "+" ? "in" : "out"); return; }
    if (!next) return;
    event.preventDefault();
    const target = next();
    if (target) target.focus({ preventScroll: true });
  }

  neighbours(node, here, there) {
    const code = node.dataset.node;
    return this.edges.filter((edge) => edge.dataset[here] === code).map((edge) => this.of.get(edge.dataset[there])).filter(Boolean);
  }

  nearest(node, others) {
    const box = this.boxes.get(node);
    const away = (other) => Math.abs(this.boxes.get(other).y - box.y) + NEAR * Math.abs(this.boxes.get(other).x - box.x);
    return others.sort((a, b) => away(a) - away(b))[0];
  }

  inColumn(node, step) {
    const x = this.boxes.get(node).x;
    const column = this.nodes.filter((other) => this.boxes.get(other).x === x);
    return column[column.indexOf(node) + step];
  }

  highlight(code) {
    const near = new Set();
    for (const edge of this.edges) {
      const is = code && (edge.dataset.from === code || edge.dataset.to === code);
      edge.classList.toggle("near", Boolean(is));
      if (is) { near.add(edge.dataset.from); near.add(edge.dataset.to); }
    }
    for (const node of this.nodes) node.firstElementChild.classList.toggle("near", near.has(node.dataset.node) && node.dataset.node !== code);
    if (code) return;
    const chosen = this.svg.querySelector("a[aria-current]");
    if (chosen) this.highlight(chosen.dataset.node);
  }

  // Shows a node beside the map without leaving the page; the focus stays where it is.
  onClick(event) {
    const link = event.target.closest("a[data-node], a[data-close]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || this.moved) return;
    event.preventDefault();
    const address = typeof link.href === "string" ? link.href : link.href.baseVal;
    const full = new URL(address, location.href);
    history.pushState(null, "", full);
    this.show(full, link.dataset.node || "");
  }

  async show(address, code) {
    const answer = await fetch(address, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer || !answer.ok) { location.href = address; return; }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    this.panel.replaceChildren(...page.querySelector("[data-panel]").childNodes);
    const chosen = page.querySelector("svg a[aria-current]");
    for (const node of this.nodes) {
      const is = Boolean(chosen) && node.dataset.node === chosen.dataset.node;
      node.toggleAttribute("aria-current", is);
      if (is) node.setAttribute("aria-current", "true");
      node.firstElementChild.classList.toggle("chosen", is);
    }
    this.panel.scrollTop = 0;
    this.highlight("");
    const title = this.panel.querySelector("#node-title");
    if (title) this.status.textContent = title.textContent;
    if (code && this.of.has(code)) this.intoView(this.of.get(code));
  }

  find(words) {
    const wanted = words.trim().toLowerCase();
    this.frame.classList.toggle("searched", Boolean(wanted));
    let first = null;
    for (const node of this.nodes) {
      const is = Boolean(wanted) && node.getAttribute("aria-label").toLowerCase().includes(wanted);
      node.firstElementChild.classList.toggle("found", is);
      if (is && !first) first = node;
    }
    if (first) this.intoView(first);
  }

  zoom(how) {
    if (how === "fit") this.scaleTo(Math.min(this.frame.clientWidth / this.width, this.frame.clientHeight / this.height, 1));
    else this.scaleTo(this.scale * (how === "in" ? 1.25 : 0.8));
  }

  // The point below the pointer, else the middle of the frame, stays where it is.
  scaleTo(scale, at) {
    const frame = this.frame.getBoundingClientRect();
    const x = at ? at.clientX - frame.left : frame.width / 2;
    const y = at ? at.clientY - frame.top : frame.height / 2;
    const before = this.scale;
    this.scale = Math.min(Math.max(scale, 0.25), 3);
    const left = (this.frame.scrollLeft + x) * this.scale / before - x;
    const top = (this.frame.scrollTop + y) * this.scale / before - y;
    this.svg.setAttribute("width", this.width * this.scale);
    this.svg.setAttribute("height", this.height * this.scale);
    this.frame.scrollTo(left, top);
  }

  intoView(node) {
    const frame = this.frame.getBoundingClientRect();
    const box = node.querySelector("rect").getBoundingClientRect();
    const room = 24;
    const x = Math.min(0, box.left - frame.left - room) + Math.max(0, box.right - frame.right + room);
    const y = Math.min(0, box.top - frame.top - room) + Math.max(0, box.bottom - frame.bottom + room);
    if (x || y) this.frame.scrollBy(x, y);
  }

  drag() {
    let from = null;
    this.frame.addEventListener("pointerdown", (event) => {
      if (event.pointerType !== "mouse" || event.button !== 0) return;
      from = { x: event.clientX, y: event.clientY, left: this.frame.scrollLeft, top: this.frame.scrollTop };
      this.moved = false;
    });
    window.addEventListener("pointermove", (event) => {
      if (!from) return;
      if (Math.abs(event.clientX - from.x) + Math.abs(event.clientY - from.y) > 5) this.moved = true;
      if (!this.moved) return;
      this.frame.dataset.dragged = "";
      this.frame.scrollTo(from.left - (event.clientX - from.x), from.top - (event.clientY - from.y));
    });
    window.addEventListener("pointerup", () => {
      from = null;
      delete this.frame.dataset.dragged;
      setTimeout(() => { this.moved = false; });
    });
    this.frame.addEventListener("dragstart", (event) => event.preventDefault());
    this.frame.addEventListener("click", (event) => { if (this.moved) event.preventDefault(); }, true);
  }
}

for (const stage of document.querySelectorAll("[data-map]")) new ChainMap(stage);
