"""The workshop in words: candidates, what each would have meant, why an objective is suggested, and its YAML."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from data_sources.durations import format_duration
from tomoni.catalog.schema import Policy
from tomoni.slo.model import DAY, CalendarUnit, Definition, RollingWindow
from tomoni.slo.workshop import ENOUGH, Beginning, Reason, Suggested, Suggestion, Trial, TriedOut
from tomoni.words.app_file import value
from tomoni.words.explained import window
from tomoni.words.reach import out_of_reach
from tomoni.words.risks import minutes
from tomoni.words.text import NOTHING, Text, mark
from tomoni.words.windows import starts_at

Say = Callable[[Trial], str]
Cell = tuple[str, Say]
_REASONS = {
    Reason.HELD: mark("it would have held in every window of the history (the worst had %(achieved)s)"),
    Reason.COMFORTABLE: mark(
        "at least a quarter of its budget would have been left in the worst window (%(achieved)s)"
    ),
    Reason.RISKS: mark("the risks of the register (%(minutes)s a year) fit into its budget"),
}
# Before the history holds a whole window.
_SO_FAR = {
    Reason.HELD: mark("it would have held so far (%(achieved)s were good)"),
    Reason.COMFORTABLE: mark("at least a quarter of its budget would be left so far (%(achieved)s were good)"),
}


def heading(slo: str, text: Text) -> str:
    """The title of the workshop; without a name that of an SLI that no file has."""
    if not slo:
        return text._("What would an objective have meant for this SLI?")
    return text._("What would another objective have meant for “%(slo)s”?") % {"slo": slo}


def history(trial: Trial, text: Text) -> str:
    """Over which history all of it is."""
    return text._("tried on %(span)s") % {"span": text.span(trial.start, trial.end)}


def name(tried: TriedOut, text: Text) -> str:
    """A candidate, or what is agreed, in short."""
    definition = tried.trial.definition
    counted = text._("events") if definition.slices is None else text._("slices")
    said = text._("%(objective)s over %(window)s, %(counted)s") % {
        "objective": text.objective(definition.objective.percent),
        "window": window(definition.window, text),
        "counted": counted,
    }
    if tried.under:
        said = text._("%(candidate)s, within %(threshold)s") % {"candidate": said, "threshold": tried.under}
    return text._("as agreed: %(candidate)s") % {"candidate": said} if tried.agreed else said


def _window_yaml(definition: Definition) -> str:
    """A window as a file has it."""
    agreed = definition.window
    if isinstance(agreed, RollingWindow):
        return f"{agreed.seconds // DAY}d"
    keys = {"calendar": agreed.unit.value}
    if agreed.first_month != 1 and agreed.unit in (CalendarUnit.QUARTER, CalendarUnit.YEAR):
        keys["first_month"] = str(agreed.first_month)
    if agreed.first_day != 1:
        keys["first_day"] = str(agreed.first_day)
    if agreed.start_minutes:
        keys["starts_at"] = f'"{starts_at(agreed)}"'
    return "{" + ", ".join(f"{key}: {value}" for key, value in keys.items()) + "}"


def rows(tried: Sequence[TriedOut], policy: Policy | None, text: Text) -> list[list[str]]:
    """What each candidate would have meant, a row a figure; a dash where nothing was counted that could tell."""
    trials = [each.trial for each in tried]
    cells: list[Cell] = [
        (text._("Budget left now"), _now(lambda t: text.budget(t.figures.remaining))),
        (text._("Bad events or slices that are allowed"), _now(lambda t: text.count(t.figures.allowed_bad))),
        (text._("Least left in a window"), lambda t: _worst(t, text)),
        (text._("Episodes in the newest window"), _now(lambda t: text.count(len(t.ledger.episodes)))),
        (text._("Pages in the history"), _ever(lambda t: text.count(len(t.pages)))),
        (text._("Tickets in the history"), _ever(lambda t: text.count(len(t.tickets)))),
        *((label, _ever(cell)) for label, cell in _levels(policy, text)),
        (text._("Budget a year that risks leave"), lambda t: _minutes(t.risks.unallocated_minutes, text)),
    ]
    if any(trial.seen for trial in trials):
        cells.append((text._("Incidents that would have paged"), lambda t: _noticed(t, text)))
        cells.append((text._("Pages outside of incidents"), lambda t: text.count(t.unexplained_pages)))
    return [[label, *(cell(trial) for trial in trials)] for label, cell in cells]


def _now(say: Say) -> Say:
    """What is said of the newest window, where anything was counted in it."""
    return lambda trial: say(trial) if trial.figures.total > 0 else NOTHING


def _ever(say: Say) -> Say:
    """What is said of the history, where anything was counted in it."""
    return lambda trial: say(trial) if trial.counted else NOTHING


def beside_table(tried: Sequence[TriedOut], text: Text) -> list[str]:
    """What is to be known of the numbers: budgets that are none, and pages that can never come."""
    said = dict.fromkeys(out_of_reach(each.trial.definition, text) for each in tried)
    if any(each.trial.definition.objective.allowance == 0 for each in tried):
        said = {
            text._("An objective of 100% leaves no budget: one bad event misses it, and no burn rate can alert."): None
        } | said
    return [each for each in said if each]


def _levels(policy: Policy | None, text: Text) -> list[Cell]:
    def days(below: float) -> Say:
        return lambda trial: text.number(trial.days_at.get(below, 0.0), 1)

    levels = policy.levels if policy else ()
    return [
        (text._("Days at “%(level)s”") % {"level": level.title(text.language)}, days(level.below)) for level in levels
    ]


def _minutes(value: float | None, text: Text) -> str:
    return text._("%(minutes)s min") % {"minutes": minutes(value, text)}


def _worst(trial: Trial, text: Text) -> str:
    if not trial.worst:
        return NOTHING
    window = trial.worst[0]
    return text._("%(left)s until %(day)s") % {
        "left": text.budget(window.remaining),
        "day": text.day(window.end, False),
    }


def _noticed(trial: Trial, text: Text) -> str:
    paged = sum(each.page_after is not None for each in trial.seen)
    return text._("%(paged)s of %(all)s") % {"paged": text.count(paged), "all": text.count(len(trial.seen))}


def reasons(suggestion: Suggestion, whole: bool, text: Text) -> str:
    """Why an objective is suggested; ``whole`` is whether the history holds a whole window."""
    known = _REASONS if whole else _REASONS | _SO_FAR
    facts = {"achieved": text.sli(suggestion.achieved), "minutes": _minutes(suggestion.risk_minutes, text)}
    said = [text._(known[reason]) % facts for reason in suggestion.reasons]
    why = text.join(said)
    return why if suggestion.held else text._("%(reasons)s, but the history would not have kept it") % {"reasons": why}


def beside_steps(found: Beginning, text: Text) -> list[str]:
    """What is to be known of the objectives that are suggested, or why there are none."""
    if found.achieved is None:
        return [text._("Nothing was counted in this history: it cannot tell which objective to begin with.")]
    said = []
    if found.agreed is not None:
        facts = {"objective": text.objective(found.agreed.objective.percent)}
        facts["reasons"] = reasons(found.agreed, found.whole, text)
        said.append(text._("%(objective)s is agreed already: %(reasons)s.") % facts)
    none = not found.steps and found.agreed is None
    if none and not found.too_few:
        facts = {"achieved": text.sli(found.achieved)}
        said.append(text._("No usual step would have held: the worst window had %(achieved)s.") % facts)
    if not found.whole:
        facts = {"length": text.duration(found.seconds)}
        said.append(text._("The history of %(length)s is shorter than one window: a whole one will tell more.") % facts)
    if found.too_few:
        few = text._("Stricter steps are left out: a window would allow fewer than %(few)s bad events or slices.")
        if none:
            few = text._("Too little happened to suggest a step: a window would allow fewer than %(few)s bad events.")
        said.append(few % {"few": text.count(ENOUGH)})
    return said


def within(share: float, text: Text) -> str:
    """Why a threshold is suggested."""
    return text._("%(share)s of all events of the history were as fast") % {"share": text.sli(share)}


def thresholds(found: Suggested, text: Text) -> Iterator[tuple[str, str, bool]]:
    """Each threshold that is suggested, why, and whether it is agreed already."""
    for under, share in found.within.items():
        yield under, within(share, text), under == found.agreed_under


def agreed_threshold(under: str, why: str, text: Text) -> str:
    """That a suggested threshold is in force."""
    return text._("within %(threshold)s is agreed already: %(why)s.") % {"threshold": under, "why": why}


def suggestions(found: Suggested, text: Text) -> list[str]:
    """Where to begin, a line each: every step and threshold with its reasons, and what is to be known of them."""
    whole, said = found.beginning.whole, []
    for step in found.beginning.steps:
        facts = {"what": text.objective(step.objective.percent), "why": reasons(step, whole, text)}
        said.append(text._("%(what)s – %(why)s") % facts)
    said += beside_steps(found.beginning, text)
    for under, why, agreed in thresholds(found, text):
        facts = {"what": text._("within %(threshold)s") % {"threshold": under}, "why": why}
        said.append(agreed_threshold(under, why, text) if agreed else text._("%(what)s – %(why)s") % facts)
    return said


def begun_over(tried: Sequence[TriedOut], text: Text) -> str:
    """The window and the method that objectives are suggested for: those of the last candidate."""
    definition = tried[-1].trial.definition
    counted = text._("events") if definition.slices is None else text._("slices")
    return text._("over %(window)s, %(counted)s") % {"window": window(definition.window, text), "counted": counted}


def yaml_of(slo_id: str, definition: Definition, sli: str = "") -> str:
    """The lines of an SLO in its app's file that a candidate takes the place of; ``sli`` where that is another one."""
    lines = [f"- id: {slo_id}", f"  objective: {definition.objective.percent}", f"  window: {_window_yaml(definition)}"]
    if definition.slices is not None:
        slices = definition.slices
        sliced = f"{{length: {format_duration(slices.length_seconds)}, target: {slices.target_percent}}}"
        lines += ["  method: timeslices", f"  slice: {sliced}"]
    return "\n".join([*lines, f"  sli: {sli}"] if sli else lines)


def sli_yaml(source: str, sli: Mapping[str, object]) -> str:
    """An SLI on one line, as a file has it."""
    pairs = ", ".join(f"{key}: {value(written)}" for key, written in {"source": source, **sli}.items())
    return f"{{{pairs}}}"


@dataclass(frozen=True, slots=True)
class Page:
    """What goes to the meeting: the SLO's title, what was tried, the lines of each for the app's file, where to begin,
    and the policy whose levels are told."""

    title: str
    tried: Sequence[TriedOut]
    yaml: Sequence[str]
    suggested: Suggested
    policy: Policy | None


def one_page(page: Page, text: Text) -> str:
    """One page for the meeting, in Markdown."""
    names = [name(each, text) for each in page.tried]
    table = [["", *names], ["---"] * (len(names) + 1), *rows(page.tried, page.policy, text)]
    body = "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in table)
    head = f"# {heading(page.title, text)}\n\n{history(page.tried[0].trial, text)}"
    where = text._("Where to begin")
    begun = f"## {where} ({begun_over(page.tried, text)})"
    listed = "\n".join(f"- {line}" for line in suggestions(page.suggested, text))
    code = "\n\n".join(page.yaml)
    return f"{head}\n\n{body}\n\n{begun}\n\n{listed}\n\n```yaml\n{code}\n```\n"
