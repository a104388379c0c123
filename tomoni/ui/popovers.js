/* Streamlit lays an open popover behind the whole page: by the keyboard it would come after everything else. So one that a
   key opened takes the focus, and Tab leads into it from its button and back. Escape leads back by itself. */
const STOPS = "a[href], button:not([disabled]), input:not([disabled]), textarea, summary, [tabindex='0']";
const OPENER = "[data-testid=stPopover] button", OPEN = `${OPENER}[aria-expanded=true]`; // drawn anew when it opens
const EVERY = 100, AT_MOST = 12000; // ms: what is in a popover may be drawn only once it is open
let waiting;

const popover = () => document.querySelector("[data-testid=stPopoverBody]");
// While the focus is elsewhere, all that Tab reaches in a popover is taken out of its order, and remembered so.
const reached = (each) => (each.tabIndex >= 0 || "tabindex" in each.dataset) && each.getClientRects().length;
const stops = () => [...(popover()?.querySelectorAll(STOPS) ?? [])].filter(reached);
const elsewhere = () => document.activeElement !== document.body && !document.activeElement.matches(OPENER);

function clicked(event) {
  if (event.detail || !event.target.closest?.(OPENER)) return; // a key's click counts none
  clearInterval(waiting);
  const until = Date.now() + AT_MOST;
  waiting = setInterval(() => {
    const to = stops()[0];
    if (to || elsewhere() || Date.now() > until) clearInterval(waiting);
    if (to && !elsewhere()) to.focus();
  }, EVERY);
}

function pressed(event) {
  if (event.key !== "Tab") return;
  const found = stops(), at = document.activeElement;
  const to = event.shiftKey ? at === found[0] && document.querySelector(OPEN) : at.matches(OPEN) && found[0];
  if (!to) return;
  event.preventDefault();
  to.focus();
}

if (!window.tomoniPopovers) {
  window.tomoniPopovers = true;
  document.addEventListener("click", clicked, true);
  document.addEventListener("keydown", pressed, true);
}
