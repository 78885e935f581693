// Runs in the player's own page, where the package has put it.
const { address, gesture } = JSON.parse(decodeURIComponent(new URL(document.currentScript.src).hash.slice(1)));
const reads = {};
for (const [name, read] of Object.entries({ title: () => window.parent.document.title, cookie: () => window.parent.document.cookie, opener: () => window.opener.document })) {
  try {
    reads[name] = { got: read() };
  } catch (error) {
    reads[name] = { refused: error.name };
  }
}
const tell = (what) => { window.inside = { reads, ...what }; };
Promise.allSettled([fetch(address, { mode: "no-cors" }), fetch(gesture, { method: "POST", mode: "no-cors", credentials: "include" })])
  .then((all) => tell({ fetched: all.map(({ status }) => status) }));
