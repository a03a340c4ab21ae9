// Who one is and what one has: guest or somebody with a password, the balance, what moved it.

import { html, useEffect, useState } from './preact-htm.js';
import { accessToken, command, get, Refusal, send, someone } from './api.js';
import { say } from './live.js';
import { Busy, Failure, Loading, Notice, reason, Title, useAnswer, useFields } from './parts.js';
import { forgetUser, lasting, user } from './store.js';
import { number, shortDateTime, t, won } from './text.js';

const PRESETS = [50_000, 100_000, 300_000];
const LARGEST = 1_000_000_000;

/** The balance, null while it isn't known. */
export function useBalance() {
  return useAnswer(async () => {
    const who = await someone();
    const token = who.email ? await accessToken() : undefined;
    return (await send('PATCH', '/accounts/balances', { token, body: { userId: who.uuid } })).balance;
  }, []);
}

/** Charges the balance. A real sale puts a payment provider here; see BALANCE_CHARGE. */
export function ChargeForm({ suggested, onCharged }) {
  const [amount, setAmount] = useState(String(suggested ?? PRESETS[1]));
  const [problem, setProblem] = useState(null);
  const charge = async () => {
    const wanted = Number(amount.replace(/[,\s]/g, ''));
    if (!Number.isInteger(wanted) || wanted < 1 || wanted > LARGEST) {
      setProblem(t('charge.wrong'));
      return;
    }
    setProblem(null);
    try {
      const who = await someone();
      const token = who.email ? await accessToken() : undefined;
      const { balance } = await command('PATCH', '/accounts/balances', `charge.${who.uuid}.${wanted}`, { token, body: { userId: who.uuid, balanceAdjustment: wanted } });
      say(t('charged', { balance: won(balance) }));
      await onCharged?.();
    } catch (refusal) {
      setProblem(refusal instanceof Refusal && refusal.code === 'FORBIDDEN' ? t('charge.forbidden') : reason(refusal));
    }
  };
  return html`
    <div class="charge-form">
      <label>${t('charge.amount')}
        <input inputmode="numeric" autocomplete="off" value=${amount} aria-invalid=${problem ? 'true' : undefined} aria-describedby=${problem ? 'charge-problem' : undefined}
          onInput=${(e) => setAmount(e.target.value)} />
      </label>
      ${!suggested && html`<div class="presets">${PRESETS.map((preset) => html`
        <button key=${preset} type="button" class="chip" onClick=${() => setAmount(String(preset))}>${won(preset)}</button>`)}</div>`}
      <${Busy} class="main" onClick=${charge}>${t('charge')}</${Busy}>
      ${problem && html`<p id="charge-problem" class="wrong" role="alert">${problem}</p>`}
    </div>`;
}

export function Account() {
  const [who, setWho] = useState(user.get());
  const changed = () => setWho(user.get());
  return html`
    <div class="column">
      <${Title} class="page-title">${t('account')}</${Title}>
      ${who?.email
        ? html`<p class="lead">${t('account.as', { email: who.email })}</p>
          <button type="button" class="quiet" onClick=${() => { logOut(); changed(); }}>${t('logout')}</button>`
        : html`<p class="lead">${who ? t('account.guest') : t('account.nobody')}</p>`}
      ${who && html`<${Money} key=${who.uuid} who=${who} />`}
      ${!who?.email && html`<${LogIn} onDone=${changed} />`}
    </div>`;
}

/** Anyone who logs in leaves the guest they were behind, not its tickets: logged out, they are it again. */
function become(next) {
  const guest = user.get()?.email ? lasting.read('guest') : user.get();
  forgetUser();
  user.set(next);
  lasting.write('guest', guest);
}

function logOut() {
  const guest = lasting.read('guest');
  forgetUser();
  user.set(guest);
}

function LogIn({ onDone }) {
  const [fresh, setFresh] = useState(false);
  const [fields, typed] = useFields({ name: '', email: '', password: '' });
  const [refusal, setRefusal] = useState(null);
  const input = (name, type, complete) => html`
    <label>${t(`login.${name}`)}
      <input type=${type} name=${name} autocomplete=${complete} value=${fields[name]} onInput=${(e) => typed(name, e.target.value)} />
    </label>`;
  const submit = async () => {
    setRefusal(null);
    const email = fields.email.trim();
    const { password } = fields;
    try {
      if (fresh) await send('POST', '/users', { body: { email, password, ...(fields.name.trim() && { name: fields.name.trim() }) } });
      const login = await send('POST', '/users/login', { body: { email, password } });
      become({ uuid: login.uuid, email, jwt: login.jwt, expiresAt: login.expiresAt });
      say(t('account.as', { email }));
      onDone();
    } catch (failure) {
      setRefusal(failure);
    }
  };
  return html`
    <section class="login" aria-labelledby="login-title">
      <h2 id="login-title">${t(fresh ? 'register' : 'login')}</h2>
      <div class="fields stacked" onKeyDown=${(e) => e.key === 'Enter' && e.target.tagName === 'INPUT' && submit()}>
        ${fresh && input('name', 'text', 'name')}
        ${input('email', 'email', 'username')}
        ${input('password', 'password', fresh ? 'new-password' : 'current-password')}
      </div>
      ${fresh && html`<p class="small">${t('register.password')}</p>`}
      ${refusal && (refusal.status === 401 || refusal.status === 400
        ? html`<${Notice} kind="bad" role="alert"><p>${t(fresh ? 'register.wrong' : 'login.wrong')}</p></${Notice}>`
        : html`<${Failure} failure=${refusal} />`)}
      <div class="buttons">
        <button type="button" class="text" onClick=${() => { setRefusal(null); setFresh(!fresh); }}>${t(fresh ? 'login.instead' : 'register.instead')}</button>
        <${Busy} class="main" onClick=${submit}>${t(fresh ? 'register' : 'login')}</${Busy}>
      </div>
    </section>`;
}

function Money({ who }) {
  const balance = useBalance();
  const entries = useAnswer(async () => {
    const token = await accessToken();
    if (!token) throw new Refusal(401, { code: 'TOKEN_EXPIRED' });
    return (await get('/accounts/entries?limit=20', { token })).items;
  }, [who.uuid]);
  useEffect(() => {
    if (balance.value !== null) entries.again();
  }, [balance.value]);
  return html`
    <section class="money" aria-labelledby="money">
      <h2 id="money">${t('balance')}</h2>
      ${balance.failure && html`<${Failure} failure=${balance.failure} again=${balance.again} />`}
      ${balance.value === null ? !balance.failure && html`<${Loading} />` : html`<p class="numeral small-numeral">${won(balance.value)}</p>`}
      <${ChargeForm} onCharged=${balance.again} />
      ${entries.value?.length > 0 && html`
        <h3>${t('entries')}</h3>
        <ul class="lines">${entries.value.map((entry) => html`
          <li key=${entry.id}><span class="line-name">${t(`entry.${entry.kind}`)}</span><span class="when">${shortDateTime(entry.createdAt)}</span>
            <span class="amount">${entry.amount > 0 ? '+' : '−'}${number(Math.abs(entry.amount))}</span></li>`)}</ul>`}
    </section>`;
}
