"""docs/troubleshooting.md says exactly what the program says, in both languages. ``WRITE_GOLDEN=1`` writes it anew."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from tomoni.words import connections, definitions, errors, notices, written
from tomoni.words.phrases import Phrase
from tomoni.words.text import Text, text_for

PAGE = Path(__file__).parents[2] / "docs" / "troubleshooting.md"
TABLE: Mapping[str, Phrase] = {
    **written.TABLE,
    **definitions.TABLE,
    **connections.SETTINGS,
    **notices.FINDINGS,
    **errors.TABLE,
}
INTRODUCTION = """# Troubleshooting

What `python cli.py check` and the pages say, by what went wrong: the cause, and the one thing to do. `‹…›` stands
for what is filled in. A server's own text follows where it gave one, without secrets.
"""
# By section: the code (with its reason) and the mistake that it answers.
SECTIONS: Mapping[str, Mapping[str, str]] = {
    "The address": {
        "bad_url": "no `http://`, a typing error in the URL",
        "url_has_api_path": "`/api/v1`, `/api/v1/query`, `/graph`, `/-/ready` copied along",
        "url_has_query": "`?…` or `#…` copied along",
        "secret_in_url": "`https://user:password@host`",
        "bad_answer.wrong_path": "`/graph`, a prefix too much or too little (`/prometheus`)",
        "bad_answer.other_server": "Grafana, Alertmanager, an exporter or Pushgateway instead of Prometheus",
        "bad_answer.redirected_to_sign_in": "a login page in between",
        "bad_answer.redirected_elsewhere": "an old address, `http` instead of `https`",
        "bad_answer.no_api": "a server that is not known, such as nginx with 404",
        "bad_answer.not_json": "a page of another server or proxy",
        "bad_answer.empty": "a proxy or server that answers nothing",
        "bad_answer.compression": "a proxy that changes the answer",
        "unreachable.name": "a typing error in the host, another DNS",
        "unreachable.refused": "the wrong port, a server that is down",
        "unreachable.no_route": "another network, no VPN",
        "unreachable.no_connection_in_time": "a firewall that drops packets",
        "unreachable.not_http": "the port of something else, such as SSH",
        "unreachable.connection": "a server that hangs up",
    },
    "TLS": {
        "unreachable.https_wanted": "`http://` for a port of TLS",
        "unreachable.no_tls": "`https://` for a port without TLS",
        "unreachable.tls_expired": "an expired certificate",
        "unreachable.tls_not_yet_valid": "a certificate of tomorrow, a wrong clock",
        "unreachable.tls_self_signed": "a self-signed certificate",
        "unreachable.tls_unknown_authority": "an authority of your own",
        "unreachable.tls_other_host": "a certificate for another host",
        "unreachable.tls_client_certificate": "no client certificate, or not the right one",
        "unreachable.tls_ended": "the same, where the server says nothing",
        "unreachable.tls_version": "`min_version` above what the server offers",
        "unreachable.tls_handshake": "anything else in the handshake",
        "unreachable.client_cert_file": "`cert_file` and `key_file` missing, mixed up, with a passphrase",
        "unreachable.ca_file": "`verify_tls` names a file that is not there",
    },
    "Proxies": {
        "unreachable.proxy": "the proxy is down, or its address is wrong",
        "access_denied.proxy_credentials": "the proxy wants a user and a password",
        "access_denied.proxy_refused": "the proxy does not allow the host",
        "unreachable.proxy_target": "the proxy does not reach the host",
    },
    "Credentials": {
        "variable_not_set": "`${NAME}` that is not set",
        "variable_empty": "`${NAME}` that is empty",
        "secret_ends_line": "a token with a line end",
        "secret_has_control": "two lines in one token",
        "secret_has_blanks": "a token with blanks around it",
        "token_has_scheme": "`Bearer …` as the token",
        "secret_is_a_path": "the path of a file as the token",
        "username_has_colon": "`user:password` as the user name",
        "authorization_twice": "`auth` and a header Authorization",
        "bad_header_name": "`X-Api-Key:` as the name of a header",
        "header_reserved": "headers such as Content-Type",
        "file_not_read_here": "`${file:PATH}` for what is no secret",
        "access_denied.secret_file_missing": "a secret that is not mounted",
        "access_denied.secret_file_unreadable": "a secret that only root may read",
        "access_denied.secret_file_empty": "a secret that was never filled",
        "access_denied.header": "a file with several lines as a token",
        "access_denied.credentials_missing": "401, and no `auth`",
        "access_denied.credentials_refused": "401: a wrong password, an expired token",
        "access_denied.auth_scheme": "a token where a user and password are wanted, or the other way round",
        "access_denied.tenant_missing": "Mimir, Cortex: no tenant (`no org id`)",
        "access_denied.forbidden": "403",
        "unreachable.oauth2_server": "a wrong `token_url`",
        "access_denied.oauth2_client": "a wrong client id or secret",
        "access_denied.oauth2_scope": "a wrong scope",
        "access_denied.oauth2_refused": "any other answer of the token server",
    },
    "Names and queries": {
        "matches_nothing.unknown_metric": "a mistyped metric, or recording rule",
        "matches_nothing.unknown_label": "a mistyped label",
        "matches_nothing.unknown_value": "a mistyped value of a label",
        "matches_nothing.not_together": "matchers that exclude each other",
        "matches_nothing.no_samples_yet": "a metric, or server, that is a minute old",
        "matches_nothing.no_metrics": "a server that scrapes nothing",
        "matches_nothing.gone": "a metric that was renamed or removed",
        "matches_nothing.too_rare": "scrapes as far apart as the buckets",
        "numerator_matches_nothing.unknown_metric": "a mistyped metric of good or bad events",
        "numerator_matches_nothing": "no bad event has ever happened",
        "not_a_counter": "a gauge where a counter is needed",
        "selector_has_range": "`x[5m]` where a counter is needed",
        "selector_in_function": "`rate(x[5m])` where a counter is needed",
        "selector_unclosed": "a missing brace or quote",
        "selector_expected": "any other expression where a counter is needed",
        "not_found.histogram_edge": "a threshold that is no edge of the histogram",
        "query_refused.several_series": "a query without `sum(…)`",
    },
    "The server": {
        "rate_limited": "429",
        "server_failed": "500, 503",
        "server_failed.gateway": "502, 504",
        "timed_out": "a slow query or server",
    },
    "Cloud Monitoring": {
        "access_denied.no_credentials": "no Google credentials",
        "access_denied.bad_credentials_file": "a broken key file",
        "access_denied.credentials_expired": "a key that was deleted",
        "access_denied.permission_denied": "a role that is missing",
        "access_denied.service_disabled": "an API that is not enabled",
        "not_found.project": "a mistyped project",
        "not_found.metric": "a mistyped metric",
        "unknown_label": "a mistyped label",
        "query_refused.filter": "a filter with a mistake",
        "query_refused.filter_unreadable": "a missing bracket or quote",
    },
}


def said(phrase: Phrase, text: Text) -> str:
    parts = [text._(phrase.what), text._(phrase.near or phrase.hint) if phrase.hint else ""]
    shown = text.sentences(*(re.sub(r"%\((\w+)\)s", r"‹\1›", part) for part in parts))
    return shown.replace("|", "\\|")


def lines() -> Iterator[str]:
    en, ja = text_for("en"), text_for("ja")
    yield INTRODUCTION
    for section, mistakes in SECTIONS.items():
        yield f"## {section}\n"
        yield "| mistake | what is said | 日本語 |\n|---|---|---|"
        for key, mistake in mistakes.items():
            yield f"| {mistake} | {said(TABLE[key], en)} | {said(TABLE[key], ja)} |"
        yield ""


def test_the_page_says_what_the_program_says() -> None:
    page = "\n".join(lines()).rstrip() + "\n"
    if os.environ.get("WRITE_GOLDEN"):
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page, "write docs/troubleshooting.md anew with WRITE_GOLDEN=1"


def test_every_cause_of_a_failed_connection_is_on_the_page() -> None:
    told = {key for mistakes in SECTIONS.values() for key in mistakes}
    assert {*connections.SETTINGS, *connections.RUNTIME} - told <= {"bad_auth_scheme"}
