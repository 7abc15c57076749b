// Brings what was found to be related into the page when a reader comes near; without it, a link leads there.
const place = document.querySelector("[data-related]");

async function bring() {
  const answer = await fetch(place.dataset.related);
  if (!answer.ok) return;
  const found = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("relatives");
  if (found) place.replaceChildren(found);
}

const watcher = new IntersectionObserver(
  (seen) => seen.some((one) => one.isIntersecting) && (watcher.disconnect(), bring()),
  { rootMargin: "600px" },
);
if (place) watcher.observe(place);
