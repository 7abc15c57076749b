// The search box: "/" goes there; suggestions while typing, after the ARIA combobox pattern. Words come from the page, in its
// language. Without this it is a plain form.
const WAIT = 150;
const label = document.querySelector("script[data-suggestions]").dataset.suggestions;
const boxes = [...document.querySelectorAll("input[data-suggest]")];

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey || !boxes.length) return;
  event.preventDefault();
  boxes[0].focus();
  boxes[0].select();
});

for (const box of boxes) {
  const list = document.createElement("ul");
  let waiting, asked;
  list.id = `${box.id}-suggestions`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", label);
  list.hidden = true;
  box.after(list);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" })) {
    box.setAttribute(name, value);
  }

  const options = () => [...list.children];
  const chosen = () => options().findIndex((option) => option.getAttribute("aria-selected") === "true");

  function choose(place) {
    for (const [number, option] of options().entries()) option.setAttribute("aria-selected", String(number === place));
    const option = list.children[place];
    if (option) box.setAttribute("aria-activedescendant", option.id);
    else box.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  function show(suggestions) {
    list.replaceChildren(
      ...suggestions.map(({ text, kind, address }, number) => {
        const option = document.createElement("li");
        const name = document.createElement("span");
        const note = document.createElement("span");
        option.id = `${list.id}-${number}`;
        option.setAttribute("role", "option");
        option.dataset.address = address;
        [name.textContent, name.dir, note.textContent, note.className] = [text, "auto", kind, "note"];
        option.append(name, " ", note);
        return option;
      }),
    );
    list.hidden = !suggestions.length;
    box.setAttribute("aria-expanded", String(!list.hidden));
    choose(-1);
  }

  async function suggest() {
    asked?.abort();
    asked = new AbortController();
    const words = box.value.trim();
    if (words.length < 2) return show([]);
    try {
      const answer = await fetch(`${box.dataset.suggest}?${new URLSearchParams({ q: words })}`, { signal: asked.signal });
      if (answer.ok && document.activeElement === box) show((await answer.json()).suggestions);
    } catch {
      // typed on, or no connection: the form still works
    }
  }

  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(suggest, WAIT);
  });
  box.addEventListener("blur", () => show([]));
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => location.assign(event.target.closest("li").dataset.address));
  box.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const last = options().length - 1;
    const steps = { ArrowDown: (at) => (at === last ? -1 : at + 1), ArrowUp: (at) => (at < 0 ? last : at - 1) };
    if (event.key in steps) choose(steps[event.key](chosen()));
    else if (event.key === "Escape") show([]);
    else if (event.key === "Enter" && chosen() >= 0) location.assign(list.children[chosen()].dataset.address);
    else return;
    event.preventDefault();
  });
}
