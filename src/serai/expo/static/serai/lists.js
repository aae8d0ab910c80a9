/* Lists that are narrowed or acted on in place by htmx (``narrows``, ``leads_within``, ``acts_in_place`` in the tags). A
   screen reader is told what came, and what answers with another page is shown whole. */
"use strict";
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.verb !== "get") return;
  for (const [name, value] of [...detail.formData]) {
    if (value !== "") continue;
    const others = detail.formData.getAll(name).filter(Boolean);
    detail.formData.delete(name);
    others.forEach((other) => detail.formData.append(name, other));
  }
});
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, xhr, pathInfo, requestConfig } = event.detail;
  if (!target.id || target.hasAttribute("data-finder-list")) return;
  const asked = new URL(pathInfo.finalRequestPath, location.href);
  const answered = new URL(xhr.responseURL || asked, location.href);
  const acts = requestConfig.verb === "post";
  if (acts && [200, 400].includes(xhr.status) && answered.pathname === location.pathname) {
    event.detail.shouldSwap = true;  // a form that is refused says why where it stands
    return;
  }
  if (!acts && xhr.status === 200 && answered.pathname === asked.pathname) return;
  event.detail.shouldSwap = false;  // the way to sign in, a firm found by its identifier, an error: shown whole
  if (acts && xhr.status >= 400) requestConfig.elt.closest("form").submit(); else location.assign(answered);
});
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  const place = document.getElementById(detail.target.id) || detail.target;
  const words = place.matches("[data-told]") ? place : place.querySelector("[data-told]") || document.querySelector("#messages > *");
  if (words) document.getElementById("told").textContent = words.textContent.trim();
  if (document.activeElement !== document.body || detail.requestConfig.elt.isConnected) return;
  const field = place.querySelector("form[data-in-place] input:not([type=hidden])");
  if (field) { field.focus(); return; }
  place.tabIndex = -1;  // what was followed or pressed is gone: the list takes the focus, and with it the screen
  place.scrollIntoView();
  place.focus({ preventScroll: true });
});
