"""Builds the documentation site from the pages of the repository: ``python -m scripts.docs_site FOLDER``.

The pages keep their places, so that a link between two files works in the repository and on the site.
The guide has no page of its own: it is written here from the product's own texts, once a language.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from tomoni.languages import LANGUAGES
from tomoni.ui import worked_example
from tomoni.words import guide, states, terms
from tomoni.words.text import Text, text_for

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("*.md", "docs/**/*.md", "examples/**/*.md")
# Everything in these folders is part of a page; other files are copied because a page links to them.
PICTURES = "docs/pictures"


def build(folder: Path) -> Path:
    """Build the site below a folder; return the folder to open. Raises CalledProcessError when a page is wrong."""
    shutil.rmtree(folder, ignore_errors=True)
    pages = folder / "pages"
    for source in sources(ROOT):
        copy(source, pages / source.relative_to(ROOT))
    for language in LANGUAGES:
        write(pages / f"docs/guide/{language}.md", guide_page(text_for(language, worked_example.ZONE)))
    copy(ROOT / "docs/zensical.toml", folder / "zensical.toml")
    command = [sys.executable, "-m", "zensical", "build", "--strict", "--config-file", str(folder / "zensical.toml")]
    subprocess.run(command, check=True, cwd=folder)  # noqa: S603
    return folder / "site"


def sources(root: Path) -> list[Path]:
    """The pages, their pictures, and the files that they link to."""
    pages = [page for pattern in PAGES for page in root.glob(pattern)]
    linked = {target for page in pages for target in _linked(page)}
    return sorted({*pages, *linked, *(root / PICTURES).glob("*")})


def _linked(page: Path) -> Iterator[Path]:
    """The files that a page links to."""
    for link in re.findall(r"\]\(([^)\s#]+)", page.read_text(encoding="utf-8")):
        target = (page.parent / link).resolve()
        if target.is_file():
            yield target


def copy(source: Path, target: Path) -> None:
    """Copy a file into a folder that need not exist."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def write(target: Path, text: str) -> None:
    """Write a page into a folder that need not exist."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


def guide_page(text: Text) -> str:
    """The guide of one language as Markdown: the same texts in the same order as on ``/guide``."""
    facts = worked_example.facts(worked_example.example(), text)
    parts = [
        f"# {text._(guide.TITLE)}",
        section(guide.PURPOSE, text),
        section(guide.PAGES, text),
        section(guide.EXAMPLE, text, [text._(line) % facts for line in guide.EXAMPLE.lines]),
        picture(text),
        section(guide.JOINT_VIEW, text),
        states_table(text),
        section(guide.POLICY, text),
        section(guide.LINKS, text),
        glossary(text),
    ]
    return "\n\n".join(parts) + "\n"


def section(shown: guide.Section, text: Text, lines: Sequence[str] | None = None) -> str:
    """A heading with paragraphs or numbered steps."""
    written = [plain(line) for line in lines or [text._(line) for line in shown.lines]]
    body = [f"{n}. {line}" for n, line in enumerate(written, 1)] if shown.numbered else written
    return "\n\n".join([f"## {text._(shown.heading)}", ("\n" if shown.numbered else "\n\n").join(body)])


def picture(text: Text) -> str:
    """The joint view in the language of the page."""
    return f"![{text._(guide.JOINT_VIEW.heading)}](../pictures/app-light-{text.language}.png)"


def states_table(text: Text) -> str:
    """Every state with its icon, its word and its meaning."""
    rows = [
        f"| {states.label(state, text)} | {plain(states.meaning(state, text))} |" for state in reversed(states.ORDER)
    ]
    return "\n".join([f"## {text._(guide.STATES)}", "", "| | |", "|---|---|", *rows])


def glossary(text: Text) -> str:
    """Every term by its group."""
    parts = [f"## {text._(guide.TERMS)}"]
    for group, entries in terms.GROUPS.items():
        listed = [f"{plain(terms.name(key, text))}\n:   {plain(terms.meaning(key, text))}" for key in entries]
        parts += [f"### {text._(group)}", *listed]
    return "\n\n".join(parts)


def plain(words: str) -> str:
    """A text whose signs mean nothing in Markdown or HTML."""
    return re.sub(r"([\\`*_\[\]|])", r"\\\1", escape(words, quote=False))


if __name__ == "__main__":
    built = build(Path(sys.argv[1]).resolve())
    sys.stdout.write(f"Open {built / 'index.html'}\n")
