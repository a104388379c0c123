"""Why a source did not give what it was asked for: every code of `data_sources.errors` in words.

A key with a dot tells a code more exactly by the fact ``reason``.
"""

from __future__ import annotations

from collections.abc import Mapping

from tomoni.words import refusals
from tomoni.words.phrases import Facts, Phrase, look_up, quoted
from tomoni.words.text import Text, mark

CODES: Mapping[str, Phrase] = {
    "source_error": Phrase(
        mark("The source did not give what it was asked for."),
        mark("Look at what it says, and run the check command."),
    ),
    "unreachable": Phrase(
        mark("The source cannot be reached."),
        mark("Check that it runs, and its address in sources.yaml as seen from where Tomoni runs."),
    ),
    "timed_out": Phrase(
        mark("The source did not answer in time."),
        mark("If it stays slow, make the query simpler or raise timeout_seconds."),
    ),
    "access_denied": Phrase(
        mark("The source does not let Tomoni in."),
        mark("Check the credentials of this source and what they may read."),
    ),
    "rate_limited": Phrase(
        mark("The source asks to be asked less often."),
        mark("What is missing is fetched later. If it stays, lower max_parallel or ask for more quota."),
    ),
    "server_failed": Phrase(
        mark("The source failed on its own side."),
        mark("Look at the source's own log; what is missing is fetched once it is well again."),
    ),
    "query_refused": Phrase(
        mark("The source refused the query."),
        mark("Correct the query where it is written."),
    ),
    "bad_answer": Phrase(
        mark("What came back is not an answer of such a source."),
        mark("Check that the address leads to the source itself and not to a login page or a proxy."),
    ),
    "source_unusable": Phrase(
        mark("What is written of the source has errors, so it is not asked."),
        mark("Correct it in sources.yaml; the check command names the line."),
    ),
    "not_found": Phrase(mark("What was asked for does not exist there."), mark("Check the name where it is written.")),
}
REACHING: Mapping[str, Phrase] = {
    "unreachable.refused": Phrase(
        mark("Nothing answers at the address of the source."),
        mark("Check that it runs, and its address and port in sources.yaml."),
    ),
    "unreachable.name": Phrase(
        mark("The name in the address of the source is not known."),
        mark("Check its spelling in sources.yaml, and the name service of this machine."),
    ),
    "unreachable.tls": Phrase(
        mark("The source's certificate is not trusted."),
        mark("Name the file of your certificate authority in verify_tls, or renew the certificate."),
    ),
    "unreachable.ca_file": Phrase(
        mark("The file of certificates in verify_tls cannot be used."), mark("Check its path in sources.yaml.")
    ),
    "unreachable.connection": Phrase(
        mark("No connection to the source comes about."),
        mark("Check that it runs, its address in sources.yaml, and the network in between."),
    ),
    "timed_out.deadline": Phrase(
        mark("The source did not answer within %(timeout_seconds)s."),
        mark("If it stays slow, narrow the filter or raise timeout_seconds."),
    ),
    "bad_answer.unreadable": Phrase(
        mark("The answer cannot be read."),
        mark("It is asked for again; if it stays, look at the address in sources.yaml and at the proxies in between."),
    ),
    "bad_answer.not_json": Phrase(
        mark("The answer is not JSON."),
        mark("Check that the address leads to the source itself and not to a login page or a proxy."),
    ),
    "bad_answer.wrong_shape": Phrase(
        mark("The answer is JSON, but not of the Prometheus HTTP API."),
        mark("Check the path of url in sources.yaml: some servers keep the API under /prometheus."),
    ),
    "unreachable.token_server": Phrase(
        mark("Google's token server cannot be reached."), mark("Check that this network lets it out, or its proxy.")
    ),
    "bad_answer.redirected": Phrase(
        mark("The address leads on to %(location)s."),
        mark("Write the address of the source itself in sources.yaml, or give it credentials."),
    ),
    "bad_answer.no_api": Phrase(
        mark("The address answers, but it is not the Prometheus HTTP API (status %(status)s)."),
        mark("Check the path of url in sources.yaml: some servers keep the API under /prometheus."),
    ),
    "bad_answer.not_cloud_monitoring": Phrase(
        mark("The address answers, but it is not Cloud Monitoring."), mark("Check api_endpoint in sources.yaml.")
    ),
    "bad_answer.truncated": Phrase(
        mark("The answer broke off."), mark("It is asked for again; if it stays, look at the proxies in between.")
    ),
    "bad_answer.too_large": Phrase(
        mark("The answer is too large to read."), mark("Aggregate in the query, so that one series comes back.")
    ),
    "bad_answer.message_too_large": Phrase(
        mark("The answer is too large to read."), mark("Aggregate in the query, so that one series comes back.")
    ),
}
CREDENTIALS: Mapping[str, Phrase] = {
    "access_denied.header": Phrase(
        mark("A header or token of this source has characters that cannot be sent."),
        mark("Look for line ends or blanks in the environment variable that it comes from."),
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
        mark("The credentials name no project that pays for the calls, or one that may not."),
        mark("Run gcloud auth application-default set-quota-project, with a project that you may use."),
    ),
    "access_denied.permission_denied": Phrase(
        mark("The credentials may not read metrics of the project %(project)s."),
        mark("Give them the role %(role)s."),
    ),
    "rate_limited.quota": Phrase(
        mark("A quota of the project %(project)s is used up (%(quota)s)."),
        mark("What is missing is fetched later. If it stays, lower max_parallel or ask for more quota."),
    ),
}
TABLE: Mapping[str, Phrase] = {**CODES, **REACHING, **CREDENTIALS, **refusals.TABLE}


def say(code: str, facts: Facts, detail: str, text: Text) -> tuple[str, str]:
    """What happened (with the source's own text, on one line) and what to do."""
    what, hint = look_up(TABLE, code, facts, text)
    told = quoted(detail)
    return (text._("%(what)s It says: %(detail)s") % {"what": what, "detail": told} if told else what), hint
