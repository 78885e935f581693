// The state of an import, followed without reloading the page. Without scripts
// the page has a link that shows the state of the moment.

const place = document.querySelector("[data-import]");

async function look() {
  const words = place.querySelector("[data-import-words]");
  const bar = place.querySelector("[data-import-bar]");
  const answer = await fetch(place.dataset.import, { headers: { accept: "application/json" } });
  const state = answer.ok ? await answer.json() : { done: true };
  if (state.done) {
    location.replace(place.dataset.import);
    return;
  }
  if (words.textContent !== state.step.words) words.textContent = state.step.words;
  bar.value = state.step.percent;
  setTimeout(() => look().catch(again), 1000);
}

/** The network may come back: the import goes on without us. */
function again() {
  setTimeout(() => look().catch(again), 5000);
}

if (place) setTimeout(() => look().catch(again), 1000);
