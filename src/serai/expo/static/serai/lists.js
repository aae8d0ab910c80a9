/* What htmx changes in place, and pages over others (see the tags). Screen readers are told what came. */
"use strict";
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.verb !== "get") return;
  for (const name of new Set(detail.formData.keys())) {
    const values = detail.formData.getAll(name).filter(Boolean);
    detail.formData.delete(name);
    for (const value of values) detail.formData.append(name, value);
  }
});
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, xhr, pathInfo, requestConfig } = event.detail;
  if (!target.id || target.hasAttribute("data-finder-list")) return;
  const asked = new URL(pathInfo.finalRequestPath, location.href);
  const answered = new URL(xhr.responseURL || asked, location.href);
  const acts = requestConfig.verb === "post", own = acts && !target.closest("dialog") ? location : asked;
  // A refused form says why where it stands. The way to sign in, an error: shown whole.
  const stays = [200, acts && 400].includes(xhr.status) && answered.pathname === own.pathname;
  event.detail.shouldSwap = stays;
  if (stays) return;
  if (own === location && xhr.status >= 400) requestConfig.elt.closest("form").submit(); else location.assign(answered);
});
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  const place = document.getElementById(detail.target.id) || detail.target;
  const dialog = place.closest("dialog");
  if (dialog) {
    for (const form of place.querySelectorAll("form")) form.setAttribute("hx-post", form.getAttribute("action") || detail.pathInfo.finalRequestPath);
    for (const link of place.querySelectorAll("[data-leaves]")) link.onclick = () => dialog.close() || false;
    dialog.ariaLabel = place.querySelector("h1").textContent;
    if (!dialog.open) dialog.showModal();
    return place.querySelector("[aria-invalid=true]")?.focus();
  }
  const words = place.matches("[data-told]") ? place : place.querySelector("[data-told]") || document.querySelector("#messages > *");
  if (words) document.getElementById("told").textContent = words.textContent.trim();
  if (document.activeElement !== document.body || detail.requestConfig.elt.isConnected) return;
  const field = place.querySelector("form[data-in-place] input:not([type=hidden])");
  if (field) return field.focus();
  place.tabIndex = -1;
  place.scrollIntoView();
  place.focus({ preventScroll: true });
});
