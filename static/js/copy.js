// A button that copies the text of the element it names: <button data-copy="citation" hidden>.
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  const said = button.parentElement.querySelector("[data-copied]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
      said.textContent = "Copied.";
    } catch {
      said.textContent = "The browser did not allow copying.";
    }
  });
}
