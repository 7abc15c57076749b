// Times of day in the reader's own zone, and in UTC on demand. Without this script, UTC stands.
const switcher = document.querySelector("[data-zone]");
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC";
const times = [...document.querySelectorAll("time[datetime*=T]")].filter((time) => time.textContent.endsWith("UTC"));
const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "long" });
const hour = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZoneName: "short" });
const isUtc = new Date().getTimezoneOffset() === 0 && /UTC|GMT/.test(zone);

function show(own) {
  for (const time of times) {
    time.dataset.utc ??= time.textContent;
    const at = new Date(time.dateTime);
    time.textContent = own ? `${day.format(at)}, ${hour.format(at)}` : time.dataset.utc;
    time.title = own ? time.dataset.utc : "";
  }
  switcher.firstElementChild.textContent = own ? "UTC" : zone.replaceAll("_", " ");
  switcher.previousSibling.textContent = own ? `Times are in your zone, ${zone.replaceAll("_", " ")}` : "Times are in UTC";
}

if (switcher && times.length && !isUtc) {
  let own = true;
  switcher.hidden = false;
  switcher.firstElementChild.addEventListener("click", () => show((own = !own)));
  show(own);
}
