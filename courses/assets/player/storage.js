// A single content host serves everybody's activities, so that one origin's
// storage is shared by all attempts opened in a browser. Before another attempt
// than the last one opens, what packages left there is cleared. Commits that
// have not reached the server stay: this device holds their only copy, and only
// a launch of their own attempt may send them.

/** Where the attempt that had this origin last is written. */
export const LAST = "passerelle.attempt";
const COMMITS = "passerelle:";

/** What waits to be sent, of whichever attempt. */
export function commitsIn(storage) {
  const found = [];
  for (let at = 0; at < storage.length; at += 1) {
    const key = storage.key(at);
    if (key !== null && key.startsWith(COMMITS)) found.push([key, storage.getItem(key)]);
  }
  return found;
}

/**
 * Clears this origin's storage unless the last attempt was this one. Never
 * fails: a browser that forbids storage has nothing to clear.
 * @param clear asks the server for `Clear-Site-Data`
 */
export async function takeOver(window, attempt, clear) {
  let storage;
  let commits;
  try {
    storage = window.localStorage;
    if (storage.getItem(LAST) === attempt) return;
    commits = commitsIn(storage);
  } catch (error) {
    return;
  }
  // The header clears what scripts cannot list, and some browsers ignore it.
  await clear().catch(() => {});
  await byHand(window);
  for (const [key, text] of [...commits, [LAST, attempt]]) {
    try {
      storage.setItem(key, text);
    } catch (error) {
      // There was room for it a moment ago.
    }
  }
}

async function byHand(window) {
  const { document, indexedDB, caches } = window;
  const steps = [
    () => window.localStorage.clear(),
    () => window.sessionStorage.clear(),
    () => document.cookie.split(";").forEach((pair) => { document.cookie = `${pair.split("=")[0].trim()}=; path=/; max-age=0`; }),
    async () => { for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name); },
    async () => { for (const name of await caches.keys()) await caches.delete(name); },
  ];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      // Forbidden or unknown in this browser: the others are still tried.
    }
  }
}
