"""What Click says of a wrong use of the command line, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tomoni.words.text import Text, mark

# Sentences of Click, as regular expressions; what they do not know stays as it is.
_SENTENCES: Mapping[str, str] = {
    r"Invalid value for (?P<name>\S+): (?P<what>.+)": mark("Invalid value for %(name)s: %(what)s"),
    r"Invalid value: (?P<what>.+)": mark("Invalid value: %(what)s"),
    r"(?P<value>.+) is not a valid boolean\. Recognized values: (?:, )?(?P<choices>.+)": mark(
        "%(value)s is not one of %(choices)s."
    ),
    r"(?P<value>.+) is not a valid UUID\.": mark("%(value)s is no UUID."),
    r"(?P<value>.+) does not match the formats? (?P<choices>.+)\.": mark("%(value)s is not written as %(choices)s."),
    r"Argument (?P<name>.+) takes (?P<count>\d+) values\.": mark("%(name)s takes %(count)s values."),
    r"Option (?P<name>.+) requires (?P<count>\d+) arguments\.": mark("%(name)s takes %(count)s values."),
    r"Takes (?P<count>\d+) values but (?P<given>\d+) (?:was|were) given\.": mark(
        "%(count)s values are needed, not %(given)s."
    ),
    r"(?P<count>\d+) values are required, but (?P<given>\d+) (?:was|were) given\.": mark(
        "%(count)s values are needed, not %(given)s."
    ),
    r"Could not open file (?P<file>.+?): (?P<what>.+)": mark("%(file)s cannot be opened: %(what)s"),
    r"(?:File|Directory|Path) (?P<file>.+) is not executable\.": mark("%(file)s cannot be executed."),
    r"(?P<value>.+) is not in the range (?P<range>.+)\.": mark("%(value)s is not in the range %(range)s."),
    r"(?P<value>.+) is not a valid (?:integer|integer range)\.": mark("%(value)s is not a whole number."),
    r"(?P<value>.+) is not a valid (?:float|float range)\.": mark("%(value)s is not a number."),
    r"(?P<value>.+) is not (?:one of )?(?P<choices>'.+')\.": mark("%(value)s is not one of %(choices)s."),
    r"Missing (?:option|argument|parameter) (?P<name>'.+?')\.": mark("%(name)s is missing."),
    r"Missing (?:option|argument|parameter) (?P<name>'.+?')\.\s*Choose from:\s*(?P<choices>.+)": mark(
        "%(name)s is missing: one of %(choices)s."
    ),
    r"Missing command\.": mark("A command is missing."),
    r"No such option (?P<name>.+?)\.(?: (?P<hint>.+))?": mark("There is no option %(name)s."),
    r"No such command (?P<name>.+?)\.(?: (?P<hint>.+))?": mark("There is no command %(name)s."),
    r"Did you mean (?P<name>.+)\?": mark("Did you mean %(name)s?"),
    r"\(Did you mean one of: (?P<name>.+)\?\)": mark("Did you mean one of: %(name)s?"),
    r"Got unexpected extra arguments? \((?P<value>.+)\)": mark("This is too much: %(value)s."),
    r"Option (?P<name>.+) requires an argument\.": mark("The option %(name)s needs a value."),
    r"Option (?P<name>.+) does not take a value\.": mark("The option %(name)s takes no value."),
    r"(?:File|Directory|Path) (?P<file>.+) does not exist\.": mark("%(file)s does not exist."),
    r"(?:File|Directory|Path) (?P<file>.+) is a file\.": mark("%(file)s is a file, where a folder is needed."),
    r"(?:File|Directory|Path) (?P<file>.+) is a directory\.": mark("%(file)s is a folder, where a file is needed."),
    r"(?:File|Directory|Path) (?P<file>.+) is not readable\.": mark("%(file)s cannot be read."),
    r"(?:File|Directory|Path) (?P<file>.+) is not writable\.": mark("%(file)s cannot be written."),
}
_PATTERNS = {re.compile(pattern, re.DOTALL): phrase for pattern, phrase in _SENTENCES.items()}


def in_words(said: str, text: Text) -> str:
    """What Click says, in the language of a text; as it is, where that is English or the sentence is not known."""
    if text.language == "en":
        return said
    for pattern, phrase in _PATTERNS.items():
        if found := pattern.fullmatch(said):
            facts = {name: " ".join((part or "").split()) for name, part in found.groupdict().items()}
            hint = facts.pop("hint", "")
            if "what" in facts:
                facts["what"] = in_words(facts["what"], text)
            sentence = text._(phrase) % facts
            return text.sentences(sentence, in_words(hint, text)) if hint else sentence
    return said
