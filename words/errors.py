"""Why a source did not give what it was asked for: every code of `data_sources.errors` in words."""

from __future__ import annotations

from collections.abc import Mapping

from text import Text, mark
from words.phrases import Facts, Phrase, look_up, plain

TABLE: Mapping[str, Phrase] = {
    "source_error": Phrase(
        mark("The source did not give what it was asked for."),
        mark("Look at what it says, and run the check command for this source."),
    ),
    "unreachable": Phrase(
        mark("The source cannot be reached."),
        mark("Check that it runs, and its address in sources.yaml as seen from where Tomoni runs."),
    ),
    "timed_out": Phrase(
        mark("The source did not answer in time."),
        mark("Ask again later; if it stays slow, make the query simpler or raise timeout_seconds."),
    ),
    "access_denied": Phrase(
        mark("The source does not let Tomoni in."),
        mark("Check the credentials of this source and what they may read."),
    ),
    "access_denied.no_credentials": Phrase(
        mark("There are no Google credentials."),
        mark("Run gcloud auth application-default login, or name a credentials_file for this source."),
    ),
    "access_denied.bad_credentials_file": Phrase(
        mark("The file of Google credentials cannot be used."),
        mark("Check credentials_file of this source: it should be the JSON file that Google Cloud gave."),
    ),
    "access_denied.credentials_expired": Phrase(
        mark("The Google credentials are no longer valid."),
        mark("Log in again, or give this source fresh credentials."),
    ),
    "rate_limited": Phrase(
        mark("The source asks to be asked less often."),
        mark(
            "Nothing is lost: what is missing is fetched later. If it stays, lower max_parallel or ask for more quota."
        ),
    ),
    "server_failed": Phrase(
        mark("The source failed on its own side."),
        mark("Look at the source's own log; what is missing is fetched once it is well again."),
    ),
    "query_refused": Phrase(
        mark("The source refused the query."),
        mark("Correct the query where it is written; the source's own text says what it does not like."),
    ),
    "bad_answer": Phrase(
        mark("What came back is not an answer of such a source."),
        mark("Check that the address leads to the source itself and not to a login page or a proxy."),
    ),
    "not_found": Phrase(
        mark("What was asked for does not exist there."),
        mark("Check the name where it is written."),
    ),
}


def say(code: str, facts: Facts, detail: str, text: Text) -> tuple[str, str]:
    """What happened (with the source's own text, on one line) and what to do."""
    what, hint = look_up(TABLE, code, facts, text)
    told = plain(detail)
    return (text._("%(what)s It says: %(detail)s") % {"what": what, "detail": told} if told else what), hint
