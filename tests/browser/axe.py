"""What axe-core finds on the pages, in every state, theme and language.

``python -m tests.browser.axe`` looks at all of it, which takes some minutes; `test_axe.py` at a part that
meets every state, and every page in each theme and language.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urljoin

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, TimeoutError, expect

from tests.browser import axe_worlds
from tests.browser.axe_worlds import World
from tests.browser.server import chromium, patient, settle

Ground = Literal["light", "dark"]
GROUNDS: tuple[Ground, ...] = ("light", "dark")
LANGUAGES = ("en", "ja")
_AXE = Axe().axe_script
# Every rule of WCAG 2.2 A and AA and of good practice, and those that axe-core leaves off unless asked.
_OPTIONS = {
    "resultTypes": ["violations"],
    "rules": {rule: {"enabled": True} for rule in ("target-size", "label-content-name-mismatch", "td-has-header")},
}
# What is Streamlit's own and cannot be changed from outside: rule, exact selector, reason.
STREAMLITS_OWN: tuple[tuple[str, str, str], ...] = (
    (
        "region",
        "body > div [role=listbox][data-rac]",
        "an open list lies in a layer of its own that takes no role",
    ),
)
# The longest motion on a page, in seconds.
LONGEST = """() => Math.max(...[...document.querySelectorAll('[data-testid=stMain] *')].map(element => {
  const style = getComputedStyle(element)
  const longest = Math.max(parseFloat(style.animationDuration), parseFloat(style.transitionDuration))
  return element.closest('[data-rac]') ? 0 : longest
}))"""
# As a reader walks back and forth; Streamlit then runs the page again, which is a second faster than loading all of it.
_WALK = """address => {
  window.__quiet = 0;
  window.__heard = false;
  new MutationObserver((_, watch) => { window.__heard = true; watch.disconnect(); })
    .observe(document.body, {subtree: true, attributeFilter: ['data-test-script-state']});
  history.pushState(null, '', address);
  dispatchEvent(new PopStateEvent('popstate'));
}"""


@dataclass(frozen=True, slots=True)
class Opened:
    """Something that a reader opens: what is pressed, and what that shows."""

    pressed: str
    shown: str = "[data-testid=stPopoverBody]"
    within: str = ""  # where axe-core looks, if it is not at these two: it takes no selectors into a component


@dataclass(frozen=True, slots=True)
class State:
    """A state of a page: its world (`axe_worlds.py`), its address without theme and language, and what is opened
    on it, one after the other."""

    name: str
    path: str
    world: str = "demo"
    opened: tuple[Opened, ...] = ()

    @property
    def page(self) -> str:
        """The path alone."""
        return self.path.split("?")[0]


def _popover(key: str) -> Opened:
    """The first popover of a container by its key."""
    return Opened(f".st-key-{key} [data-testid=stPopoverButton]")


_MARK = "2026-11-19T04:00Z--2026-11-19T06:10Z"
_DRAFTED = "{{source: demo, counts: cart-availability}}"  # braces as `World.filled` leaves them
_EPISODE = "app=checkout&episode=2026-11-19T05:05Z"
_FIND = Opened(".st-key-find input", ".st-key-find [role=listbox]", ".st-key-find")
_MAP = Opened(".st-key-map-checkout summary", ".st-key-map-checkout svg a", ".st-key-map-checkout")
_CHECKOUT = (
    Opened(".tm-term", ".tm-term"),
    _popover("panel-joint"),
    _popover("card-focus-place-order-availability"),
    Opened(".st-key-pickers [role=combobox]", "[role=listbox]"),
)
STATES = (
    State("overview", "/"),
    State("overview of a team", "/?team=payments"),
    State("overview at a moment", "/?at=2026-11-20T00:00Z", opened=(_popover("freshness"),)),
    State("overview of a month", "/?period=2026-10", opened=(_popover("pickers"),)),
    State("overview where nothing matches", "/?find=nothing-is-called-this"),
    State("overview, presented", "/?present=1"),
    State("an app", "/app?app=checkout", opened=_CHECKOUT),
    State("another app", "/app?app=order-mail"),
    State("an app, once more", "/app?app=checkout", opened=_CHECKOUT),
    State("an app that shuts at night", "/app?app=back-office"),
    State("an app that is new", "/app?app=store-search"),
    State("an episode", f"/app?{_EPISODE}"),
    State("an episode, presented", f"/app?{_EPISODE}&present=1"),
    State("an app at a moment", "/app?app=checkout&at=2026-11-20T00:00Z&days=7"),
    State("an app, presented", "/app?app=order-mail&present=1"),
    State("an address that does not apply", "/app?app=nope&days=1000"),
    State("reviews that are due", "/review"),
    State("a review before it begins", "/review?app=order-mail", opened=(_popover("panel-next-review"),)),
    State("no snapshots", "/snapshots"),
    State("no such snapshot", "/snapshots?snapshot=0123456789ab"),
    State("catalog", "/catalog", opened=(Opened("[data-testid=stExpander] summary", "[data-testid=stExpander]"), _MAP)),
    State("catalog, presented", "/catalog?present=1"),
    State("explore", "/explore?app=checkout", opened=(_FIND,)),
    State(
        "explore a metric",
        "/explore?app=checkout&source=demo&metric=checkout-availability&by=result&beside=week",
        opened=(_popover("explored-bar"), _popover("explored-files")),
    ),
    State("explore by a query of one's own", "/explore?app=checkout&source=demo&query=checkout-cpu"),
    State("what is different in an episode", "/explore?app=checkout&tab=different"),
    State("what is different where something is marked", f"/explore?app=checkout&tab=different&mark={_MARK}"),
    State("the workshop", "/explore?app=checkout&slo=latency&tab=workshop&tries=99.5-28d,95-7d-slices"),
    State("the workshop, once more", "/explore?app=checkout&slo=latency&tab=workshop&tries=99.5-28d"),
    State("the workshop on an SLI that is not agreed", f"/explore?app=checkout&tab=workshop&sli={_DRAFTED}"),
    State("guide", "/guide"),
    State("guide, presented", "/guide?present=1"),
    State("unknown page", "/nowhere"),
    State("overview with trouble", "/", "troubled"),
    State("an app whose source fails", "/app?app=unreachable", "troubled"),
    State("an app of many SLOs", "/app?app=many", "troubled", (Opened(".tm-rest summary", ".tm-rest .tm-tiles"),)),
    State("what changed since the last review", "/review?meeting={meeting}&step=since", "troubled"),
    State("a journey at a review", "/review?meeting={meeting}&step=journeys&present=1", "troubled"),
    State("what burned, at a review", "/review?meeting={meeting}&step=burned", "troubled"),
    State("what teams agreed to do before a review", "/review?meeting={meeting}&step=follow_ups", "troubled"),
    State(
        "what lies ahead, at a review", "/review?meeting={meeting}&step=ahead", "troubled", (_popover("risk-files"),)
    ),
    State("a review that closes", "/review?meeting={meeting}&step=close&present=1", "troubled"),
    State("actions", "/actions", "troubled"),
    State("all actions", "/actions?actions=all", "troubled"),
    State("postmortems", "/postmortems", "troubled"),
    State("a postmortem", "/postmortems?postmortem={postmortem}", "troubled"),
    State("what is decided at a review", "/review?meeting={meeting}&step=decide", "troubled"),
    State("snapshots", "/snapshots?app=checkout", "troubled"),
    State("a snapshot", "/snapshots?app=checkout&snapshot={newest}", "troubled", (_popover("delete"),)),
    State("two snapshots compared", "/snapshots?app=checkout&snapshot={newest}&other={oldest}", "troubled"),
    State("catalog with trouble", "/catalog", "troubled"),
    State("overview of nothing", "/", "empty"),
    State("explore with nothing to look at", "/explore", "empty"),
    State("an app of nothing", "/app", "empty"),
    State("snapshots of nothing", "/snapshots", "empty"),
    State("catalog of nothing", "/catalog", "empty"),
)


def bring(page: Page, world: World, state: State, ground: Ground, language: str) -> None:
    """Brings a page into a state, before anything is opened on it. The pointer leaves what might show a hint."""
    page.mouse.move(0, 0)
    changed = page.evaluate("() => matchMedia('(prefers-color-scheme: dark)').matches") != (ground == "dark")
    page.emulate_media(color_scheme=ground)
    join = "&" if "?" in state.path else "?"
    walk(page, f"{world.address}{world.filled(state.path)}{join}lang={language}", opened=changed)


def look_at(page: Page, state: State) -> list[str]:
    """What axe-core finds on a page in a state, and in what is opened on it, a line for each finding."""
    found = findings(page)
    for each in state.opened:
        found += _findings_in(page, each)
    return found


def look_at_large(page: Page) -> tuple[float, float]:
    """By how many pixels a page is too wide in forced colours at 200 percent (what is left of 1280×800), and its
    longest motion, in seconds."""
    before = page.viewport_size
    page.emulate_media(forced_colors="active")
    page.set_viewport_size({"width": 640, "height": 400})
    settle(page)
    found = (
        max(0, page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth - innerWidth")),
        page.evaluate(LONGEST),
    )
    page.emulate_media(forced_colors="none")
    if before is not None:
        page.set_viewport_size(before)
    return found


def walk(page: Page, address: str, opened: bool = False) -> None:
    """Walks to an address of the server that is open, where that may be, or opens it: a change of the theme draws the
    page again too, and Streamlit 1.67 can lose its connection when two runs overlap."""
    known = page.url.startswith(urljoin(address, "/")) and "/nowhere" not in page.url + address
    if opened or not known or not _walked(page, address):
        page.goto(address)
    settle(page)


def _walked(page: Page, address: str) -> bool:
    """Whether Streamlit takes up a new address: when it is just connecting anew, it does not."""
    page.evaluate(_WALK, address)
    try:
        page.wait_for_function("() => window.__heard", polling=50, timeout=10_000)
    except TimeoutError:
        return False
    return True


def _findings_in(page: Page, opened: Opened) -> list[str]:
    """What axe-core finds in something that is opened and closed again."""
    page.locator(opened.pressed).first.click()
    shown = page.locator(opened.shown).first
    expect(shown).to_be_visible()
    settle(page)
    found = findings(page, [opened.within] if opened.within else [opened.shown, opened.pressed])
    page.keyboard.press("Escape")
    if opened.shown.startswith("[role") or "Popover" in opened.shown:
        expect(shown).to_be_hidden()
    return found


def findings(page: Page, within: list[str] | None = None) -> list[str]:
    """What axe-core finds on a page as it is, or within selectors: rule, selector, HTML and reason."""
    context = {"include": [[selector] for selector in within] if within else [["html"]]}
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_AXE)
    found = page.evaluate(
        "([within, options]) => axe.run(within, options).then((all) => all.violations)", [context, _OPTIONS]
    )
    return [
        f"{each['id']}  {_selector(node)}  {node['html'][:160]}  {_reason(node)}"
        for each in found
        for node in each["nodes"]
        if not _is_streamlits_own(page, each["id"], _selector(node))
    ]


def _selector(node: Mapping[str, Any]) -> str:
    return " ".join(map(str, node["target"]))


def _reason(node: Mapping[str, Any]) -> str:
    return "; ".join(each["message"] for kind in ("any", "all", "none") for each in node[kind])


def _is_streamlits_own(page: Page, rule: str, selector: str) -> bool:
    matches = "([found, known]) => document.querySelector(found)?.matches(known) ?? false"
    known = [each for named, each, _ in STREAMLITS_OWN if named == rule]
    return any(page.evaluate(matches, [selector, each]) for each in known)


@contextmanager
def looking(browser: Browser) -> Iterator[Page]:
    """One page for many states."""
    context = browser.new_context(
        locale="en-GB", timezone_id="Asia/Tokyo", viewport={"width": 1280, "height": 800}, reduced_motion="reduce"
    )
    yield patient(context).new_page()
    context.close()


@contextmanager
def _worlds(folder: Path) -> Iterator[dict[str, World]]:
    """All worlds, each with a server."""
    with ExitStack() as stack:
        worlds = {}
        for make in (axe_worlds.demo, axe_worlds.troubled, axe_worlds.empty):
            (place := folder / make.__name__).mkdir()
            worlds[make.__name__] = stack.enter_context(make(place))
        yield worlds


def main() -> int:
    """Looks at every state (whose name has the words given) in every theme and language; 1 when there is a finding."""
    count, words = 0, sys.argv[1:]
    looks = [each for each in product(STATES, GROUNDS, LANGUAGES) if all(word in each[0].name for word in words)]
    with (
        tempfile.TemporaryDirectory() as folder,
        _worlds(Path(folder)) as worlds,
        chromium() as browser,
        looking(browser) as page,
    ):
        for state, ground, language in looks:
            bring(page, worlds[state.world], state, ground, language)
            found = look_at(page, state)
            count += len(found)
            head = f"{'✗' if found else '✓'} {state.name}, {ground}, {language}"
            sys.stdout.write("\n    ".join([head, *found]) + "\n")
    sys.stdout.write(f"{count} findings\n")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
