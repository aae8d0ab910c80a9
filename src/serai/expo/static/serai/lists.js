/* Lists that are narrowed in place by htmx. An address says only what is set, and a screen reader is told what came. */
"use strict";
(() => {
  const told = document.getElementById("told");
  document.addEventListener("htmx:configRequest", (event) => {
    const { verb, parameters } = event.detail;
    if (verb !== "get") return;
    for (const name of [...new Set(parameters.keys?.() || Object.keys(parameters))]) {
      const values = event.detail.formData.getAll(name).filter((value) => value !== "");
      event.detail.formData.delete(name);
      values.forEach((value) => event.detail.formData.append(name, value));
    }
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const place = document.getElementById(event.detail.target.id) || event.detail.target;
    const words = place.querySelector("[data-told]");
    if (told && words) told.textContent = words.textContent.trim();
  });
})();
