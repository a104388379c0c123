"""Secrets that users write, and the removal of them from every text that a server sends.

A secret may come from a file, written ``${file:/run/secrets/token}``: the file is read whenever the
secret is needed, so that a rotated one is used with the next request.
"""

from __future__ import annotations

import base64
import html
import json
import re
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote, quote_plus, unquote, urlsplit

from pydantic import BaseModel, SecretStr

# Neither YAML nor the environment can hold a NUL: what stands between two of them was written ${file:…}.
_MARK = "\0"
_REFERENCE = re.compile(f"{_MARK}([^{_MARK}]*){_MARK}")
_LARGEST_FILE = 64 * 2**10
_REMEMBERED = 4  # values of one file, so that a server's late text about a rotated secret is masked too

LONGEST_DETAIL = 500
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_LONGEST_QUOTE = 60
_SHORTEST = 4  # a shorter secret would mask parts of ordinary words
_PIECE, _LARGEST_PIECE = 6, 8
_LONGEST_MASKED = 100_000
MASK = "***"
_SHAPES = re.compile(
    r"(?i)(?<![A-Za-z])(?:bearer|basic)(?:\s|%20|\+)+[\w.~+/=-]{6,}"
    r"|(?<=://)[^/\s@]+@"
    r"|\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?"  # JSON Web Tokens
    r"|\bya29\.[\w.-]{8,}"  # Google's access tokens
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)",
    re.DOTALL,
)


def file_reference(path: Path | str) -> str:
    """What stands in a value for the content of a file."""
    return f"{_MARK}{path}{_MARK}"


def has_file_reference(text: str) -> bool:
    """Whether a value is read from a file, or a part of it."""
    return _MARK in text


class SecretFileError(Exception):
    """The file of a secret cannot be used; ``reason`` is secret_file_missing, secret_file_unreadable or
    secret_file_empty."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(file, reason)
        self.file, self.reason = file, reason


class Secret(SecretStr):
    """A text that is never shown. It may be read from a file each time that it is needed."""

    # Whether the value is taken out of texts.
    masked: ClassVar[bool] = True

    def __init__(self, secret_value: str) -> None:
        super().__init__(secret_value)
        self._used: deque[str] = deque([] if self.from_file else [secret_value], maxlen=_REMEMBERED)

    def __eq__(self, other: object) -> bool:
        """Whether another one is written alike; no file is read."""
        return isinstance(other, Secret) and self._secret_value == other._secret_value

    def __hash__(self) -> int:
        return hash(self._secret_value)

    @property
    def from_file(self) -> bool:
        """Whether a file holds it, or a part of it."""
        return has_file_reference(self._secret_value)

    @property
    def written(self) -> str:
        """The value where no file holds it; else an empty text."""
        return "" if self.from_file else self._secret_value

    @property
    def used(self) -> tuple[str, ...]:
        """The values that it has had as far as they were read."""
        return tuple(self._used)

    def get_secret_value(self) -> str:
        """The value as it is now. Raises `SecretFileError`."""
        if not self.from_file:
            return self._secret_value
        value = _REFERENCE.sub(lambda found: _content(Path(found[1])), self._secret_value)
        if value not in self._used:
            self._used.append(value)
        return value


class FromFile(Secret):
    """A text that may come from a file and is not shown, but is no secret: a user's name."""

    masked: ClassVar[bool] = False


class ProxyAddress(Secret):
    """The address of a proxy: only its password is taken out of texts."""

    @property
    def used(self) -> tuple[str, ...]:
        """The passwords that it has had as far as they were read."""
        found = (_password_in(value) for value in super().used)
        return tuple(spelling for password in found if password for spelling in (password, unquote(password)))


def _password_in(address: str) -> str:
    try:
        return urlsplit(address).password or ""
    except ValueError:
        return ""


def _content(path: Path) -> str:
    """The text of a file without blanks and line ends around it."""
    try:
        with path.open("rb") as file:
            text = file.read(_LARGEST_FILE).decode("utf-8").strip()
    except FileNotFoundError:
        raise SecretFileError(str(path), "secret_file_missing") from None
    except (OSError, UnicodeDecodeError, ValueError):
        raise SecretFileError(str(path), "secret_file_unreadable") from None
    if not text:
        raise SecretFileError(str(path), "secret_file_empty")
    return text


class KeyFile:
    """The secrets in a file of Google credentials, which is read by Google's own library."""

    masked = True
    _KEYS = ("private_key", "private_key_id", "client_secret", "refresh_token")

    def __init__(self, path: str) -> None:
        self._path, self._read_at, self._values = Path(path), 0.0, tuple[str, ...]()

    @property
    def used(self) -> tuple[str, ...]:
        """The values as they are in the file now, and none where it cannot be read."""
        try:
            changed_at = self._path.stat().st_mtime
            if changed_at != self._read_at:
                found = json.loads(self._path.read_bytes()[:_LARGEST_FILE])
                self._values = tuple(str(found[key]) for key in self._KEYS if found.get(key))
                self._read_at = changed_at
        except (OSError, ValueError, AttributeError):
            return self._values
        return self._values


def secrets_in(value: object) -> Iterator[Secret | KeyFile]:
    """All secrets of a configuration, however deep; those of a file of Google credentials too."""
    if isinstance(value, Secret):
        yield value
    elif isinstance(file := getattr(value, "credentials_file", None), str):
        yield KeyFile(file)
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from secrets_in(getattr(value, name))
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from secrets_in(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from secrets_in(part)


class Secrets:
    """The secrets of one source, which are masked in every text that its servers send.

    Known are the values themselves, percent-encoded, in base64, escaped as in JSON and HTML, in any
    case of letters, and pieces of them from six to eight characters on, where a text was cut.
    Safe to use from several threads.
    """

    def __init__(self, values: Iterable[str] = (), secrets: Iterable[Secret | KeyFile] = ()) -> None:
        self._secrets = [secret for secret in secrets if secret.masked]
        self._noted: deque[str] = deque(values, maxlen=200)
        self._lock = threading.Lock()
        self._grams: dict[int, set[str]] = {}
        self._of: frozenset[str] = frozenset()

    def note(self, value: str) -> None:
        """Adds a secret that came up meanwhile, such as a token that was issued."""
        with self._lock:
            if value not in self._noted:
                self._noted.append(value)

    def mask(self, text: str, longest: int = LONGEST_DETAIL) -> str:
        """The text without secrets, on one line, shortened."""
        return _shortened(self.hide(" ".join(self.hide(text).split())), longest)

    def hide(self, text: str) -> str:
        """The text without secrets, and without what is shaped like one."""
        return _SHAPES.sub(MASK, self._without(text[:_LONGEST_MASKED]))

    def _without(self, text: str) -> str:
        low = text.lower()
        if len(low) != len(text):  # a few letters are longer in lower case
            low = text
        hidden = bytearray(len(text))
        for length, grams in self._known().items():
            for start in range(len(text) - length + 1):
                if low[start : start + length] in grams:
                    hidden[start : start + length] = b"\1" * length
        return _covered(text, hidden) if any(hidden) else text

    def _known(self) -> Mapping[int, set[str]]:
        """All pieces to look for, by their length."""
        with self._lock:
            values = frozenset(self._noted).union(*(secret.used for secret in self._secrets))
            if values != self._of:
                self._of, self._grams = values, _grams(values)
            return self._grams


def _covered(text: str, hidden: bytearray) -> str:
    parts, covered = [], False
    for letter, hide in zip(text, hidden, strict=True):
        if not hide:
            parts.append(letter)
        elif not covered:
            parts.append(MASK)
        covered = bool(hide)
    return "".join(parts)


def _grams(values: Iterable[str]) -> dict[int, set[str]]:
    grams: dict[int, set[str]] = {}
    for spelling in {spelling.lower() for value in values for spelling in _spellings(value)}:
        if len(spelling) < _SHORTEST:
            continue
        length = min(len(spelling), max(_PIECE, min(_LARGEST_PIECE, len(spelling) // 2)))
        pieces = grams.setdefault(length, set())
        pieces.update(spelling[start : start + length] for start in range(len(spelling) - length + 1))
    return grams


def _spellings(value: str) -> Iterator[str]:
    """How a server may write a value: as it is, on one line, encoded, escaped, wrongly decoded."""
    if len(value) < _SHORTEST:
        return
    raw = value.encode("utf-8", "surrogatepass")
    yield from (value, " ".join(value.split()), quote(raw, safe=""), quote(raw), quote_plus(raw))
    yield from (json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1], html.escape(value))
    yield raw.decode("latin-1")
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        yield encode(raw).decode().rstrip("=")


def _shortened(text: str, longest: int) -> str:
    """A text of at most so many characters. Servers quote the query and state the cause behind it: what is
    quoted is shortened first, then the middle."""
    if len(text) > longest:
        text = _QUOTED.sub(lambda quote: quote[0] if len(quote[0]) <= _LONGEST_QUOTE else _cut_quote(quote[0]), text)
    if len(text) > longest:
        half = longest // 2
        text = f"{text[: longest - half - 1]}…{text[-half:]}"
    return text


def _cut_quote(quote: str) -> str:
    return f'{quote[:_LONGEST_QUOTE].rstrip(chr(92))}…"'
