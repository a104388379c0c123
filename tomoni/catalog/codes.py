"""Every problem that the catalog can find, as a code; `words` turns a code and its facts into a sentence.

The comment behind a code names its facts. Facts never hold a value that came from the environment,
nor anything that was written in ``sources.yaml`` except names of keys, kinds, headers and sources.
A list is one fact, its parts separated by a comma and a space; ``nearest`` is empty where nothing
is near.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from enum import StrEnum

from tomoni.catalog.schema import Severity


class Code(StrEnum):
    """What is wrong; `severity_of` gives the severity of each."""

    # Files
    FOLDER_MISSING = "folder_missing"  # folder, kind (where a file is in its place)
    FILE_MISSING = "file_missing"  # file
    FILE_UNREADABLE = "file_unreadable"  # reason (the system's text), kind (of a folder)
    LINK_TO_NOTHING = "link_to_nothing"  # target, kind (of a folder)
    FILE_EMPTY = "file_empty"
    FILE_TOO_LARGE = "file_too_large"  # bytes
    NOT_UTF8 = "not_utf8"
    NO_APPS = "no_apps"  # folder
    FILE_NOT_READ = "file_not_read"  # file, nearest, known
    LAST_GOOD_IN_FORCE = "last_good_in_force"  # name (of a file, or of a source)
    # YAML
    YAML_SYNTAX = "yaml_syntax"  # detail (the parser's text), column, began (line)
    YAML_SECOND_DOCUMENT = "yaml_second_document"
    YAML_TAB = "yaml_tab"  # column
    YAML_LOOKALIKE = "yaml_lookalike"  # sign (unless a blank), code (of it), meant, column
    YAML_NO_BLANK = "yaml_no_blank"  # key
    YAML_TAG = "yaml_tag"  # tag
    YAML_LOOP = "yaml_loop"
    YAML_TOO_LARGE = "yaml_too_large"  # at_most (values, aliases repeated)
    YAML_TOO_DEEP = "yaml_too_deep"  # at_most (levels)
    BAD_KEY = "bad_key"
    BAD_MERGE = "bad_merge"
    DUPLICATE_KEY = "duplicate_key"  # key, first_line
    # Keys and types
    UNKNOWN_KEY = "unknown_key"  # key, nearest, known; level (where it belongs) of one that is known elsewhere
    MISSING_KEY = "missing_key"  # key
    # expected: mapping, list, text, window, number, whole_number, boolean; found (mapping, list), or written
    WRONG_TYPE = "wrong_type"
    EMPTY_TEXT = "empty_text"
    TOO_LONG = "too_long"  # at_most (characters)
    BAD_CHOICE = "bad_choice"  # written, nearest, known
    OUT_OF_RANGE = "out_of_range"  # some of: above, at_least, below, at_most; meant, written
    # Values
    BAD_ID = "bad_id"  # written, meant
    NOT_A_NUMBER = "not_a_number"  # written, meant
    BAD_DURATION = "bad_duration"  # written, meant
    LENGTH_OUT_OF_RANGE = "length_out_of_range"  # written, days (at most), reason ("from_zero" where 0 is fine)
    BAD_BUCKET = "bad_bucket"  # written, known
    BAD_PART = "bad_part"  # written
    OBJECTIVE_OUT_OF_RANGE = "objective_out_of_range"  # written
    OBJECTIVE_LOOKS_LIKE_RATIO = "objective_looks_like_ratio"  # written, meant
    BAD_TIMEZONE = "bad_timezone"  # written, nearest
    ZONE_IS_TURNED = "zone_is_turned"  # written, offset
    ZONE_HAS_NO_SUMMER = "zone_has_no_summer"  # written, offset, meant
    BAD_LANGUAGE = "bad_language"  # written, nearest, known
    LANGUAGE_NOT_SHOWN = "language_not_shown"  # language, nearest, known
    BAD_URL = "bad_url"
    SECRET_IN_URL = "secret_in_url"  # noqa: S105 - a code
    SECRET_IN_LINK = "secret_in_link"  # noqa: S105 - a code; part (password, token, address, or a parameter's name)
    EVENTS_FORM = "events_form"
    TICKET_PARAMETER_MISSING = "ticket_parameter_missing"  # parameter (of the address of a tracker)
    URL_HAS_QUERY = "url_has_query"
    URL_HAS_API_PATH = "url_has_api_path"  # part (such as /api/v1)
    BAD_MOMENT = "bad_moment"  # written
    BAD_DAY = "bad_day"  # written
    BAD_RHYTHM = "bad_rhythm"  # written
    RHYTHM_OUT_OF_RANGE = "rhythm_out_of_range"  # written, most (days)
    BAD_GOOD_WHEN = "bad_good_when"  # written
    BAD_SLO_NAME = "bad_slo_name"  # written
    BAD_RANGE = "bad_range"
    BAD_VALUE = "bad_value"  # detail (a code of the checking library)
    # What does not fit together
    WINDOW_NOT_WHOLE = "window_not_whole"  # window, part ("bucket" or "slice"), length
    SLICE_NOT_WHOLE = "slice_not_whole"  # slice, bucket
    CALENDAR_CUTS = "calendar_cuts"  # zone, part ("bucket" or "slice"), length, meant
    SLICE_MISSING = "slice_missing"
    SLICE_UNUSED = "slice_unused"
    NO_DATA_UNUSED = "no_data_unused"
    FIRST_MONTH_UNUSED = "first_month_unused"
    FIRST_DAY_UNUSED = "first_day_unused"
    DUPLICATE_ID = "duplicate_id"  # what (app, journey, slo, signal, …), id, first_file, first_line
    SAME_TITLE = "same_title"  # what (app, journey, slo, signal), id, name
    UNKNOWN_SOURCE = "unknown_source"  # source, nearest, known
    UNKNOWN_KIND = "unknown_kind"  # kind, nearest, known
    SOURCE_UNUSABLE = "source_unusable"  # source, slos, signals
    UNKNOWN_JOURNEY = "unknown_journey"  # journey, nearest, known
    UNKNOWN_GROUP = "unknown_group"  # group, nearest, known
    NOTHING_MEASURED = "nothing_measured"  # what (app, journey), id
    # Queries
    NO_SLI_FORM = "no_sli_form"  # known
    SEVERAL_SLI_FORMS = "several_sli_forms"  # forms
    GOOD_AND_BAD = "good_and_bad"
    GOOD_OR_BAD_MISSING = "good_or_bad_missing"
    ERROR_AND_SUCCESS = "error_and_success"
    WEIGHT_FORM = "weight_form"
    PERCENT_NOT_RATIO = "percent_not_ratio"  # key
    UNDER_AND_RANGE = "under_and_range"
    UNDER_OR_RANGE_MISSING = "under_or_range_missing"
    FORM_NOT_ANSWERED = "form_not_answered"  # form, source, kind, known
    UNKNOWN_PLACEHOLDER = "unknown_placeholder"  # placeholder, known
    PLACEHOLDER_IN_SELECTOR = "placeholder_in_selector"  # placeholder
    WINDOW_NOT_USED = "window_not_used"
    RATE_AS_COUNT = "rate_as_count"  # function
    SELECTOR_HAS_RANGE = "selector_has_range"  # meant
    SELECTOR_IN_FUNCTION = "selector_in_function"  # key, function, meant
    SELECTOR_UNCLOSED = "selector_unclosed"  # missing
    SELECTOR_EXPECTED = "selector_expected"  # key
    HISTOGRAM_NAMED_BUCKET = "histogram_named_bucket"  # meant
    HISTOGRAM_HAS_EDGE = "histogram_has_edge"
    # Alerts
    SPLIT_LABELS = "split_labels"  # most
    SPLIT_FORM = "split_form"  # form
    SPLIT_EXPRESSION = "split_expression"
    ALERT_FACTOR = "alert_factor"
    ALERT_WINDOWS = "alert_windows"  # long, short
    ALERT_UNREACHABLE = "alert_unreachable"  # severity, long, short, factor, objective
    ALERT_TOO_FINE = "alert_too_fine"  # severity, long, short, part ("bucket" or "slice"), length
    ALERT_BEYOND_WINDOW = "alert_beyond_window"  # severity, long, short, window
    WINDOWS_CUT = "windows_cut"  # windows, used (lists of lengths), part ("bucket" or "slice"), length
    # Exclusions and policies
    PEAK_FORM = "peak_form"  # known (the forms)
    EXCLUSION_FORM = "exclusion_form"  # known (the forms)
    ENDS_BEFORE_START = "ends_before_start"
    MOMENT_SKIPPED = "moment_skipped"  # at_clock, zone, shifted
    MOMENT_TWICE = "moment_twice"  # at_clock, zone, first, second
    BAD_RULE = "bad_rule"  # written (the part that is wrong), known (the frequencies)
    NEVER_HAPPENS = "never_happens"  # written
    OUT_OF_YEARS = "out_of_years"  # first, last
    BAD_CLOCK = "bad_clock"  # written, latest
    CLOSES_FIRST = "closes_first"
    BAD_COUNTRY = "bad_country"  # written, nearest
    LEVEL_TWICE = "level_twice"
    BAD_SLO_PATH = "bad_slo_path"  # written
    UNKNOWN_SLO = "unknown_slo"  # slo, nearest, known
    UNKNOWN_APP = "unknown_app"  # app, nearest, known
    UNKNOWN_TEAM = "unknown_team"  # team, nearest, known
    MAIL_MISSING = "mail_missing"
    MAIL_UNUSED = "mail_unused"
    QUIET_NEVER = "quiet_never"
    RULE_FOR_NOBODY = "rule_for_nobody"  # role
    RULE_NAMES_NOTHING = "rule_names_nothing"  # what (app, team), id, nearest, known
    RULE_OF_NO_APP = "rule_of_no_app"  # key (teams, apps)
    NO_ADDRESS = "no_address"  # written
    SAME_PARTS = "same_parts"  # key, other (keys of an SLI)
    LIMIT_LOOKS_LIKE_PERCENT = "limit_looks_like_percent"  # written, meant
    UNKNOWN_POLICY = "unknown_policy"  # policy, nearest, known
    POLICY_UNUSED = "policy_unused"  # policy
    RISK_WITHOUT_END = "risk_without_end"  # lasts_seconds, every_seconds
    COMPOSITE_MIXED = "composite_mixed"  # journey
    LEDGER_TOO_SHORT = "ledger_too_short"  # key, app, kept_seconds, needed (days)
    COMPACTED_NEVER = "compacted_never"  # keep_seconds
    # Agendas
    STEP_TWICE = "step_twice"  # step
    STEP_LEFT_OUT = "step_left_out"  # step, keys
    CLOSE_STAYS = "close_stays"
    # The environment
    VARIABLE_NOT_SET = "variable_not_set"  # name
    VARIABLE_EMPTY = "variable_empty"  # name
    VARIABLE_EMPTY_PART = "variable_empty_part"  # name
    BAD_VARIABLE = "bad_variable"  # written
    VARIABLE_MISPLACED = "variable_misplaced"  # written
    VARIABLE_LOOKALIKE = "variable_lookalike"
    UNKNOWN_VARIABLE = "unknown_variable"  # name, nearest, known
    FILE_NOT_READ_HERE = "file_not_read_here"
    # Credentials and headers of a source
    SECRET_ENDS_LINE = "secret_ends_line"  # noqa: S105 - a code
    SECRET_HAS_CONTROL = "secret_has_control"  # noqa: S105 - a code
    SECRET_HAS_BLANKS = "secret_has_blanks"  # noqa: S105 - a code
    SECRET_IS_A_PATH = "secret_is_a_path"  # noqa: S105 - a code
    TOKEN_HAS_SCHEME = "token_has_scheme"  # noqa: S105 - a code; scheme
    BAD_AUTH_SCHEME = "bad_auth_scheme"
    USERNAME_HAS_COLON = "username_has_colon"
    AUTHORIZATION_TWICE = "authorization_twice"
    BAD_HEADER_NAME = "bad_header_name"
    HEADER_RESERVED = "header_reserved"  # header
    # Found by querying the sources (`catalog.inspect`); a source's findings about a query have their own codes
    SOURCE_FAILED = "source_failed"  # source, error (a code of data_sources.errors), detail, queries, and its facts
    RETENTION_BELOW_WINDOW = "retention_below_window"  # source, retention_seconds, window_seconds, slos
    CLOCK_DIFFERS = "clock_differs"  # source, difference_seconds, direction (ahead, behind)
    NATIVE_PERIOD = "native_period"  # slo, period (such as fortnight)
    NATIVE_WINDOW = "native_window"  # slo, window, bucket


WARNINGS = frozenset(
    {
        Code.NO_APPS,
        Code.FILE_NOT_READ,
        Code.LAST_GOOD_IN_FORCE,
        Code.OBJECTIVE_LOOKS_LIKE_RATIO,
        Code.LANGUAGE_NOT_SHOWN,
        Code.NO_DATA_UNUSED,
        Code.FIRST_MONTH_UNUSED,
        Code.FIRST_DAY_UNUSED,
        Code.UNKNOWN_GROUP,
        Code.NOTHING_MEASURED,
        Code.SAME_TITLE,
        Code.WINDOW_NOT_USED,
        Code.PERCENT_NOT_RATIO,
        Code.HISTOGRAM_NAMED_BUCKET,
        Code.ALERT_UNREACHABLE,
        Code.ALERT_TOO_FINE,
        Code.ALERT_BEYOND_WINDOW,
        Code.WINDOWS_CUT,
        Code.RETENTION_BELOW_WINDOW,
        Code.CLOCK_DIFFERS,
        Code.VARIABLE_EMPTY_PART,
        Code.VARIABLE_MISPLACED,
        Code.VARIABLE_LOOKALIKE,
        Code.UNKNOWN_VARIABLE,
        Code.MAIL_UNUSED,
        Code.QUIET_NEVER,
        Code.RULE_FOR_NOBODY,
        Code.RULE_NAMES_NOTHING,
        Code.NO_ADDRESS,
        Code.SAME_PARTS,
        Code.LIMIT_LOOKS_LIKE_PERCENT,
        Code.COMPACTED_NEVER,
        Code.ZONE_IS_TURNED,
        Code.ZONE_HAS_NO_SUMMER,
        Code.CALENDAR_CUTS,
        Code.MOMENT_SKIPPED,
        Code.MOMENT_TWICE,
        Code.POLICY_UNUSED,
        Code.RISK_WITHOUT_END,
        Code.STEP_LEFT_OUT,
        Code.RATE_AS_COUNT,
        Code.HISTOGRAM_HAS_EDGE,
    }
)


def severity_of(code: Code) -> Severity:
    """Whether a problem keeps something from working, or is a likely mistake."""
    return Severity.WARNING if code in WARNINGS else Severity.ERROR


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that is most like a word, or most like its beginning; nothing when none is near."""
    names = list(known)
    if close := get_close_matches(word, names, n=1, cutoff=0.6):
        return close[0]
    beginnings = {name.partition("_")[0]: name for name in reversed(names)}
    close = get_close_matches(word, [text for text in beginnings if len(text) > 3], n=1, cutoff=0.75)
    return beginnings[close[0]] if close else ""


def listed(words: Iterable[str]) -> str:
    """Words as one fact."""
    return ", ".join(words)


def facts_of_unknown(word: str, known: Iterable[str]) -> dict[str, str]:
    """The facts of a name that is not known."""
    names = list(known)
    return {"nearest": nearest(word, names), "known": listed(names)}
