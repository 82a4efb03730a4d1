const NAME = 'interlock-key';

/**
 * The key of this tab: from the address (`#key=…`), which is cleaned at once so that it is neither seen, bookmarked nor
 * sent anywhere, or from this tab's own memory.
 */
export function readKey() {
  const given = new URLSearchParams(location.hash.slice(1)).get('key');
  if (given !== null) {
    history.replaceState(null, '', location.pathname);
    keepKey(given);
  }
  return sessionStorage.getItem(NAME);
}

export function keepKey(key) {
  sessionStorage.setItem(NAME, key);
}

export function forgetKey() {
  sessionStorage.removeItem(NAME);
}
