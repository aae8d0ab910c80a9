/* What htmx changes in place, and pages that open over others (``narrows``, ``leads_within``, ``acts_in_place``,
   ``in_dialog`` in the tags). A screen reader is told what came. */
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
  const acts = requestConfig.verb === "post";
  // A refused form says why where it stands. The way to sign in, a firm found by its number, an error: shown whole.
  const stays = [200, acts && 400].includes(xhr.status) && answered.pathname === (acts ? location : asked).pathname;
  event.detail.shouldSwap = stays;
  if (stays) return;
  if (acts && xhr.status >= 400) requestConfig.elt.closest("form").submit(); else location.assign(answered);
});
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  const place = document.getElementById(detail.target.id) || detail.target;
  const dialog = place.closest("dialog");
  if (dialog) {
    for (const form of place.querySelectorAll("form:not([action])")) form.action = detail.pathInfo.finalRequestPath;
    for (const link of place.querySelectorAll("[data-leaves]")) link.onclick = () => dialog.close() || false;
    dialog.ariaLabel = place.querySelector("h1").textContent;
    return dialog.showModal();
  }
  const words = place.matches("[data-told]") ? place : place.querySelector("[data-told]") || document.querySelector("#messages > *");
  if (words) document.getElementById("told").textContent = words.textContent.trim();
  if (document.activeElement !== document.body || detail.requestConfig.elt.isConnected) return;
  const field = place.querySelector("form[data-in-place] input:not([type=hidden])");
  if (field) return field.focus();
  place.tabIndex = -1;  // what was pressed is gone: the list takes focus
  place.scrollIntoView();
  place.focus({ preventScroll: true });
});
