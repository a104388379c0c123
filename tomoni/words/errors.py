"""Errors of sources (`data_sources.errors`) in words, and what a page or command reports of a source that fails.

A key with a dot is more specific: the code and the fact ``reason``.
"""

from __future__ import annotations

from collections.abc import Mapping

from tomoni.review.model import SourceProblem
from tomoni.words import connections, refusals
from tomoni.words.phrases import Facts, Phrase, as_sentence, look_up, plain
from tomoni.words.text import Text, mark

CODES: Mapping[str, Phrase] = {
    "source_error": Phrase(
        mark("The request to the source failed."),
        mark("Read what it reports, and run the check command."),
    ),
    "unreachable": Phrase(
        mark("The source cannot be reached."),
        mark("Check that it is running, and its address in sources.yaml as seen from where Tomoni runs."),
    ),
    "timed_out": Phrase(
        mark("The source did not answer in time."),
        mark("If it stays slow, simplify the query or raise timeout_seconds."),
    ),
    "access_denied": Phrase(
        mark("The source denied access."),
        mark("Check the credentials of this source and what they may read."),
    ),
    "rate_limited": Phrase(
        mark("The source limits how often it can be queried."),
        mark("Missing data is fetched later. If it persists, lower max_parallel or request more quota."),
    ),
    "server_failed": Phrase(
        mark("The source had an internal error."),
        mark("Check the source's own log; missing data is fetched once it has recovered."),
    ),
    "query_refused": Phrase(
        mark("The source refused the query."),
        mark("Correct the query where it is defined."),
    ),
    "bad_answer": Phrase(
        mark("The answer is not what this kind of source returns."),
        mark("Check that the address points to the source itself and not to a login page or a proxy."),
    ),
    "source_unusable": Phrase(
        mark("The configuration of the source has errors, so it is not queried."),
        mark("Correct it in sources.yaml; the check command names the line."),
    ),
    "not_found": Phrase(mark("What was requested does not exist there."), mark("Check the name where it is defined.")),
}
REACHING: Mapping[str, Phrase] = {
    "unreachable.refused": Phrase(
        mark("Nothing is listening at the source's address."),
        mark("Check that it is running, and its address and port in sources.yaml."),
    ),
    "unreachable.name": Phrase(
        mark("The host name in the source's address is unknown."),
        mark("Check its spelling in sources.yaml, and the DNS of this machine."),
    ),
    "unreachable.tls": Phrase(
        mark("The source's certificate is not trusted."),
        mark("Set verify_tls to the file of your certificate authority, or renew the certificate."),
    ),
    "unreachable.ca_file": Phrase(
        mark("The file of certificates in verify_tls cannot be used."), mark("Check its path in sources.yaml.")
    ),
    "unreachable.connection": Phrase(
        mark("The connection to the source cannot be established."),
        mark("Check that it is running, its address in sources.yaml, and the network in between."),
    ),
    "timed_out.deadline": Phrase(
        mark("The source did not answer within %(timeout_seconds)s."),
        mark("If it stays slow, narrow the filter or raise timeout_seconds."),
    ),
    "timed_out.given_up": Phrase(
        mark("The source sent nothing for %(seconds)s, and this refresh of it was stopped."),
        mark(
            "It is queried again when the request has ended. Check whether the source hangs; "
            "other sources are not affected."
        ),
    ),
    "bad_answer.unreadable": Phrase(
        mark("The answer cannot be read."),
        mark("It is retried; if it persists, check the address in sources.yaml and the proxies in between."),
    ),
    "bad_answer.not_json": Phrase(
        mark("The answer is not JSON."),
        mark("Check that the address points to the source itself and not to a login page or a proxy."),
    ),
    "bad_answer.wrong_shape": Phrase(
        mark("The answer is JSON, but not of the Prometheus HTTP API."),
        mark("Check that url leads to the server itself, and what the proxies in between change."),
    ),
    "unreachable.token_server": Phrase(
        mark("Google's token server cannot be reached."),
        mark("Check that this network allows outgoing connections, and its proxy."),
    ),
    "bad_answer.redirected": Phrase(
        mark("The address redirects to %(location)s."),
        mark("Write the address of the source itself in sources.yaml, or give it credentials."),
    ),
    "bad_answer.redirected_to_itself": Phrase(
        mark("The address redirects to itself (%(location)s), without end."),
        mark("Check the proxies in between: one of them redirects what it should pass on."),
    ),
    "bad_answer.redirected_nowhere": Phrase(
        mark("The address redirects, but its answer has no readable address to go to (status %(status)s)."),
        mark("Write the address of the source itself in sources.yaml, and check the proxies in between."),
    ),
    "bad_answer.no_api": Phrase(
        mark("The address responds, but it is not the Prometheus HTTP API (status %(status)s)."),
        mark("Check the host, port and path of url in sources.yaml."),
    ),
    "bad_answer.not_cloud_monitoring": Phrase(
        mark("The address responds, but it is not Cloud Monitoring."), mark("Check api_endpoint in sources.yaml.")
    ),
    "bad_answer.truncated": Phrase(
        mark("The answer was cut off."), mark("It is retried; if it persists, check the proxies in between.")
    ),
    "bad_answer.too_large": Phrase(
        mark("The answer is too large to read."), mark("Aggregate in the query, so that it returns one series.")
    ),
    "bad_answer.message_too_large": Phrase(
        mark("The answer is too large to read."), mark("Aggregate in the query, so that it returns one series.")
    ),
}
CREDENTIALS: Mapping[str, Phrase] = {
    "access_denied.header": Phrase(
        mark("A header or token of this source has characters that cannot be sent."),
        mark("Check for line breaks inside it, in the file or environment variable that it comes from."),
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
    "access_denied.service_disabled": Phrase(
        mark("The API %(service)s is not enabled in the project %(project)s."),
        mark("Enable it in the Google Cloud console."),
    ),
    "access_denied.quota_project": Phrase(
        mark("The credentials name no project to bill the calls to, or one that may not be billed."),
        mark("Run gcloud auth application-default set-quota-project, with a project that you may use."),
    ),
    "access_denied.permission_denied": Phrase(
        mark("The credentials may not read metrics of the project %(project)s."),
        mark("Give them the role %(role)s."),
    ),
    "rate_limited.quota": Phrase(
        mark("A quota of the project %(project)s is used up (%(quota)s)."),
        mark("Missing data is fetched later. If it persists, lower max_parallel or request more quota."),
    ),
}
TABLE: Mapping[str, Phrase] = {**CODES, **REACHING, **CREDENTIALS, **connections.RUNTIME, **refusals.TABLE}


def describe(code: str, facts: Facts, detail: str, text: Text) -> tuple[str, str]:
    """What happened (with the source's own message, on one line) and what to do."""
    what, hint = look_up(TABLE, code, facts, text)
    message = as_sentence(detail)
    return (text._("%(what)s It reported: %(detail)s") % {"what": what, "detail": message} if message else what), hint


def describe_source(problem: SourceProblem, text: Text) -> tuple[str, str]:
    """What happened to a source and since when, and what to do about it."""
    what, hint = describe(problem.code, problem.facts, problem.detail, text)
    if problem.answered is None:
        kept = text._("No data of what this concerns is stored yet.")  # the source may have answered for other data
    else:
        kept = text._("It last answered on %(answered)s; the data stored up to then is shown.") % {
            "answered": text.near_moment(problem.answered)
        }
    return text.sentences(what, kept), hint


def describe_feed(problem: SourceProblem, text: Text) -> tuple[str, str]:
    """What happened to the events that a source tells of and since when, and what to do about it."""
    what, hint = describe(problem.code, problem.facts, problem.detail, text)
    if problem.answered is None:
        kept = text._("No events have come from there since this program started; those that are known are shown.")
    else:
        kept = text._("Events last came from there on %(answered)s; those that are known are shown.") % {
            "answered": text.near_moment(problem.answered)
        }
    return text.sentences(what, kept), hint


def source_line(problem: SourceProblem, text: Text) -> str:
    """The same on one line with the source's name first, for the command line."""
    what, hint = describe_source(problem, text)
    return f"{plain(problem.source)}: {text.sentences(what, hint)}"
