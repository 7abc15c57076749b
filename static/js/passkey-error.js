// Says so on the page when a passkey could not be used; the sign-in library itself only writes to the console.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const notice = document.querySelector("[data-passkey-error]");
  notice.hidden = false;
  notice.scrollIntoView({ block: "nearest" });
});
