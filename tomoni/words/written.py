"""Problems of one written value (`catalog.codes`), in words: files, YAML, keys, types, values."""

from __future__ import annotations

from collections.abc import Mapping

from tomoni.words.phrases import Phrase
from tomoni.words.text import mark

FILES: Mapping[str, Phrase] = {
    "folder_missing": Phrase(
        mark("There is no folder %(folder)s."),
        mark("Create it, or name another one with --config or TOMONI_CONFIG."),
    ),
    "folder_missing.file": Phrase(
        mark("%(folder)s is a file, and not a folder."),
        mark("Name the folder that it is in with --config or TOMONI_CONFIG."),
    ),
    "folder_missing.inner_file": Phrase(
        mark("%(folder)s is a file, and not a folder."),
        mark("Make a folder of this name, with the file in it."),
    ),
    "file_missing": Phrase(
        mark("The file %(file)s does not exist."), mark("Create it; docs/configuration.md shows what belongs in it.")
    ),
    "file_unreadable": Phrase(
        mark("The file cannot be read: %(reason)s."),
        mark("It must be a regular file that the user running Tomoni can read."),
    ),
    "link_to_nothing": Phrase(
        mark("The file is a link to %(target)s, and nothing is there."),
        mark("Link to a file that exists, or remove the link."),
    ),
    "link_to_nothing.folder": Phrase(
        mark("The folder is a link to %(target)s, and nothing is there."),
        mark("Link to a folder that exists, or remove the link."),
    ),
    "file_unreadable.folder": Phrase(
        mark("The folder cannot be read: %(reason)s."),
        mark("It must be a folder that the user running Tomoni can read."),
    ),
    "file_empty": Phrase(mark("The file is empty."), mark("Write something into it, or remove it.")),
    "file_too_large": Phrase(mark("The file is larger than %(bytes)s."), mark("Split it: one app per file is enough.")),
    "not_utf8": Phrase(mark("The file is not UTF-8 text."), mark("Save it as UTF-8.")),
    "no_apps": Phrase(
        mark("There are no apps yet."), mark("Write one into apps/<app>.yaml; the command init makes a first one.")
    ),
    "file_not_read": Phrase(
        mark("The file %(file)s is ignored."),
        mark("These files are read: %(known)s. To have this one ignored, start its name with _."),
        near=mark("Did you mean %(nearest)s? Read here: %(known)s."),
    ),
    "last_good_in_force": Phrase(
        mark("Until the error is corrected, %(name)s stays in force as it last was without errors."),
        mark("Correct the error to put the new content in force."),
    ),
}
YAML: Mapping[str, Phrase] = {
    "yaml_syntax": Phrase(
        mark("This is not valid YAML: %(detail)s (column %(column)s; it began on line %(began)s)."),
        mark("Check this line and the one before: indentation, colons and quotes."),
    ),
    "yaml_syntax.as_a_whole": Phrase(
        mark("This is not valid YAML: %(detail)s."),
        mark("Check this line and the one before: indentation, colons and quotes."),
    ),
    "yaml_second_document": Phrase(
        mark("A second document begins here (---)."),
        mark("Write it into a file of its own; a file has one document."),
    ),
    "yaml_tab": Phrase(mark("A tab indents this line (column %(column)s)."), mark("Indent with spaces.")),
    "yaml_lookalike": Phrase(
        mark("The sign %(sign)s (%(code)s, column %(column)s) only looks like what YAML needs here."),
        mark("Write %(meant)s of the ASCII characters in its place."),
    ),
    "yaml_lookalike.blank": Phrase(
        mark("YAML does not know the blank in column %(column)s (%(code)s)."),
        mark("Write an ordinary space."),
    ),
    "yaml_no_blank": Phrase(mark("A space is missing after the colon of %(key)s."), mark("Write it as key: value.")),
    "yaml_tag": Phrase(mark("The tag %(tag)s is not supported."), mark("Write a plain value without a tag.")),
    "yaml_loop": Phrase(mark("This alias contains itself."), mark("Write the values out.")),
    "yaml_too_large": Phrase(
        mark("With its aliases written out, the file has more than %(at_most)s values."), mark("Use fewer aliases.")
    ),
    "yaml_too_deep": Phrase(
        mark("The values are nested more than %(at_most)s levels deep."),
        mark("Check the brackets and the indentation."),
    ),
    "bad_key": Phrase(
        mark("This key is not text."), mark("Write a word as the key, in quotes where it looks otherwise.")
    ),
    "bad_merge": Phrase(
        mark("The merge key << needs a mapping."), mark("Merge an alias of a mapping, or a list of them.")
    ),
    "duplicate_key": Phrase(
        mark("The key %(key)s is written twice; the first is on line %(first_line)s."), mark("Keep one of them.")
    ),
}
KEYS: Mapping[str, Phrase] = {
    "unknown_key": Phrase(
        mark("The key %(key)s is not known here."),
        mark("Use one of: %(known)s."),
        near=mark("Did you mean %(nearest)s? Known here: %(known)s."),
    ),
    "unknown_key.elsewhere": Phrase(
        mark("The key %(key)s is not known here."), mark("Move it %(level)s. Known here: %(known)s.")
    ),
    "unknown_key.comma": Phrase(
        mark("A comma ends the value before it: %(key)s is a key of its own here."),
        mark("Write a number with a decimal point and without separators, and a text with a comma in quotes."),
    ),
    "missing_key": Phrase(mark("The key %(key)s is missing."), mark("Add it.")),
    "wrong_type": Phrase(mark("The value has the wrong type."), mark("Write %(expected)s here.")),
    "wrong_type.written": Phrase(mark("%(written)s has the wrong type."), mark("Write %(expected)s here.")),
    "wrong_type.list": Phrase(mark("A list is of the wrong type."), mark("Write %(expected)s here.")),
    "wrong_type.mapping": Phrase(mark("Keys with values are of the wrong type."), mark("Write %(expected)s here.")),
    "empty_text": Phrase(mark("Nothing is written here."), mark("Write something, or leave the key out.")),
    "too_long": Phrase(
        mark("The text is longer than %(at_most)s characters."), mark("Shorten it to what a reader needs.")
    ),
    "bad_choice": Phrase(
        mark("%(written)s is not one of the choices."),
        mark("Use one of: %(known)s."),
        near=mark("Did you mean %(nearest)s? Choices: %(known)s."),
    ),
    "bad_choice.unwritten": Phrase(
        mark("This is not one of the choices."),
        mark("Use one of: %(known)s."),
        near=mark("Did you mean %(nearest)s? Choices: %(known)s."),
    ),
    "out_of_range": Phrase(
        mark("%(written)s is out of range."),
        mark("Write a number %(range)s."),
        near=mark("Did you mean %(meant)s? Write a number %(range)s."),
    ),
    "out_of_range.unwritten": Phrase(
        mark("The number is out of range."),
        mark("Write a number %(range)s."),
        near=mark("Did you mean %(meant)s? Write a number %(range)s."),
    ),
}
VALUES: Mapping[str, Phrase] = {
    "bad_id": Phrase(
        mark("%(written)s is not a valid id."),
        mark("Use lower-case letters, digits and hyphens, beginning with a letter or a digit."),
        near=mark("Use lower-case letters, digits and hyphens, such as %(meant)s."),
    ),
    "not_a_number": Phrase(
        mark("%(written)s is not a number."),
        mark("Write it in digits, without a sign or a unit."),
        near=mark("Did you mean %(meant)s?"),
    ),
    "bad_duration": Phrase(
        mark("%(written)s is not a duration."),
        mark("Write it as 300ms, 30s, 5m, 1h, 28d or 4w."),
        near=mark("Did you mean %(meant)s? Lengths are written as 300ms, 30s, 5m, 1h, 28d or 4w."),
    ),
    "length_out_of_range": Phrase(
        mark("%(written)s is not a duration that is possible here."),
        mark("Write a length of whole seconds, above 0 and of at most %(days)s days."),
    ),
    "length_out_of_range.from_zero": Phrase(
        mark("%(written)s is not a duration that is possible here."),
        mark("Write a length of at most %(days)s days, or 0 where something takes no time."),
    ),
    "bad_part": Phrase(
        mark("%(written)s is not a share from 0%% to 100%%."),
        mark("Write a percentage from 0%% to 100%%, such as 25%%."),
    ),
    "bad_bucket": Phrase(
        mark("A bucket of %(written)s does not divide an hour into whole minutes."), mark("Use one of: %(known)s.")
    ),
    "objective_out_of_range": Phrase(
        mark("An objective of %(written)s is not possible."),
        mark("Write percent: above 0 and at most 100, such as 99.9."),
    ),
    "objective_looks_like_ratio": Phrase(
        mark("An objective of %(written)s means %(written)s percent, which is probably a mistake."),
        mark("Write it in percent: did you mean %(meant)s?"),
    ),
    "bad_timezone": Phrase(
        mark("%(written)s is not a time zone."),
        mark("Use an IANA name such as Asia/Tokyo or UTC."),
        near=mark("Did you mean %(nearest)s? Use an IANA name such as Asia/Tokyo or UTC."),
    ),
    "zone_is_turned": Phrase(
        mark("%(written)s is %(offset)s: such names have the sign turned round."),
        mark("Write the name of a place, such as Asia/Tokyo, if that is not meant."),
    ),
    "zone_has_no_summer": Phrase(
        mark("%(written)s is %(offset)s all year, without daylight saving time."),
        mark("Write %(meant)s for the clocks of a place that has it."),
    ),
    "bad_language": Phrase(
        mark("%(written)s is not a language of Tomoni."),
        mark("Use one of: %(known)s."),
        near=mark("Did you mean %(nearest)s? Languages: %(known)s."),
    ),
    "language_not_shown": Phrase(
        mark("The text in %(language)s is never shown."),
        mark("Use one of: %(known)s."),
        near=mark("Did you mean %(nearest)s? Languages: %(known)s."),
    ),
    "bad_url": Phrase(mark("This is not a URL."), mark("Write it in full, starting with http:// or https://.")),
    "bad_url.port": Phrase(mark("The port in this URL is not possible."), mark("Write one from 1 to 65535.")),
    "secret_in_link": Phrase(
        mark("An address here contains a secret (%(part)s), which every reader would see."),
        mark("Write the address without it, and have the secret replaced: it may have been seen."),
    ),
    "events_form": Phrase(
        mark("An entry of events needs one of query, alerts and file."), mark("Write exactly one of them.")
    ),
    "ticket_parameter_missing": Phrase(
        mark("The address of the tracker has no parameter %(parameter)s."),
        mark(
            "Write the address of Jira with its project and type of ticket:"
            " https://jira.example.com/?pid=10000&issuetype=10001."
        ),
    ),
    "secret_in_url": Phrase(
        mark("The URL contains a user name or a password."),
        mark("Write it without them, and set them under auth, from the environment."),
    ),
    "url_has_query": Phrase(
        mark("The URL contains a query (?…) or a fragment (#…), which would not be sent."),
        mark("Write it without; parameters for every request go under params."),
    ),
    "url_has_api_path": Phrase(
        mark("The URL contains %(part)s, which is below the server's address."),
        mark("Write the URL without %(part)s."),
    ),
    "bad_moment": Phrase(mark("%(written)s is not a valid time."), mark("Write it as 2026-11-24T10:00.")),
    "bad_day": Phrase(mark("%(written)s is not a valid date."), mark("Write it as 2026-11-24.")),
    "rhythm_out_of_range": Phrase(
        mark("%(written)s is too short or too long between two reviews."), mark("Write 1 to %(most)s days.")
    ),
    "bad_rhythm": Phrase(
        mark("%(written)s is not an interval between reviews."), mark("Write it as 2 weeks or 10 days.")
    ),
    "bad_good_when": Phrase(
        mark("%(written)s is not a valid condition."), mark("Write a comparison and a number, in quotes: '>= 1'.")
    ),
    "bad_slo_name": Phrase(
        mark("%(written)s is not the name of an SLO in Cloud Monitoring."),
        mark("Write it as projects/P/services/S/serviceLevelObjectives/O."),
    ),
    "bad_range": Phrase(
        mark("The start of the range is not below its end."), mark("Write it as [0, 300], the lower end first.")
    ),
    "bad_value": Phrase(
        mark("The value does not fit here (%(detail)s)."),
        mark("Compare it with the examples in docs/configuration.md."),
    ),
}
TABLE: Mapping[str, Phrase] = {**FILES, **YAML, **KEYS, **VALUES}
