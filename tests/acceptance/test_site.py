"""The documentation site is whole: every page is on it, every link leads somewhere, nothing comes from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser

from scripts import docs_site
from tomoni.languages import LANGUAGES
from tomoni.words import guide, states, terms
from tomoni.words.text import text_for

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return docs_site.build(tmp_path_factory.mktemp("docs"))


def pages(site: Path) -> list[Path]:
    return [page for page in site.rglob("*.html") if page.name != "404.html"]


def address_of(name: str) -> str:
    """Where a page of the repository is on the site."""
    return re.sub(r"(^|/)README\.md$", r"\1index.html", name).replace(".md", ".html")


def test_every_page_of_the_repository_is_on_the_site(site: Path) -> None:
    names = [source.relative_to(docs_site.ROOT).as_posix() for source in docs_site.sources(docs_site.ROOT)]
    assert [name for name in names if name.endswith(".md") and not (site / address_of(name)).is_file()] == []


def test_every_entry_of_the_navigation_exists_and_every_page_has_one(site: Path) -> None:
    config = (docs_site.ROOT / "docs/zensical.toml").read_text(encoding="utf-8")
    listed = re.findall(r'= "([^"]+\.md)"', config)
    there = {page.relative_to(site).as_posix() for page in pages(site)}
    assert {address_of(name) for name in listed} == there
    assert len(listed) == len(there)


def broken(page: Path) -> Iterator[str]:
    """The links and pictures of a page that lead nowhere on the site."""
    for link in re.findall(r'(?:href|src)="?([^"\s>]+)', page.read_text(encoding="utf-8")):
        path, _, anchor = unquote(unescape(link)).partition("#")
        target = page.parent / path if path else page
        if re.match(r"[a-z]+:", link):
            continue
        if not target.exists() or (anchor and target.suffix == ".html" and not has(target, anchor)):
            yield link


def has(page: Path, anchor: str) -> bool:
    return re.search(rf'id="?{re.escape(anchor)}["\s>]', page.read_text(encoding="utf-8")) is not None


def test_every_link_of_the_site_leads_somewhere(site: Path) -> None:
    found = {page.relative_to(site).as_posix(): list(broken(page)) for page in pages(site)}
    assert {name: links for name, links in found.items() if links} == {}


def test_a_page_loads_nothing_from_the_network(site: Path) -> None:
    for page in pages(site):
        written = page.read_text(encoding="utf-8")
        loaded = re.findall(r"<(?:link|script|img|iframe|source)\b[^>]*", written)
        assert [tag for tag in loaded if re.search(r'(?:href|src)="?(?:https?:)?//', tag)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guide_has_every_section_state_and_term_in_each_language(site: Path, language: str) -> None:
    text = text_for(language)
    shown = unescape((site / f"docs/guide/{language}.html").read_text(encoding="utf-8"))
    keys = [key for group in terms.GROUPS.values() for key in group]
    wanted = [terms.name(key, text) for key in keys] + [terms.meaning(key, text) for key in keys]
    wanted += [states.word(state, text) for state in states.ORDER]
    wanted += [text._(each.heading) for each in (guide.PURPOSE, guide.EXAMPLE, guide.JOINT_VIEW, guide.POLICY)]
    assert [words for words in wanted if words not in shown] == []
    assert "%(" not in shown


def test_signs_of_markdown_in_a_text_are_shown_as_they_are() -> None:
    assert docs_site.plain("a | *b* <c> `d`") == r"a \| \*b\* &lt;c&gt; \`d\`"


@pytest.mark.browser
def test_the_site_works_without_a_network(site: Path, browser: Browser) -> None:
    with browser.new_page() as page:
        requested: list[str] = []
        page.on("request", lambda request: requested.append(request.url))
        page.goto((site / "index.html").as_uri())
        page.get_by_role("link", name="読み方（日本語）").first.click()
        page.get_by_role("heading", name="Tomoni の読み方").wait_for()
    assert [url for url in requested if not url.startswith(("file:", "data:", "blob:"))] == []
