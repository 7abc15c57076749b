// Times of day in the reader's own zone, and in UTC on demand. Without this script, UTC stands.
const sentences = [...document.querySelectorAll("[data-times]")];
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC";
const times = [...document.querySelectorAll("time[datetime*=T]")].filter((time) => time.textContent.includes("UTC"));
const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
const day = new Intl.DateTimeFormat(language, { dateStyle: "long" });
const hour = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", timeZoneName: "short" });
const isUtc = new Date().getTimezoneOffset() === 0 && /UTC|GMT/.test(zone);

function show(own) {
  for (const time of times) {
    time.dataset.utc ??= time.textContent;
    const at = new Date(time.dateTime);
    time.textContent = own ? `${day.format(at)}, ${hour.format(at)}` : time.dataset.utc;
    time.title = own ? time.dataset.utc : "";
  }
  for (const sentence of sentences) sentence.hidden = sentence.dataset.times !== (own ? "own" : "utc");
}

if (sentences.length && times.length && !isUtc) {
  for (const place of document.querySelectorAll("[data-zone]")) place.textContent = zone.replaceAll("_", " ");
  for (const sentence of sentences) {
    sentence.querySelector("button")?.addEventListener("click", () => {
      show(sentence.dataset.times === "utc");
      sentences.find(({ hidden }) => !hidden).querySelector("button").focus();
    });
  }
  show(true);
}
