// Everything works without this file; it only saves clicks.
(() => {
  'use strict';

  // A page that knows where to go next says so on an element; only addresses on this host are followed.
  const go = (root) => {
    const element = root.matches?.('[data-go]') ? root : root.querySelector?.('[data-go]');
    const target = element?.dataset.go;
    if (target?.startsWith('/') && !target.startsWith('//')) {
      window.location.assign(target);
    }
  };

  const copy = async (button) => {
    const source = document.getElementById(button.dataset.copy);
    if (!source) {
      return;
    }
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
      button.textContent = 'Copied';
    } catch {
      window.getSelection().selectAllChildren(source);
      button.textContent = 'Press Ctrl+C';
    }
  };

  document.addEventListener('click', (event) => {
    const button = event.target.closest?.('[data-copy]');
    if (button) {
      event.preventDefault();
      copy(button);
    }
    document.querySelectorAll('details.menu[open]').forEach((menu) => {
      if (!menu.contains(event.target)) {
        menu.open = false;
      }
    });
  });

  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      document.querySelectorAll('details.menu[open]').forEach((menu) => {
        menu.open = false;
        menu.querySelector('summary').focus();
      });
    }
  });

  // A double click sends one request; a page that comes back from the browser's cache can be sent again.
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (form.method !== 'post' || event.defaultPrevented) {
      return;
    }
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = 'yes';
  });
  window.addEventListener('pageshow', () => {
    document.querySelectorAll('form[data-sent]').forEach((form) => delete form.dataset.sent);
  });

  document.addEventListener('htmx:afterSettle', (event) => go(event.target));
  document.addEventListener('htmx:sseMessage', (event) => go(event.target));
  go(document.body);
})();
