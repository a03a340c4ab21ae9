// The page: its frame, and which view the address means.

import { html, render, useEffect, useState } from './preact-htm.js';
import { Account } from './account.js';
import { Catalogue } from './catalogue.js';
import { Sale } from './concert.js';
import { Link } from './parts.js';
import { href, onMove, where } from './route.js';
import { chooseLanguage, language, t } from './text.js';
import { Tickets } from './tickets.js';

function App() {
  const [, moved] = useState(0);
  const at = where();
  useEffect(() => onMove(() => moved((n) => n + 1)), []);
  const lang = language();
  useEffect(() => {
    document.documentElement.lang = lang;
    document.title = t('title');
  }, [lang, at.concert, at.view]);
  // Another language makes the views anew: their words stand in maps and canvases, too.
  return html`
    <a class="skip" href="#main">${t('skip')}</a>
    <header class="bar no-print">
      <${Link} class="brand" to=${{}}><span class="brand-mark" aria-hidden="true"></span>${t('title')}</${Link}>
      <nav aria-label=${t('nav')}>
        <${Link} to=${{ view: 'tickets' }} aria-current=${at.view === 'tickets' ? 'page' : undefined}>${t('tickets')}</${Link}>
        <${Link} to=${{ view: 'account' }} aria-current=${at.view === 'account' ? 'page' : undefined}>${t('account')}</${Link}>
        <${Language} now=${lang} at=${at} />
      </nav>
    </header>
    <main id="main" key=${lang} class=${at.concert && at.date && !at.view ? 'wide-main' : ''}>
      ${view(at)}
    </main>`;
}

function view({ concert, date, view: name }) {
  if (name === 'tickets') return html`<${Tickets} key=${date} fresh=${date ? date.split(',') : []} />`;
  if (name === 'account') return html`<${Account} />`;
  if (concert) return html`<${Sale} key=${concert} id=${concert} date=${date} view=${name} />`;
  return html`<${Catalogue} />`;
}

/** The other language, by its own name. Kept in the address, so a shared link is read as it was sent. */
function Language({ now, at }) {
  const other = now === 'ko' ? 'en' : 'ko';
  return html`<a lang=${other} href=${href({ ...at, lang: other })} class="language"
    onClick=${(e) => { e.preventDefault(); chooseLanguage(other); history.replaceState(null, '', href({ ...at, lang: other })); dispatchEvent(new PopStateEvent('popstate')); }}>${other === 'ko' ? '한국어' : 'English'}</a>`;
}

render(html`<${App} />`, document.getElementById('app'));
