"""What the sentences say, and that untrusted texts cannot do harm in them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from data_sources.base import Finding, Notice
from tests.tables import table
from tomoni.catalog.schema import Problem, Severity, Spot
from tomoni.languages import LANGUAGES
from tomoni.review.model import SourceProblem
from tomoni.slo.model import State
from tomoni.words import errors, exports, notices, problems, states, terms
from tomoni.words.phrases import COUNTED, Phrase, plain
from tomoni.words.text import Text, text_for

EN, JA = text_for("en"), text_for("ja")


def problem(code: str, severity: Severity = Severity.ERROR, **facts: str | int | float) -> Problem:
    return Problem(Spot("config/apps/shop.yaml", 7), severity, code, facts)


def test_a_problem_is_one_line_with_place_matter_and_hint() -> None:
    typo = problem("unknown_key", key="objetive", nearest="objective", known="id, objective")
    assert problems.line(typo, EN) == (
        "config/apps/shop.yaml:7: The key “objetive” is not known here; "
        "did you mean “objective”? Known here: id, objective"
    )
    assert problems.line(typo, JA) == (
        "config/apps/shop.yaml:7: キー「objetive」はここでは使えません; "
        "「objective」ではありませんか。使えるキー: id, objective"
    )


def test_without_a_near_key_the_known_ones_are_named() -> None:
    what, hint = problems.describe(problem("unknown_key", key="zzz", nearest="", known="id, title"), EN)
    assert (what, hint) == ("The key “zzz” is not known here.", "Use one of: id, title.")


def test_without_anything_to_choose_from_no_empty_list_is_shown() -> None:
    orphan = problem("unknown_app", app="checkout", nearest="", known="")
    assert problems.line(orphan, EN) == "config/apps/shop.yaml:7: There is no app “checkout”; none are defined yet"
    assert problems.describe(orphan, JA)[1] == "まだ何も定義されていません。"


def test_a_warning_says_that_it_is_one() -> None:
    slip = problem("objective_looks_like_ratio", Severity.WARNING, written="0.999", meant="99.9")
    assert problems.line(slip, EN).startswith("config/apps/shop.yaml:7: Warning: An objective of 0.999 means")


def test_a_problem_of_a_whole_file_is_told_of_its_first_line() -> None:
    empty = Problem(Spot("config/sources.yaml"), Severity.ERROR, "file_empty")
    assert problems.line(empty, EN).startswith("config/sources.yaml:1: The file is empty; ")


@table(
    ("facts", "hint"),
    [
        ({"at_least": 1, "at_most": 64}, "Write a number of at least 1 and of at most 64."),
        ({"above": 0.5}, "Write a number above 0.5."),
    ],
)
def test_a_range_is_told_with_the_ends_that_it_has(facts: dict[str, float], hint: str) -> None:
    assert problems.describe(Problem(Spot("a.yaml", 1), Severity.ERROR, "out_of_range", facts), EN)[1] == hint


def test_a_source_that_failed_while_it_was_checked_is_named() -> None:
    failed = problem(
        "source_failed", source="gcp", error="access_denied", reason="no_credentials", detail="", queries=3
    )
    assert problems.describe(failed, EN)[0] == "Source gcp: There are no Google credentials."


def test_a_code_that_two_rooms_share_is_told_with_the_facts_that_it_has() -> None:
    written = problem("unknown_placeholder", placeholder="$step", known="$window")
    asked = problem("unknown_placeholder", placeholder="$step", role="good")
    assert problems.describe(written, EN)[0] == problems.describe(asked, EN)[0]


def test_a_reason_tells_an_error_more_exactly() -> None:
    assert errors.describe("unreachable", {}, "", EN)[0] == "The source cannot be reached."
    assert (
        errors.describe("unreachable", {"reason": "refused"}, "", EN)[0]
        == "Nothing is listening at the source's address."
    )
    assert errors.describe("unreachable", {"reason": "something new"}, "", EN)[0] == "The source cannot be reached."


def test_a_finding_may_be_an_error_with_the_sources_own_text() -> None:
    what, _ = notices.describe_finding(Finding("error", "query_refused", {"detail": "parse error"}), EN)
    assert what == "The source refused the query. It reported: parse error."


def test_lengths_ratios_and_moments_in_facts_are_written_for_readers() -> None:
    assert notices.describe(Notice("partly_observed", {"coverage": 0.9934}), EN).startswith("99.34% of the window")
    told = notices.describe(Notice("not_up_to_date", {"until": 1795000000, "wanted": 1795003600}), EN)
    assert told.startswith("The newest data is from 18 Nov, 11:06 UTC; it should reach 18 Nov, 12:06 UTC.")
    slow = Finding("warning", "scrape_interval", {"scrape_seconds": 120, "bucket_seconds": 300, "role": "total"})
    assert notices.describe_finding(slow, EN)[0].startswith("The source takes a sample every 2 min; a bucket of 5 min")


NAMES = re.compile(r"%\((?:app|file|folder|host|journey|key|label|metric|name|project|role|slo|source)\)s")


def test_each_length_of_a_list_is_written_for_readers() -> None:
    found = problem("windows_cut", windows="25m, 90m", used="20m, 80m", part="bucket", length="20m")
    assert "over 25 min, 1 h 30 min are those of the last 20 min, 1 h 20 min, for" in problems.line(found, EN)
    assert "25分、1時間30分のバーンレートは、実際には直近20分、1時間20分の" in problems.line(found, JA)


@pytest.mark.parametrize("name", ["السلة", "סל קניות", "Cart \u202eabc", "٣ طلبات"])
def test_a_name_of_another_direction_is_isolated_within_a_sentence(name: str) -> None:
    assert text_for("en").quote(name) == f"“\u2068{name}\u2069”"
    assert text_for("ja").quote(name) == f"「\u2068{name}\u2069」"
    assert text_for("en").join([name, "platform"]) == f"\u2068{name}\u2069 and platform"
    assert text_for("en").listed(["platform", name]) == f"platform, \u2068{name}\u2069"


@pytest.mark.parametrize("name", ["Checkout", "購入手続き", "Zürich 3", "a–b", ""])
def test_other_names_are_written_as_they_are(name: str) -> None:
    assert text_for("en").quote(name) == f"“{name}”"


@table("phrase", sorted({*problems.TABLE, *notices.FINDINGS, *errors.TABLE, *exports.TABLE}))
def test_names_within_sentences_are_quoted_and_nothing_stands_between_them_and_japanese(phrase: str) -> None:
    table = {**problems.TABLE, **notices.FINDINGS, **errors.TABLE, **exports.TABLE}
    for msgid in (table[phrase].what, table[phrase].hint, table[phrase].near, table[phrase].one):
        # What is a label before a colon, or within braces, is typed as it is.
        names = [found[0] for found in NAMES.finditer(msgid) if not re.match(r"[:}]|: …", msgid[found.end() :])]
        for text, (opening, closing) in ((EN, "“”"), (JA, "「」")):
            shown, _ = Phrase(msgid).describe({name[2:-2]: "a-name" for name in names}, text)
            assert shown.count(f"{opening}a-name{closing}") == len(names), shown
            assert not re.search(r"[^\x00-\x7f、。（）(] 「|」 [^\x00-\x7f]", shown), shown


def test_numbers_are_not_quoted_and_each_of_several_names_is() -> None:
    out = problem("objective_out_of_range", written="105")
    assert problems.describe(out, EN)[0] == "An objective of 105 is not possible."
    near = problem("unknown_key", key="x", nearest="slo, sli", known="")
    assert problems.describe(near, EN)[1].startswith("Did you mean “slo”, “sli”?")


@table("detail", ["\x1b[31mred\x1b[0m", "a\nb\r\nc", "\x00\x07", "\u202eoverride"])
def test_a_sources_text_cannot_steer_a_terminal_or_break_a_line(detail: str) -> None:
    what, _ = errors.describe("server_failed", {}, detail, EN)
    assert what.isprintable()
    assert problems.line(problem("unknown_key", key=detail, nearest="", known=""), EN).isprintable()


def test_a_sources_text_that_looks_like_a_placeholder_stays_text() -> None:
    assert errors.describe("server_failed", {}, "100%(x)s %d", EN)[0].endswith("It reported: 100%(x)s %d.")
    assert "%(nearest)s" in problems.describe(problem("unknown_key", key="%(nearest)s", nearest="", known=""), EN)[0]


def test_a_long_text_is_shortened() -> None:
    assert plain("x" * 1000) == "x" * 299 + "…"


def test_every_state_has_an_icon_of_its_own_and_words() -> None:
    assert [states.icon(state) for state in State] == ["?", "◐", "○", "■", "▲", "●"]
    assert len({states.word(state, EN) for state in State}) == len(State) == len(states.ORDER)
    assert states.label(State.AT_RISK, JA) == "▲ 要注意"
    assert all(states.meaning(state, text) for state in State for text in (EN, JA))


def test_a_failing_source_says_since_when_its_numbers_are_old() -> None:
    down = SourceProblem("prometheus", "unreachable", "", {"reason": "refused"}, 1795000000, 1795003600, 1794999700)
    assert errors.source_line(down, EN) == (
        "prometheus: Nothing is listening at the source's address. "
        "It last answered on 18 Nov, 11:01 UTC; the data stored up to then is shown. "
        "Check that it is running, and its address and port in sources.yaml."
    )
    never = SourceProblem("prometheus", "timed_out", "", {}, 1795000000, 1795003600, None)
    assert "No data of what this concerns is stored yet." in errors.describe_source(never, EN)[0]


# The vocabulary of the product; the guide must explain all of it.
VOCABULARY = {
    "App", "Critical user journey (CUJ)", "SLI (service level indicator)", "SLO (service level objective)", "Objective",
    "Window", "Error budget", "Budget left", "Burn rate", "Bucket", "Ledger", "Coverage", "Burn episode",
    "Infra signal", "Review", "Snapshot", "Error budget policy", "Risk",
    "Profile", "Worksheet", "Peak", "Journey map", "Saved view", "Workshop", "Candidate",
}  # fmt: skip


def test_the_glossary_explains_the_whole_vocabulary() -> None:
    assert {term.name for term in terms.TERMS.values()} >= VOCABULARY
    assert len(terms.TERMS) == sum(len(group) for group in terms.GROUPS.values())


@table("key", sorted(terms.TERMS))
def test_a_term_is_explained_in_one_or_two_sentences(key: str) -> None:
    assert 1 <= len(re.findall(r"[.!?](?=\s|$)", terms.meaning(key, EN))) <= 3
    assert 1 <= terms.meaning(key, JA).count("。") <= 3 or key == "state"
    assert terms.name(key, JA)


@table("language", list(LANGUAGES))
def test_nothing_is_ever_said_to_be_the_cause_of_something(language: str) -> None:
    text = text_for(language)
    for key in terms.TERMS:
        assert not re.search(r"caused by|because of|のせい", terms.meaning(key, text))


def test_lengths_that_were_written_are_said_in_words() -> None:
    slices = problem("slice_not_whole", slice="870m", bucket="5m")
    found = [code for code in problems.TABLE if "%(slice)s" in problems.TABLE[code].what]
    said = problems.describe(replace(slices, code=found[0]), EN)[0]
    assert said == "A slice of 14 h 30 min is not a multiple of the bucket (5 min)."
    assert problems.describe(problem("file_too_large", bytes=2**20), EN)[0] == "The file is larger than 1 MiB."


@pytest.mark.parametrize("code", [code for code in notices.TABLE if code != "numerator_not_part"])
@pytest.mark.parametrize("text", [EN, JA], ids=LANGUAGES)
def test_one_of_something_is_told_in_the_singular(code: str, text: Text) -> None:
    said, _ = notices.TABLE[code].describe(dict.fromkeys(COUNTED, 1), text)
    assert not re.search(r"\b1 (buckets|rows|times)\b", said)
    assert not re.search(r"%\(\w+\)s", said)
