// Buttons that need a script, hidden until it is there: <button data-copy="citation" hidden>, data-share, data-print.
function offer(name, can, act) {
  for (const button of document.querySelectorAll(`[data-${name}]`)) {
    if (!can) continue;
    button.hidden = false;
    button.addEventListener("click", () => act(button));
  }
}

async function copy(button) {
  const said = button.parentElement.querySelector("[data-copied]");
  try {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    said.textContent = said.dataset.copied;
  } catch {
    said.textContent = said.dataset.refused;
  }
}

offer("copy", navigator.clipboard, copy);
offer("share", navigator.share, (button) => {
  navigator.share({ title: document.title, url: button.dataset.share }).catch(() => {});
});
offer("print", window.print, () => window.print());
