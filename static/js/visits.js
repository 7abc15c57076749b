// Says what changed since this browser last showed the advisory. It remembers a mark for each part of the last hundred
// advisories read; nothing of it leaves the browser. The page is whole without it.
const notice = document.querySelector("[data-visits]");
const { visits: id, release } = notice.dataset;
const lines = [...notice.querySelectorAll("[data-part]")];
const number = new Intl.NumberFormat(document.documentElement.lang, { useGrouping: false });

function target(line) {
  return document.getElementById(line.querySelector("a")?.hash.slice(1) ?? "");
}

// What this tab compares with stays the same while it is open, so that marks survive a reload.
function readBefore(known) {
  const before = JSON.parse(sessionStorage.getItem(`visit ${id}`)) ?? known.get(id);
  if (before) sessionStorage.setItem(`visit ${id}`, JSON.stringify(before));
  return before;
}

function remember(known) {
  known.delete(id);
  known.set(id, { release: Number(release), parts: Object.fromEntries(lines.map(({ dataset }) => [dataset.part, dataset.mark])) });
  localStorage.setItem("visits", JSON.stringify([...known].slice(-100)));
}

function show(before) {
  const changed = lines.filter(({ dataset }) => before.parts[dataset.part] !== dataset.mark);
  for (const line of lines) line.hidden = !changed.includes(line);
  for (const line of changed) target(line)?.setAttribute("data-changed", notice.dataset.since);
  for (const sentence of notice.querySelectorAll("[data-for]")) {
    sentence.hidden = !sentence.dataset.for.split(" ").includes(String(changed.length));
    for (const place of sentence.querySelectorAll("[data-count]")) place.textContent = number.format(changed.length);
    for (const place of sentence.querySelectorAll("[data-seen]")) place.textContent = number.format(before.release);
  }
  notice.querySelector("[data-difference]").href = `changes/${Number(before.release)}..${release}/`;
  notice.hidden = false;
}

function forget() {
  localStorage.removeItem("visits");
  sessionStorage.removeItem(`visit ${id}`);
  notice.hidden = true;
  for (const line of lines) target(line)?.removeAttribute("data-changed");
}

// An editor's preview is no visit.
if (location.pathname.endsWith(`/incidents/${id}/`)) try {
  const known = new Map(JSON.parse(localStorage.getItem("visits")) ?? []);
  const before = readBefore(known);
  remember(known);
  if (before?.release < Number(release)) show(before);
  notice.querySelector("[data-forget]").addEventListener("click", forget);
} catch {
  // The browser keeps nothing, or what it kept cannot be read: every visit is the first one.
}
