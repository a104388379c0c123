"""The texts of the guide, as msgids: the page and the documentation site show the same ones."""

from __future__ import annotations

from dataclasses import dataclass

from tomoni.words.text import mark

TITLE = mark("How to read Tomoni")
STATES = mark("The states of a budget")
TERMS = mark("All terms")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its paragraphs, or with numbered steps."""

    heading: str
    lines: tuple[str, ...]
    numbered: bool = False


PURPOSE = Section(
    mark("What it is for"),
    (
        mark("Tomoni is for two teams together: the team of an app and the team of the infrastructure below it."),
        mark(
            "It shows what users noticed, what the infrastructure did, and how much room is left for "
            "mistakes and for change."
        ),
        mark(
            "It is about systems, never about people. Asking what a word or a number means is always a good question."
        ),
    ),
)
EXAMPLE = Section(
    mark("An example with numbers"),
    (
        mark("A shop wants its customers to place orders. That is a critical user journey."),
        mark("Each order is an event; it is good when it goes through. Good orders ÷ all orders is the SLI."),
        mark("Both teams agree that %(objective)s of the orders of four weeks should go through. That is the SLO."),
        mark("%(total)s orders came in, so %(allowed)s of them may fail: that is the error budget. %(bad)s failed."),
        mark("%(bad)s of %(allowed)s were spent, so %(left)s of the budget is left, and the SLI is %(sli)s."),
        mark(
            "In one hour, marked A, 40 of 150 orders failed. That is a burn rate of %(burn)s: at that pace the budget "
            "of four weeks is gone within %(gone)s."
        ),
    ),
    numbered=True,
)
PAGES = Section(
    mark("What each page is for"),
    (
        mark(
            "The overview has every SLO, worst first, and when each app burned its budget. Choose a team to see what "
            "changed within a week, what needs a look and what is due; the browser remembers the choice."
        ),
        mark("The page of an app has a card for each SLO of a journey, and the joint view below them."),
        mark(
            "Review leads both teams through their meeting in six steps, on the same numbers for everybody. What is "
            "written there, decided and promised comes back at the next one."
        ),
        mark(
            "Actions and postmortems of all apps have lists of their own: what is open and by when, and what was "
            "learned from incidents."
        ),
        mark(
            "Snapshots are what the page of an app showed at a moment, with your notes. They can be compared, "
            "downloaded, and shown to others as they were."
        ),
        mark("Explore shows any metric of a source beside an SLO, without a query language, and what was earlier."),
        mark("The catalog has what is configured, what is missing or wrong, and whether each source answers."),
    ),
)
JOINT_VIEW = Section(
    mark("How to read the joint view"),
    (
        mark(
            "All rows share one time axis. Point at any of them: a line runs through all rows, and one "
            "label shows all values."
        ),
        mark(
            "Success is what users experienced, drawn by nines so that small shares of bad events can be read. The "
            "dashed line is the objective; below it, budget is spent faster than its pace."
        ),
        mark(
            "Budget left has two lines. The bold one starts at 100% with the period and only falls: it is "
            "what the period spent. The other is the budget of the SLO's own window: it rises again when "
            "bad days drop out of the window."
        ),
        mark("The dashed slope is even pace. Above it the budget outlasts the period; below it, it does not."),
        mark("Traffic shows how many events there were: few events make a percentage jump."),
        mark(
            "Below are the signals of the infrastructure, each with its unit and its limit as a dashed "
            "line. What moves at the same time as success is a hint where to look, not a cause."
        ),
        mark("Hatched areas have no data. That is neither zero nor success: it is unknown."),
        mark("Cross-hatched areas are exclusions: agreed times that do not count, listed with their reasons."),
        mark(
            'Shaded areas with a letter are burn episodes, in which the budget burned noticeably. "What '
            'burned the budget" lists them with all the rest, and adds up to everything that was spent.'
        ),
        mark(
            "Choose a letter to look closer: every row then shows that time, and each signal is compared "
            "with its usual values at these hours, with how far it moved and whether it began before or "
            "after. Press Esc to go back."
        ),
        mark(
            "A dotted line after the newest data is the forecast. It is drawn only where the budget runs "
            "out or recovers soon, and it is not a promise."
        ),
        mark('Drag across the figure to zoom in; "Whole period", Esc or a double click shows all of it again.'),
    ),
    numbered=True,
)
POLICY = Section(
    mark("What the policy means"),
    (
        mark(
            "A policy states what both teams do when little budget is left. They agree on it in advance, so"
            " that nobody has to argue about it while the budget burns."
        ),
        mark(
            "Beside the figure, or below it on a small screen, are the current level, how long it has applied, and "
            "what was agreed for it. Tomoni shows it; people decide."
        ),
    ),
)
LINKS = Section(
    mark("Links, moments and keys"),
    (
        mark(
            'Everything you choose is in the address. "Copy link" copies an address that shows everybody '
            "the same numbers."
        ),
        mark('"Freeze" holds the page at its moment; "Back to live" follows the newest data again.'),
        mark(
            '"Last month" and "Other period" show a month, week, quarter or day from its first to its last moment, by '
            "the clocks of the app's time zone."
        ),
        mark(
            "P starts presentation mode for a shared screen. There ← and → step through the journeys of an app, E "
            "through the episodes and A through the apps; Esc goes back to the whole period, then ends the mode."
        ),
        mark(
            '"How is this calculated?" on a card shows what was counted, over which time, and the queries '
            "that were sent."
        ),
    ),
)
