"""`init --source`: the first app of a source that the configuration has already; only its file is written."""

from __future__ import annotations

import os
import time
from pathlib import Path

from data_sources.errors import SourceError
from data_sources.kinds import KINDS
from tomoni.catalog.load import load
from tomoni.catalog.schema import Catalog
from tomoni.commands.checking import summary
from tomoni.commands.failures import Refusal, report_lines
from tomoni.commands.first_files import title_of
from tomoni.commands.next_steps import usual
from tomoni.commands.proposing import Wanted, proposed
from tomoni.commands.session import Session
from tomoni.exploring.draft import Draft
from tomoni.use_cases.first_app import faults, write_new
from tomoni.words import errors
from tomoni.words.app_file import app_lines
from tomoni.words.said_by_others import reason_of

_MOST_JOURNEYS = 5


def run(session: Session, folder: Path, source_id: str, app: str) -> int:
    """Proposes an app on what a source has and writes its file; returns the exit code. Raises Refusal."""
    text, file = session.text, f"apps/{app}.yaml"
    if (folder / file).exists():
        phrase = text._("Nothing is overwritten, and there is already: %(files)s; name another app by --app.")
        raise Refusal([phrase % {"files": text.quote(folder / file)}])
    draft = _draft(session, load(folder, os.environ), source_id, app)
    content = "\n".join(app_lines(draft, text)) + "\n"
    if found := faults(folder, file, content):
        raise Refusal(session.lines(found))
    _write(session, folder, file, content)
    catalog = load(folder, os.environ)
    session.done.say(text._("Wrote %(files)s.") % {"files": text.quote(folder / file)})
    report_lines(session.lines(catalog.problems))
    session.done.say(summary(catalog, catalog.problems, text))
    for line in (text._("Next:"), *usual(folder)):
        session.done.say(line)
    session.done.facts = {"folder": str(folder), "files": [file], "proposed": True}
    return 0


def _draft(session: Session, catalog: Catalog, source_id: str, app: str) -> Draft:
    """An app on what a source has. Raises Refusal where there is no such source, it does not answer or has nothing."""
    text, config = session.text, catalog.sources.get(source_id)
    if config is None:
        known = text.join([text.quote(each) for each in catalog.sources])
        phrase = text._("There is no source %(source)s that can be used; sources: %(known)s.")
        said = phrase % {"source": text.quote(source_id), "known": known or text._("none")}
        raise Refusal([*session.lines(catalog.errors), said])
    now = session.settings.now
    source = KINDS[config.kind].open(source_id, config, time.time if now is None else now.timestamp)
    try:
        at = int(time.time() if now is None else now.timestamp())
        wanted = Wanted(app, title_of(app), at, _MOST_JOURNEYS, catalog.settings.rules)
        draft = proposed(source, wanted, text)
    except SourceError as error:
        said = text.sentences(*errors.describe(error.code, error.facts, error.detail, text))
        raise Refusal([f"{source_id}: {said}"]) from None
    finally:
        source.close()
    if draft is None:
        raise Refusal([text._("Nothing was found that looks like requests, jobs or checks; nothing is written.")])
    return draft


def _write(session: Session, folder: Path, file: str, content: str) -> None:
    try:
        write_new(folder, file, content)
    except OSError as error:
        phrase = session.text._("%(folder)s cannot be written (%(reason)s); name another folder.")
        facts = {"folder": session.text.quote(folder), "reason": reason_of(error, session.text)}
        raise Refusal([phrase % facts]) from None
