// Shows what a Markdown text will look like, beside its text area, while one writes.
'use strict';
{
  const waiting = new WeakMap();

  const paneOf = (area) => {
    const next = area.nextElementSibling;
    if (next && next.classList.contains('markdown-preview')) return next;
    const pane = document.createElement('div');
    pane.className = 'markdown-preview';
    pane.setAttribute('role', 'region');
    pane.setAttribute('aria-label', `Preview of ${area.labels[0]?.textContent ?? 'the text'}, ${area.name}`);
    pane.tabIndex = 0;
    area.after(pane);
    area.parentElement.classList.add('markdown-pair');
    return pane;
  };

  const render = async (area) => {
    const pane = paneOf(area);
    const text = area.value;
    if (!text.trim()) {
      pane.textContent = 'What readers will see appears here.';
      return;
    }
    const sent = new FormData();
    sent.append('text', text);
    sent.append('csrfmiddlewaretoken', area.form.elements.csrfmiddlewaretoken.value);
    try {
      const answer = await fetch(area.dataset.markdownAddress, { method: 'POST', body: sent, redirect: 'error' });
      if (!answer.ok) throw new Error(answer.statusText);
      const html = await answer.text();
      if (area.value === text) pane.innerHTML = html;
    } catch {
      pane.textContent = 'The preview cannot be shown now. Your text is not affected.';
    }
  };

  const later = (area, pause) => {
    clearTimeout(waiting.get(area));
    waiting.set(area, setTimeout(render, pause, area));
  };

  document.addEventListener('input', ({ target }) => {
    if (target.matches('textarea[data-markdown]')) later(target, 300);
  });
  document.addEventListener('focusin', ({ target }) => {
    if (target.matches('textarea[data-markdown]') && !target.parentElement.classList.contains('markdown-pair')) later(target, 0);
  });
  document.addEventListener('DOMContentLoaded', () => {
    document.querySelectorAll('textarea[data-markdown="at once"]').forEach((area) => later(area, 0));
  });
}
