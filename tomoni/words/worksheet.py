"""The worksheet of a journey: its answers as YAML for the app's file, and as a sheet of paper to fill in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from html import escape
from textwrap import wrap

from tomoni.catalog.peak_lines import keys_of, peak_keys
from tomoni.catalog.profile import Profile
from tomoni.catalog.schema import App, Journey
from tomoni.words.app_file import scalar
from tomoni.words.profiles import APP_QUESTIONS, ASKED_OF_JOURNEYS, answer_lines, peak_words
from tomoni.words.text import Text, mark

LISTS = frozenset({"depends_on", "steps"})
_LINES = 3
_WIDTH = 100
_HOW = mark("Which counts or durations show it (the SLI), and what is agreed already?")
_OBJECTIVE = mark("Which objective and window will be tried first in the workshop?")
Answers = Mapping[str, str]  # what was typed, by the key of the file; of lists one part a line


@dataclass(frozen=True, slots=True)
class Answered:
    """What was typed for an app, and for one of its journeys if it has any."""

    app: App
    of_app: Answers
    journey: Journey | None = None
    of_journey: Answers = field(default_factory=dict)


def peak_help(text: Text) -> str:
    """How a peak is written on the worksheet, so that the figures can mark it."""
    return text._(
        "One a line, with its time: “Closing: 2026-12-24 to 2026-12-26”, “Rush: weekdays 17:00-19:00”, "
        "“Payday: 25th of each month” or “Month-end: last day of each month 09:00-18:00”."
    )


def worksheet_yaml(answered: Answered, today: date, text: Text) -> str:
    """The keys to put into the file of an app. Peaks are asked for in words; one without a time that is understood
    becomes a comment that says how it is written. What is repeated begins ``today``."""
    app, journey = answered.app, answered.journey
    lines = ["# " + text._("Put these keys into %(file)s.") % {"file": app.file}, f"app: {scalar(app.id)}"]
    lines += _keys(answered.of_app, "")
    lines += _peaks(app.profile, answered.of_app.get("peaks", ""), today, text)
    if journey is not None and any(answer.strip() for answer in answered.of_journey.values()):
        lines += ["journeys:", f"  - id: {scalar(journey.id)}", *_keys(answered.of_journey, " " * 4)]
        peaks = _peaks(journey.profile, answered.of_journey.get("peaks", ""), today, text)
        lines += [" " * 4 + line for line in peaks]
    return "\n".join(lines) + "\n"


def _keys(answers: Answers, indent: str) -> list[str]:
    lines = []
    for key, typed in answers.items():
        parts = [part.strip() for part in typed.splitlines() if part.strip()]
        if not parts or key == "peaks":
            continue
        if key in LISTS:
            lines += [f"{indent}{key}:", *(f"{indent}  - {scalar(part)}" for part in parts)]
        else:
            lines.append(f"{indent}{key}: {scalar(' '.join(parts))}")
    return lines


def _peaks(profile: Profile, typed: str, today: date, text: Text) -> list[str]:
    """The key ``peaks``: what the file has already stays as it is, as long as its line does."""
    known = {peak_words(peak, text): keys_of(peak, peak.title(text.language)) for peak in profile.peaks}
    parts = [part.strip() for part in typed.splitlines() if part.strip()]
    read = [(part, known.get(part) or peak_keys(part, today)) for part in parts]
    unread = [part for part, keys in read if keys is None]
    lines = [f"# peaks: {part}" for part in unread]
    if unread:
        lines += [f"# {line}" for line in wrap(peak_help(text), _WIDTH)]
    entries = [keys for _, keys in read if keys is not None]
    lines += ["peaks:"] if entries else []
    for keys in entries:
        first, *others = [f"{key}: {scalar(value)}" for key, value in keys.items()]
        lines += [f"  - {first}", *(f"    {other}" for other in others)]
    return lines


def worksheet_paper(app: App, text: Text) -> str:
    """A page of HTML to print: every question with what is known, and lines for what is not."""
    title = text._("Worksheet: %(app)s") % {"app": app.title(text.language)}
    made = [f"<h1>{escape(title)}</h1>", _lead(text)]
    made += [_question(each.question, answer_lines(app.profile, each.key, text), text) for each in APP_QUESTIONS]
    for journey in app.journeys:
        made.append(f"<h2>{escape(journey.title(text.language))}</h2>")
        for each in ASKED_OF_JOURNEYS:
            made.append(_question(each.question, answer_lines(journey.profile, each.key, text), text))
        made += [_question(each, known, text) for each, known in _measured(journey, text)]
    style = (
        "body{font:15px/1.5 sans-serif;margin:2cm;max-width:17cm}h2{margin-top:1.4em;break-after:avoid}"
        "section{break-inside:avoid;margin:1em 0}b{display:block}"
        "i{display:block;border-bottom:1px solid #999;height:2em}"
    )
    head = f"<meta charset='utf-8'><title>{escape(title)}</title><style>{style}</style>"
    return f"<!doctype html><html lang='{text.language}'><head>{head}</head><body>{''.join(made)}</body></html>"


def _measured(journey: Journey, text: Text) -> list[tuple[str, list[str]]]:
    """What leads from the answers to an SLI and an objective: what is agreed already, else lines to fill in."""
    agreed = [
        f"{slo.title(text.language)}: {text.objective(slo.objective.percent if slo.objective else None)}"
        for slo in journey.slos
    ]
    return [(_HOW, agreed), (_OBJECTIVE, [])]


def _lead(text: Text) -> str:
    said = text._(
        "The app team knows the users and what it is worth; the infrastructure team knows what can be measured."
        " Fill it in together; what nobody knows yet stays empty."
    )
    return f"<p>{escape(said)}</p>"


def _question(question: str, known: list[str], text: Text) -> str:
    filled = "".join(f"<p>{escape(line)}</p>" for line in known) or "<i></i>" * _LINES
    return f"<section><b>{escape(text._(question))}</b>{filled}</section>"
