// Server-sent events read with `fetch`, because EventSource can't send `Authorization`.

import { Refusal } from './api.js';

const SILENCE_MS = 40_000; // The server says something every 15 s; after this the line is dead.

/**
 * Reads one stream to its end.
 *
 * @param onEvent called with `{event, data, id}`; data is parsed JSON
 * @returns how it ended: `{end: reason}` if the server said so, `{}` if the line just broke
 */
export async function readStream(path, { token, lastId, signal, onEvent, onOpen }) {
  const own = new AbortController();
  const stop = () => own.abort();
  signal?.addEventListener('abort', stop);
  let silence = setTimeout(stop, SILENCE_MS);
  try {
    const headers = { Accept: 'text/event-stream', Authorization: `Bearer ${token}` };
    if (lastId) headers['Last-Event-ID'] = lastId;
    const response = await fetch(`/api/v1${path}`, { headers, signal: own.signal, cache: 'no-store' });
    if (!response.ok) {
      const problem = await response.json().catch(() => ({}));
      throw new Refusal(response.status, problem, Number(response.headers.get('Retry-After')) || undefined);
    }
    onOpen?.();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return {};
      clearTimeout(silence);
      silence = setTimeout(stop, SILENCE_MS);
      rest += value.replaceAll('\r\n', '\n');
      const blocks = rest.split('\n\n');
      rest = blocks.pop();
      for (const block of blocks) {
        const event = parse(block);
        if (event.event === 'end') return { end: event.data?.reason ?? 'ENDED' };
        if (event.data !== undefined) onEvent(event);
      }
    }
  } catch (failure) {
    if (failure instanceof Refusal) throw failure;
    return {}; // Broken, or given up by us.
  } finally {
    clearTimeout(silence);
    signal?.removeEventListener('abort', stop);
    own.abort();
  }
}

function parse(block) {
  const found = { event: 'message', id: undefined, data: undefined };
  let data = [];
  for (const line of block.split('\n')) {
    if (line.startsWith(':')) continue;
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'data') data.push(value);
    else if (name === 'event') found.event = value;
    else if (name === 'id') found.id = value;
  }
  if (data.length > 0) {
    try {
      found.data = JSON.parse(data.join('\n'));
    } catch {
      // Not ours.
    }
  }
  return found;
}
