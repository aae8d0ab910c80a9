/* Reads the square of a badge by the camera within the page, where the browser can. Else there is no button, and the code
   is typed or scanned by the phone's own camera. */
"use strict";
(async () => {
  const scan = document.querySelector("[data-scan]");
  const field = document.querySelector("input[name=badge]");
  if (!scan || !field || !navigator.mediaDevices?.getUserMedia || !("BarcodeDetector" in window)) return;
  if (!(await BarcodeDetector.getSupportedFormats()).includes("qr_code")) return;
  const [begin, end, view, told] = ["begin", "end", "view", "told"].map((name) => scan.querySelector(`[data-scan-${name}]`));
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  const edition = location.pathname.split("/")[2];
  let stream = null;

  const tell = (what) => { told.textContent = what ? scan.getAttribute(`data-${what}`) : ""; };
  const codeOf = (read) => {
    const [, fair, code] = /\/b\/([^/]+)\/([^/?#]+)\/?$/.exec(read) || [];
    return fair === edition ? code : "";
  };
  const shows = (is) => { view.hidden = end.hidden = !is; begin.hidden = is; };
  const stop = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = view.srcObject = null;
    shows(false);
  };
  const take = (code) => {
    stop();
    field.value = code;
    navigator.vibrate?.(60);
    if (field.form.method === "get") return field.form.requestSubmit();
    tell("found");
    field.form.querySelector("[name=notes], [name=note]")?.focus();
  };
  const look = async () => {
    while (stream) {
      const read = view.readyState >= view.HAVE_CURRENT_DATA ? await detector.detect(view).catch(() => []) : [];
      if (!stream) return;
      const code = read.map((one) => codeOf(one.rawValue)).find(Boolean);
      if (code) return take(code);
      if (read.length) tell("other");
      await new Promise((go) => setTimeout(go, 150));
    }
  };
  const start = async () => {
    begin.disabled = true;
    tell("");
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: "environment" } });
    } catch (problem) {
      return tell(problem.name === "NotAllowedError" ? "refused" : "none");
    } finally {
      begin.disabled = false;
    }
    view.srcObject = stream;
    shows(true);
    end.focus();
    await view.play().catch(() => {});
    await look();
  };

  begin.addEventListener("click", start);
  end.addEventListener("click", () => { stop(); begin.focus(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden && stream) stop(); });
  scan.hidden = false;
})();
