/* Keeps the chosen team in a cookie, and writes a remembered one into the address in place of the entry that had none. */
const YEAR = 31536000;

function keep(cookie, team) {
  const secure = window.location.protocol === "https:" ? "; secure" : "";
  const age = team ? YEAR : 0;
  document.cookie = `${cookie}=${encodeURIComponent(team)}; path=/; max-age=${age}; samesite=lax${secure}`;
}

export default function (component) {
  const { cookie, count, team, query } = component.data;
  // The count begins again with a new session, such as after a restart of the server under an open page.
  const choice = `${count} ${team}`;
  if (count > 0 && choice !== window.tomoniTeamChoice) {
    window.tomoniTeamChoice = choice;
    keep(cookie, team);
  }
  if (query && !new URLSearchParams(window.location.search).has("team")) {
    window.history.replaceState({}, "", `${window.location.pathname}?${query}`);
    window.dispatchEvent(new PopStateEvent("popstate"));
  }
}
