"""Every code that any room can come up with is said in words, in every language."""

from __future__ import annotations

import errno
import re
from typing import get_args

from data_sources.base import Finding, Notice
from data_sources.errors import ERRORS
from tests.catalog.golden import load_case
from tests.tables import table
from tests.words.codes import constants, made, reasons, told_pairs
from tomoni.catalog.codes import Code, severity_of
from tomoni.catalog.schema import Problem, Severity, Spot
from tomoni.languages import LANGUAGES
from tomoni.store.errors import Code as StoreCode
from tomoni.words import database, errors, notices, problems, said_by_others
from tomoni.words.phrases import Facts
from tomoni.words.text import text_for

TEXTS = [text_for(language) for language in LANGUAGES]
# Reasons that say nothing to a reader beyond their code; the code's own words are said.
# What Google is asked about, and which part of a request it refuses, are put together while running.
COMPUTED = {("not_found", what) for what in ("metric", "resource", "slo", "service", "project")} | {
    ("query_refused", part) for part in ("filter", "interval", "aggregation", "other")
}
UNSAID: set[str] = set()
# Facts of all kinds, so that every branch of the words finds its own.
ANY: Facts = {"nearest": "x", "meant": "x", "known": "x", "written": "x", "at_least": 1, "error": "timed_out"}


def said(what: str, hint: str) -> None:
    assert what
    assert "%(" not in what + hint


@table("code", list(Code))
def test_every_problem_of_the_catalog_has_words_and_a_hint(code: Code) -> None:
    for text in TEXTS:
        what, hint = problems.describe(Problem(Spot("a.yaml", 3), severity_of(code), code, ANY), text)
        said(what, hint)
        assert hint
        assert code.value not in what


@table("code", sorted(problems.TABLE))
def test_no_words_are_kept_for_a_problem_that_is_gone(code: str) -> None:
    assert code.partition(".")[0] in set(Code)


@table("code", sorted(ERRORS))
def test_every_error_of_a_source_has_words_and_a_hint(code: str) -> None:
    for text in TEXTS:
        what, hint = errors.describe(code, {}, "", text)
        said(what, hint)
        assert hint
        assert code not in what


def test_every_reason_of_an_error_has_words() -> None:
    known = {key.partition(".")[2] for key in (*errors.TABLE, *notices.FINDINGS)}
    assert reasons() - known - UNSAID == set()


def test_every_reason_is_said_with_the_code_that_it_comes_with() -> None:
    pairs = told_pairs({kind.__name__: code for code, kind in ERRORS.items()})
    assert {("access_denied", "service_disabled"), ("unreachable", "refused"), ("not_found", "no_file")} <= pairs
    assert len(pairs) > 30
    assert {f"{code}.{reason}" for code, reason in pairs | COMPUTED} - set(errors.TABLE) == set()


@table("key", sorted(key for key in errors.TABLE if "." in key))
def test_no_words_are_kept_for_a_reason_that_is_gone(key: str) -> None:
    assert key.partition(".")[2] in constants("data_sources") | constants("tomoni/ledger")


@table("code", sorted({**notices.TABLE, **notices.FINDINGS}))
def test_no_words_are_kept_for_a_notice_or_finding_that_is_gone(code: str) -> None:
    assert set(code.split(".")) <= constants("data_sources") | constants("tomoni/review") | constants("tomoni/slo")


def test_the_keys_of_reasons_begin_with_a_code_of_the_errors() -> None:
    assert {key.partition(".")[0] for key in errors.TABLE} == set(ERRORS)


def test_every_notice_has_words() -> None:
    codes = made("Notice", 0) | made("Oddity", 0)
    assert {"numerator_absent", "good_above_total"} <= codes
    assert codes - set(notices.TABLE) == set()


def test_every_finding_has_words() -> None:
    codes = made("Finding", 1)
    assert "matches_nothing" in codes
    assert codes - set(notices.FINDINGS) - set(ERRORS) == set()


@table("code", get_args(StoreCode))
def test_every_failure_of_the_data_base_has_words_and_a_hint(code: str) -> None:
    for text in TEXTS:
        what, hint = database.describe(code, {}, "", text)
        said(what, hint)
        assert hint
        assert code not in what


@table("code", sorted(notices.TABLE))
def test_every_notice_can_be_said(code: str) -> None:
    name, _, reason = code.partition(".")
    for text in TEXTS:
        said(notices.describe(Notice(name, {"reason": reason}), text), "")


@table("code", sorted(notices.FINDINGS))
def test_every_finding_can_be_said(code: str) -> None:
    for text in TEXTS:
        said(*notices.describe_finding(Finding("warning", code, {}), text))


@table("key", sorted(errors.TABLE))
def test_every_error_can_be_said_with_the_sources_own_text(key: str) -> None:
    code, _, reason = key.partition(".")
    what, _ = errors.describe(code, {"reason": reason}, "its own text", TEXTS[0])
    assert re.search(r"It reported: its own text\.$", what)


def test_a_code_without_words_is_told_with_its_facts() -> None:
    problem = Problem(Spot("a.yaml", 3), Severity.ERROR, "never_seen", {"seconds": 300})
    assert problems.describe(problem, TEXTS[0])[0] == "There is a problem here: never_seen (seconds=5 min)."


def test_what_the_yaml_parser_says_is_told_in_words_of_our_own() -> None:
    told = {("detail", str(each.facts.get("detail"))) for each in load_case("yaml-syntax").problems if each.facts}
    assert len(told & said_by_others.VOCABULARY.keys()) >= 6
    assert {name for _, name in told - said_by_others.VOCABULARY.keys()} == {"None"}
    assert (
        said_by_others.reason_of(PermissionError(errno.EACCES, "Permission denied"), text_for("ja"))
        == "権限がありません"
    )
    assert said_by_others.reason_of(OSError(errno.EXDEV, "Invalid cross-device link"), TEXTS[0]).startswith("Invalid")
