"""Reading one YAML file into a `Document`; whatever is wrong with it is a fault, never an exception."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from errno import EINVAL, EISDIR
from os import strerror
from pathlib import Path
from stat import S_ISDIR, S_ISREG

import yaml

from tomoni.catalog.codes import Code
from tomoni.catalog.document import Document, Facts, Fault, Place, Plain, Quoted
from tomoni.catalog.lookalikes import lookalike

MAX_BYTES = 4_000_000
# Aliases repeat what they name: a small file can stand for billions of values.
MAX_VALUES = 200_000
# Deeper than anything meant; the parser's own recursion would end in a crash.
MAX_DEPTH = 64

# The brackets of ${NAME} would be YAML's own within {…}: while it parses, these stand for them.
_OPEN, _CLOSE = "\ue000", "\ue001"
_VARIABLE = re.compile(r"\$\{([^{}\n]*)\}")

# What JSON writes of a sign beyond the first plane; YAML does not know it.
_PAIR = re.compile(r"(?<!\\)\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")

_TAG = "tag:yaml.org,2002:"
_SCALARS = frozenset(_TAG + name for name in ("str", "int", "float", "bool", "null", "timestamp", "value", "merge"))
_COLLECTIONS = frozenset({_TAG + "map", _TAG + "seq"})
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


class _Overflow(Exception):
    """A file stands for more than may be read: `code` and `at_most`."""

    def __init__(self, code: Code, at_most: int, line: int) -> None:
        super().__init__(code)
        self.fault = Fault((), code, {"at_most": at_most}, line=line)


class _Loader(yaml.CSafeLoader):
    """Composes nodes and refuses deep nesting on the way; PyYAML calls these for every node."""

    _depth = 0

    def descend_resolver(self, parent: yaml.Node | None, _index: object) -> None:
        """Enters a node; one more than allowed, because a value is a level below its collection."""
        self._depth += 1
        if parent is not None and self._depth > MAX_DEPTH + 1:
            raise _Overflow(Code.YAML_TOO_DEEP, MAX_DEPTH, _line(parent))

    def ascend_resolver(self) -> None:
        """Leaves a node."""
        self._depth -= 1


def read_document(path: Path, variables: bool = False) -> Document:
    """Reads a file; whatever keeps it from being read is a fault of the document.

    With ``variables`` a ``${NAME}`` may stand anywhere without quotes, in ``{a: ${NAME}}`` too.
    """
    document = Document(str(path), secret=variables)
    text = document.text = _read_text(path, document)
    return document if text is None else _parsed(document, text, variables)


def document_of(file: str, text: str) -> Document:
    """A document of a text that a file had."""
    return _parsed(Document(file, text=text), text, False)


def read_documents(path: Path) -> list[Document]:
    """Every document of a file of YAML or JSON; of the first one that cannot be read its faults, and no more."""
    first = Document(str(path))
    text = _read_text(path, first)
    if text is None:
        return [first]
    text = _PAIR.sub(lambda found: json.loads(f'"{found[0]}"'), text)
    documents: list[Document] = []
    nodes, values = yaml.compose_all(text, Loader=_Loader), 0
    while (root := _next(nodes, document := Document(str(path), text=text))) is not None or document.faults:
        if root is not None:
            builder = _Builder(document, values)
            builder.build(root)
            values = builder.values
        documents.append(document)
        if document.data is None and document.faults:
            break
    return documents


def _next(nodes: Iterator[yaml.Node], document: Document) -> yaml.Node | None:
    """The next document's node; None at the end, or with a fault where it cannot be read."""
    try:
        return next(nodes, None)
    except _Overflow as overflow:
        document.faults.append(overflow.fault)
    except yaml.YAMLError as error:
        document.faults.append(_syntax_fault(error, document.text or ""))
    return None


def _parsed(document: Document, text: str, variables: bool) -> Document:
    if variables:
        text = _VARIABLE.sub(r"$" + _OPEN + r"\1" + _CLOSE, text)
    try:
        root = yaml.compose(text, Loader=_Loader)
    except _Overflow as overflow:
        document.faults.append(overflow.fault)
        return document
    except yaml.YAMLError as error:
        document.faults.append(_syntax_fault(error, text))
        return document
    if root is not None:
        _Builder(document).build(root)
    return document


def _read_text(path: Path, document: Document) -> str | None:
    try:
        raw = _read_bytes(path)
    except FileNotFoundError:
        if path.is_symlink():
            document.note((), Code.LINK_TO_NOTHING, target=str(path.readlink()))
        else:
            document.note((), Code.FILE_MISSING, file=path.name)
    except OSError as error:
        document.note((), Code.FILE_UNREADABLE, reason=error.strerror or type(error).__name__)
    else:
        if len(raw) > MAX_BYTES:
            document.note((), Code.FILE_TOO_LARGE, bytes=MAX_BYTES)
            return None
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            document.faults.append(Fault((), Code.NOT_UTF8, line=raw.count(b"\n", 0, error.start) + 1))
    return None


def _read_bytes(path: Path) -> bytes:
    """As much of a plain file as may be read and one byte more; a pipe or a device could go on for ever."""
    mode = path.stat().st_mode
    if S_ISDIR(mode):
        raise IsADirectoryError(EISDIR, strerror(EISDIR))
    if not S_ISREG(mode):
        raise OSError(EINVAL, "Not a file")
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _syntax_fault(error: yaml.YAMLError, text: str) -> Fault:
    if not isinstance(error, yaml.MarkedYAMLError):
        position = getattr(error, "position", 0)
        reason = str(getattr(error, "reason", "") or "unreadable")
        return Fault((), Code.YAML_SYNTAX, {"detail": reason, "column": 0, "began": 0}, line=_line_at(text, position))
    mark, began = error.problem_mark, error.context_mark
    if mark is not None and error.context == "expected a single document in the stream":
        return Fault((), Code.YAML_SECOND_DOCUMENT, line=mark.line + 1)
    lines = text.split("\n")
    line, column = (mark.line, mark.column) if mark else (0, 0)
    if line < len(lines) and lines[line][column : column + 1] == "\t":
        return Fault((), Code.YAML_TAB, {"column": column + 1}, line=line + 1)
    if found := lookalike(lines, min(line - 1, began.line if began else line), line):
        return found
    if mark is not None and began is not None and line >= len(lines) - 1 and began.line < line:
        # A quote or bracket that is never closed shows at the end of the file; it began elsewhere.
        line, column = began.line, began.column
    facts: Facts = {"detail": error.problem or "", "column": column + 1, "began": began.line + 1 if began else 0}
    return Fault((), Code.YAML_SYNTAX, facts, line=line + 1)


def _line_at(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1 if node.start_mark else 0


def _text(node: yaml.ScalarNode) -> str:
    return str(node.value).replace(_OPEN, "{").replace(_CLOSE, "}")


Pairs = dict[str, tuple[yaml.Node, yaml.Node]]


class _Builder:
    """Turns the nodes of one document into data and lines; ``values`` counts those of its file so far."""

    def __init__(self, document: Document, values: int = 0) -> None:
        self._document = document
        self._open: set[int] = set()
        self.values = values

    def build(self, root: yaml.Node) -> None:
        """Fills the document; leaves it without data when it stands for too much."""
        try:
            self._document.data = self._value(root, (), _line(root))
        except _Overflow as overflow:
            self._document.faults.append(overflow.fault)

    def _value(self, node: yaml.Node, place: Place, key_line: int) -> object:
        self._document.lines[place] = (key_line, _line(node))
        if isinstance(node, yaml.ScalarNode):
            self._count(node)
            return self._scalar(node, place)
        if not self._enter(node, place):
            return None
        try:
            return self._collection(node, place)
        finally:
            self._open.discard(id(node))

    def _count(self, node: yaml.Node) -> None:
        self.values += 1
        if self.values > MAX_VALUES:
            raise _Overflow(Code.YAML_TOO_LARGE, MAX_VALUES, _line(node))

    def _enter(self, node: yaml.Node, place: Place) -> bool:
        self._count(node)
        if id(node) in self._open:
            self._document.faults.append(Fault(place, Code.YAML_LOOP, line=_line(node)))
            return False
        if len(self._open) >= MAX_DEPTH:
            raise _Overflow(Code.YAML_TOO_DEEP, MAX_DEPTH, _line(node))
        self._open.add(id(node))
        return True

    def _scalar(self, node: yaml.ScalarNode, place: Place) -> object:
        if node.tag not in _SCALARS:
            self._document.note(place, Code.YAML_TAG, tag=node.tag.removeprefix(_TAG))
            return None
        text = _text(node)
        if node.style:
            return Quoted(text)
        return None if text in _NULLS else Plain(text)

    def _collection(self, node: yaml.Node, place: Place) -> object:
        if node.tag not in _COLLECTIONS:
            self._document.note(place, Code.YAML_TAG, tag=node.tag.removeprefix(_TAG))
        if isinstance(node, yaml.SequenceNode):
            return [self._value(item, (*place, i), _line(item)) for i, item in enumerate(node.value)]
        pairs = self._pairs(node, place)
        return {name: self._value(value, (*place, name), _line(key)) for name, (key, value) in pairs.items()}

    def _pairs(self, node: yaml.Node, place: Place) -> Pairs:
        own: Pairs = {}
        merged: list[tuple[int, yaml.Node]] = []
        for key, value in node.value:
            if key.tag == _TAG + "merge":
                bases = value.value if isinstance(value, yaml.SequenceNode) else [value]
                merged.extend((_line(key), base) for base in bases)
            elif not isinstance(key, yaml.ScalarNode):
                self._document.faults.append(Fault(place, Code.BAD_KEY, line=_line(key)))
            elif found := self._lookalike(key):
                self._document.faults.append(found)
            elif (name := _text(key)) in own:
                facts: Facts = {"key": name, "first_line": _line(own[name][0])}
                self._document.faults.append(Fault((*place, name), Code.DUPLICATE_KEY, facts, line=_line(key)))
            else:
                own[name] = (key, value)
        for line, base in merged:
            for inherited, pair in self._merged(base, place, line).items():
                own.setdefault(inherited, pair)
        return own

    def _lookalike(self, key: yaml.ScalarNode) -> Fault | None:
        """What makes a key another one than it looks like: a blank that belongs to its name."""
        if key.style or str(key.value).isascii():
            return None
        return lookalike((self._document.text or "").split("\n"), _line(key) - 1, _line(key) - 1)

    def _merged(self, base: yaml.Node, place: Place, line: int) -> Pairs:
        """What a mapping named by the ``<<`` of a line brings in, what it merges itself included."""
        if not isinstance(base, yaml.MappingNode):
            self._document.faults.append(Fault(place, Code.BAD_MERGE, line=line))
            return {}
        if not self._enter(base, place):
            return {}
        try:
            return self._pairs(base, place)
        finally:
            self._open.discard(id(base))
