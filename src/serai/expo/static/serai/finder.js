/* The search in the masthead: htmx asks for the list while the reader types; this opens, closes and walks through it, as a
   combobox does. Without a script the field leads to the page of results. */
"use strict";
(() => {
  const form = document.querySelector("form[data-finder]");
  if (!form || !window.htmx) return;
  const field = form.querySelector("input");
  const list = form.querySelector("[data-finder-list]");
  let before = null;  // what had the focus, to which Escape leads back

  const set = (attributes) => Object.entries(attributes).forEach(([name, value]) => field.setAttribute(name, value));
  set({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, "aria-keyshortcuts": "Control+K Meta+K /" });
  const options = () => [...list.querySelectorAll("[role=option]")];
  const chosen = () => list.querySelector("[aria-selected=true]");
  const choose = (option) => {
    chosen()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) set({ "aria-activedescendant": option.id }); else field.removeAttribute("aria-activedescendant");
  };
  const open = (is) => {
    list.hidden = !is;
    set({ "aria-expanded": String(is && options().length > 0) });
    if (!is) choose(null);
  };
  const step = (by) => {
    const all = options();
    if (!all.length) return;
    open(true);
    const at = all.indexOf(chosen()) + by;
    choose(at < -1 ? all.at(-1) : all[at] || null);  // past an end it is the field again
  };
  const enter = () => {
    if (document.activeElement !== field) before = document.activeElement;
    field.focus();
    field.select();
  };
  const leave = () => { open(false); field.blur(); if (before?.isConnected) before.focus({ preventScroll: true }); before = null; };

  document.addEventListener("keydown", (event) => {
    const writes = event.target.closest?.("input, textarea, select, [contenteditable]");
    const asked = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k";
    if (!asked && (writes || event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey)) return;
    event.preventDefault();
    enter();
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) { event.preventDefault(); step(by); }
    else if (event.key === "Enter" && chosen()) { event.preventDefault(); chosen().click(); }
    else if (event.key === "Escape") { event.preventDefault(); if (list.hidden) leave(); else open(false); }
  });
  field.addEventListener("focus", () => open(field.value.trim() !== "" && list.childElementCount > 0));
  form.addEventListener("focusout", (event) => { if (!form.contains(event.relatedTarget)) open(false); });
  list.addEventListener("mousedown", (event) => event.preventDefault());  // the field keeps the focus while one clicks
  field.addEventListener("htmx:beforeRequest", (event) => {
    if (field.value.trim()) return;
    event.preventDefault();
    list.replaceChildren();
    open(false);
  });
  list.addEventListener("htmx:afterSwap", () => open(document.activeElement === field));
})();
