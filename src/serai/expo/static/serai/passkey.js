// Says on the page that a passkey was not used; django-allauth's scripts say it to the console only.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const notice = document.getElementById("passkey-failed");
  if (notice) {
    notice.hidden = false;
    notice.scrollIntoView({ block: "center" });
  }
});
