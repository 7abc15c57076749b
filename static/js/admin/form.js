// Comfort on the page of an incident: numbers for new rows, an outline that follows, a word before leaving unsaved changes.
'use strict';
{
  const FIRST_FIELD = 'input:not([type=hidden], [data-next-number]), .select2-selection, select:not(.select2-hidden-accessible), textarea';

  const propose = (row) => {
    const field = row.querySelector('[data-next-number]');
    if (!field || field.value) return;
    const group = row.closest('.inline-group');
    const taken = [...group.querySelectorAll('.inline-related:not(.empty-form) [data-next-number]')].map((one) => Number(one.value) || 0);
    field.value = Math.max(0, ...taken) + 1;
  };

  document.addEventListener('formset:added', ({ target }) => {
    propose(target);
    setTimeout(() => target.querySelector(FIRST_FIELD)?.focus(), 0);
  });

  document.addEventListener('DOMContentLoaded', () => {
    const places = new Map();
    document.querySelectorAll('[data-outline] a').forEach((link) => {
      const heading = document.getElementById(link.hash.slice(1));
      if (heading) places.set(heading, link);
    });
    const follow = new IntersectionObserver((entries) => {
      const seen = entries.find((entry) => entry.isIntersecting);
      if (!seen) return;
      places.forEach((link) => link.removeAttribute('aria-current'));
      places.get(seen.target).setAttribute('aria-current', 'true');
    }, { rootMargin: '0px 0px -70% 0px' });
    places.forEach((_, heading) => follow.observe(heading));

    const form = document.querySelector('form[data-guard-changes]');
    if (!form) return;
    let changed = Boolean(form.querySelector('.errornote, .conflict'));
    form.addEventListener('input', () => { changed = true; });
    django.jQuery(form).on('change', () => { changed = true; });
    form.addEventListener('submit', () => { changed = false; });
    addEventListener('beforeunload', (event) => { if (changed) event.preventDefault(); });
    form.querySelector('.errornote, .conflict')?.scrollIntoView();
  });
}
