// The outline follows: opens on wide screens and marks the section that is being read.
const outline = document.querySelector("[data-outline]");
const wide = window.matchMedia("(min-width: 60rem)");
const links = new Map([...(outline?.querySelectorAll("a") ?? [])].map((link) => [link.hash.slice(1), link]));

function unfold() {
  outline.open = wide.matches;
}

function markCurrent() {
  const sections = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
  const passed = sections.filter((section) => section.getBoundingClientRect().top < window.innerHeight / 3);
  const current = passed.at(-1)?.id;
  for (const [id, link] of links) {
    if (id === current) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

if (outline) {
  unfold();
  wide.addEventListener("change", unfold);
  let waiting = false;
  window.addEventListener(
    "scroll",
    () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        markCurrent();
      });
    },
    { passive: true },
  );
  markCurrent();
}
