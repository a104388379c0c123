"""The worksheet of a journey: its answers as YAML for the app's file, and as a sheet of paper to fill in."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from tomoni.catalog.schema import App, Journey
from tomoni.words.app_file import scalar
from tomoni.words.profiles import APP_QUESTIONS, EXPECTED_OF_JOURNEYS, answer_lines
from tomoni.words.text import Text, mark

LISTS = frozenset({"depends_on", "steps"})
_LINES = 3
_HOW = mark("Which counts or durations show it (the SLI), and what is agreed already?")
_OBJECTIVE = mark("Which objective and window will be tried first in the workshop?")
Answers = Mapping[str, str]  # what was typed, by the key of the file; of lists one part a line


def worksheet_yaml(app: App, journey: Journey | None, of_app: Answers, of_journey: Answers, text: Text) -> str:
    """The keys to put into the file of an app. Peaks are asked for in words, and become a comment."""
    lines = ["# " + text._("Put these keys into %(file)s.") % {"file": app.file}, f"app: {scalar(app.id)}"]
    lines += _keys(of_app, "")
    if journey is not None and any(answer.strip() for answer in of_journey.values()):
        lines += ["journeys:", f"  - id: {scalar(journey.id)}", *_keys(of_journey, " " * 4)]
    return "\n".join(lines) + "\n"


def _keys(answers: Answers, indent: str) -> list[str]:
    lines = []
    for key, typed in answers.items():
        parts = [part.strip() for part in typed.splitlines() if part.strip()]
        if not parts:
            continue
        if key == "peaks":
            lines += [f"{indent}# peaks: {part}" for part in parts]
        elif key in LISTS:
            lines += [f"{indent}{key}:", *(f"{indent}  - {scalar(part)}" for part in parts)]
        else:
            lines.append(f"{indent}{key}: {scalar(' '.join(parts))}")
    return lines


def worksheet_paper(app: App, text: Text) -> str:
    """A page of HTML to print: every question with what is known, and lines for what is not."""
    title = text._("Worksheet: %(app)s") % {"app": app.title(text.language)}
    made = [f"<h1>{escape(title)}</h1>", _lead(text)]
    made += [_question(each.question, answer_lines(app.profile, each.key, text), text) for each in APP_QUESTIONS]
    for journey in app.journeys:
        made.append(f"<h2>{escape(journey.title(text.language))}</h2>")
        for each in EXPECTED_OF_JOURNEYS:
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
        f"{slo.title(text.language)}: {text.percent(slo.objective.ratio if slo.objective else None)}"
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
