// Gives the fields that search while one types the name of their label, for those who listen.
'use strict';
{
  let count = 0;

  const name = (select) => {
    const box = select.nextElementSibling;
    if (!box || !box.classList.contains('select2-container')) return;
    const text = select.getAttribute('aria-label') || (select.labels[0] ? select.labels[0].textContent : select.name);
    box.querySelectorAll('.select2-search__field').forEach((field) => field.setAttribute('aria-label', text));
    const shown = box.querySelector('.select2-selection--single .select2-selection__rendered');
    if (!shown) return;
    const label = document.createElement('span');
    label.id = `name-${count += 1}`;
    label.className = 'visually-hidden';
    label.textContent = text;
    box.append(label);
    shown.setAttribute('aria-labelledby', label.id);
    box.querySelector('.select2-selection').setAttribute('aria-labelledby', `${label.id} ${shown.id}`);
  };

  const nameAll = (within) => within.querySelectorAll('select.admin-autocomplete').forEach(name);

  document.addEventListener('formset:added', ({ target }) => setTimeout(nameAll, 0, target));
  django.jQuery(() => setTimeout(nameAll, 0, document));
}
