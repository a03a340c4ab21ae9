// Where one is, in the address: `?concert=c1&date=s1&view=pay&lang=ko`. So every state can be shared,
// bookmarked and reloaded, and the browser's back button works.

const listeners = new Set();

export function where() {
  const query = new URLSearchParams(location.search);
  return {
    concert: query.get('concert'),
    date: query.get('date'),
    view: query.get('view'),
    lang: query.get('lang'),
  };
}

/** The address of a place; the language goes along. */
export function href(to) {
  const query = new URLSearchParams();
  const full = { lang: where().lang, ...to };
  for (const [name, value] of Object.entries(full)) if (value) query.set(name, value);
  const text = query.toString();
  return text ? `/?${text}` : '/';
}

export function go(to, { replace = false } = {}) {
  history[replace ? 'replaceState' : 'pushState'](null, '', href(to));
  tell();
  if (!replace) scrollTo(0, 0);
}

export function onMove(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell() {
  listeners.forEach((listener) => listener());
}

addEventListener('popstate', tell);

/** For a link: follows it without loading the page again, unless a new tab is wanted. */
export function follow(event) {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button > 0) return;
  event.preventDefault();
  history.pushState(null, '', event.currentTarget.href);
  tell();
  scrollTo(0, 0);
}
