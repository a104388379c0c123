"""Secrets in addresses are found wherever they hide and named without being repeated; other links are left alone."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from tests.catalog.golden import HERE, SECRET, load_case
from tests.tables import table
from tomoni.catalog.secrets import secret_in, secrets_of_text
from tomoni.words import problems
from tomoni.words.text import text_for

LONG = "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4"
JWT = f"eyJhbGciOiJIUzI1NiJ9.{LONG}.{LONG}"
SECRETS = [
    ("https://user:pw@example.com/", "password"),
    ("https://:pw@example.com/", "password"),
    ("https://user:@example.com/", "password"),
    ("HTTPS://User:Pw@EXAMPLE.com:8443/a?b=c", "password"),
    (f"https://ghp_{LONG}@github.com/a/b", "password"),
    ("https://example.com/?token=a", "token"),
    ("https://example.com/?a=b&access_token=a", "access_token"),
    ("https://example.com/?Access-Token=a", "Access-Token"),
    ("https://example.com/#id_token=a&state=b", "id_token"),
    ("https://example.com/?API_KEY=a", "API_KEY"),
    ("https://example.com/?key=a", "key"),
    ("https://example.com/?sig=a%2Bb&se=2026", "sig"),
    ("https://example.com/?X-Amz-Signature=a", "X-Amz-Signature"),
    ("https://example.com/?X-Goog-Signature=a&X-Goog-Date=1", "X-Goog-Signature"),
    ("https://example.com/?X-Amz-Security-Token=a", "X-Amz-Security-Token"),
    ("https://example.com/?client_secret=a", "client_secret"),
    ("https://example.com/?pwd=a", "pwd"),
    ("https://example.com/;jsessionid=a", "jsessionid"),
    ("https://example.com/?%74oken=a", "token"),
    (f"https://example.com/?next={quote('https://other.example.com/?token=a', safe='')}", "token"),
    (f"https://example.com/?next={quote(quote('https://u:p@other.example.com/', safe=''), safe='')}", "password"),
    (f"https://example.com/{JWT}", "token"),
    (f"https://example.com/?q={JWT}", "token"),
    (f"https://example.com/glpat-{LONG}", "token"),
    (f"https://example.com/github_pat_{LONG}", "token"),
    ("https://example.com/xoxb-1234567890-abc", "token"),
    ("https://example.com/AKIAIOSFODNN7EXAMPLE", "token"),
    ("https://hooks.slack.com/services/T0/B0/abc", "address"),
    ("https://discord.com/api/webhooks/1/abc", "address"),
]
FINE = [
    "https://example.com/",
    "https://example.com/@team/page",
    "https://reader@example.com/",
    "https://example.com/a@b.example:80",
    "https://example.com/?orgId=1&from=now-6h&to=now&var-app=shop",
    "https://example.com/?tokens=12&keyboard=us&monkey=1&projectKey=ABC",
    "https://example.com/?token=",
    "https://example.com/reset-password/help#signature",
    "https://example.com/token=a",
    "https://tickets.example.com/browse/KEY-12?focusedId=7",
    "https://example.com/explore?left=%7B%22datasource%22:%22prom%22%7D",
    "https://slack.com/archives/C0/p1700000000",
]


@table(("url", "part"), SECRETS)
def test_a_secret_is_named_by_its_kind_or_parameter(url: str, part: str) -> None:
    assert secret_in(url) == part


@table("url", FINE)
def test_other_addresses_are_left_alone(url: str) -> None:
    assert secret_in(url) is None


def test_texts_are_searched_line_by_line() -> None:
    text = "One\nsee https://example.com/?token=a, and\n\n(ftp://u:p@example.com) or token=b, user:p@example.com"
    assert list(secrets_of_text(text)) == [(2, "token"), (4, "password")]


def test_what_is_refused_is_never_repeated_and_the_rest_stays() -> None:
    catalog = load_case("secret-links")
    for language in ("en", "ja"):
        lines = [problems.line(problem, text_for(language)) for problem in catalog.problems]
        assert not [line for line in lines if SECRET in line]
    (app,) = catalog.apps
    assert [link.url for link in app.links] == ["https://grafana.example.com/d/abc?orgId=1&from=now-6h&var-app=shop"]
    assert SECRET not in repr(app)
    folder = HERE / "bad" / "secret-links"
    files = {Path(problem.spot.file).relative_to(folder).as_posix() for problem in catalog.problems}
    assert files == {"apps/shop.yaml", "exclusions/shop.yaml", "policies.yaml"}
