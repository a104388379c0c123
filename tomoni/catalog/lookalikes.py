"""What makes a file no YAML although it looks like it: signs of other keyboards and blanks that are none.

A Japanese keyboard writes ``：`` for ``:``, a web page hands over blanks that do not break and dashes for hyphens. The
parser complains a line later, of something else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tomoni.catalog.codes import Code
from tomoni.catalog.document import Fault

_KEY = r"(?:- +)?[\w-]+"
_BLANKS = "\u00a0\u2000-\u200b\u202f\u3000"
# Each finds the sign that was written where the parser wants another, which stands beside it.
_INSTEAD: Sequence[tuple[re.Pattern[str], str]] = (
    (re.compile(rf"^ *{_KEY} *(?P<sign>[：﹕︓])"), ":"),
    (re.compile(rf"^ *(?P<sign>[－–—‐−﹣])[ {_BLANKS}]*[\w-]+ *[:：]"), "-"),
    (re.compile(rf"^ *(?P<sign>[{_BLANKS}])"), "␣"),
    (re.compile(rf"^ *{_KEY}:(?P<sign>[{_BLANKS}])"), "␣"),
)
_NO_BLANK = re.compile(rf"^ *(?:- +)?(?P<key>[A-Za-z_][\w-]*):(?P<value>[^\s/:{_BLANKS}])")


def lookalike(lines: Sequence[str], first: int, last: int) -> Fault | None:
    """What keeps some lines (numbered from 0) from being YAML, if it is one of these signs."""
    for number in range(max(first, 0), min(last, len(lines) - 1) + 1):
        line = lines[number]
        for pattern, meant in _INSTEAD:
            if found := pattern.match(line):
                sign = {} if meant == "␣" else {"sign": found["sign"]}
                facts = {**sign, "code": f"U+{ord(found['sign']):04X}", "meant": meant}
                column = found.start("sign") + 1
                return Fault((), Code.YAML_LOOKALIKE, {**facts, "column": column}, line=number + 1)
        if found := _NO_BLANK.match(line):
            return Fault((), Code.YAML_NO_BLANK, {"key": found["key"]}, line=number + 1)
    return None
