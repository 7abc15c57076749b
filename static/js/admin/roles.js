// Says what some controls of Django's admin are to those who hear the page: it draws them without roles and names.
"use strict";

const ROLES = { "ul.select2-selection__rendered > span": "listitem", "span.search-label-icon": "img" };

function complete() {
  for (const [selector, role] of Object.entries(ROLES)) {
    for (const found of document.querySelectorAll(`${selector}:not([role])`)) found.setAttribute("role", role);
  }
  for (const head of document.querySelectorAll("th.original:empty")) {
    const name = head.appendChild(document.createElement("span"));
    name.className = "visually-hidden";
    name.textContent = "Row";
  }
}

new MutationObserver(complete).observe(document.body, { childList: true, subtree: true });
complete();
