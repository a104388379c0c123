"""What the YAML parser and the system say, in words of our own: they know English alone."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping

from tomoni.words.text import Text, mark

_NO_KEY = mark("no key can begin here (a text with a colon and a blank needs quotes)")
_YAML: Mapping[str, str] = {
    "mapping keys are not allowed in this context": _NO_KEY,
    "mapping values are not allowed in this context": _NO_KEY,
    "block sequence entries are not allowed in this context": mark("no entry of a list can begin here"),
    "control characters are not allowed": mark("there is a control character"),
    "could not find expected ':'": mark("a colon is missing after a key"),
    "did not find expected ',' or ']'": mark("a comma or ] is missing"),
    "did not find expected ',' or '}'": mark("a comma or } is missing"),
    "did not find expected '-' indicator": mark("the indentation is not that of the lines before, or a - is missing"),
    "did not find expected alphabetic or numeric character": mark("a name is missing after & or *"),
    "did not find expected comment or line break": mark("nothing can follow on the line of | or >"),
    "did not find expected key": mark(
        "this belongs to no key (text after a closing quote, or another indentation than before)"
    ),
    "did not find expected node content": mark("a value was expected"),
    "found character that cannot start any token": mark("a text that begins with this character needs quotes"),
    "found incompatible YAML document": mark("the directive YAML names another version than 1.1 or 1.2"),
    "found unknown directive name": mark(
        "a line that begins with a percent sign is a directive, and this one is not known"
    ),
    "found undefined alias": mark("the name after * was given to nothing before it (with &)"),
    "found unexpected end of stream": mark("a quote is not closed"),
    "found unknown escape character": mark("a backslash in double quotes means something else (single quotes keep it)"),
}
_SYSTEM: Mapping[int, str] = {
    errno.EACCES: mark("Permission denied"),
    errno.EPERM: mark("Operation not permitted"),
    errno.ENOENT: mark("No such file or directory"),
    errno.ENOTDIR: mark("Not a directory"),
    errno.EISDIR: mark("Is a directory"),
    errno.EEXIST: mark("File exists"),
    errno.EROFS: mark("Read-only file system"),
    errno.ENOSPC: mark("No space left on device"),
    errno.EFBIG: mark("File too large"),
    errno.ENAMETOOLONG: mark("File name too long"),
    errno.ELOOP: mark("Too many levels of symbolic links"),
    errno.EIO: mark("Input/output error"),
    errno.EADDRINUSE: mark("Address already in use"),
}
VOCABULARY: Mapping[tuple[str, str], str] = {
    **{("detail", said): ours for said, ours in _YAML.items()},
    **{("reason", os.strerror(number)): ours for number, ours in _SYSTEM.items()},
    ("reason", "Not a file"): mark("Not a file"),
}


def reason_of(error: OSError, text: Text) -> str:
    """Why the system refused something, in the language of a text; what it has no words for, as it says it."""
    ours = _SYSTEM.get(error.errno or 0)
    return text._(ours) if ours else error.strerror or type(error).__name__
