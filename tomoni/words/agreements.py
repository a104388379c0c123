"""Problems of exclusions and policies (`catalog.codes`), in words: what it is and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from tomoni.words.phrases import Phrase
from tomoni.words.text import mark

TABLE: Mapping[str, Phrase] = {
    "exclusion_form": Phrase(
        mark("It is not clear when this exclusion applies."), mark("Write the keys of exactly one form: %(known)s.")
    ),
    "ends_before_start": Phrase(mark("The end is not after the start."), mark("Write the earlier moment as start.")),
    "bad_rule": Phrase(
        mark("%(written)s is not a valid part of a repeating rule for whole days."),
        mark("Start with FREQ= and one of %(known)s, as in FREQ=MONTHLY;BYDAY=2SU."),
    ),
    "never_happens": Phrase(
        mark("%(written)s does not fall on any day."), mark("Check its days and months, and its UNTIL.")
    ),
    "out_of_years": Phrase(mark("The year is too far away."), mark("Start in a year from %(first)s to %(last)s.")),
    "bad_clock": Phrase(
        mark("%(written)s is not a time of day."),
        mark('Write hours and minutes in quotes: "09:00", at most "24:00".'),
    ),
    "closes_first": Phrase(
        mark("The hours close before they open."), mark("Write opens before closes, both on the same day.")
    ),
    "bad_country": Phrase(
        mark("The public holidays of %(written)s are not available."),
        mark("Use the two letters of ISO 3166, such as JP."),
        near=mark("Did you mean %(nearest)s? Use the two letters of ISO 3166."),
    ),
    "bad_level": Phrase(
        mark("%(written)s is not a share of a budget."), mark("Write a percentage from 0%% to 100%%, such as 25%%.")
    ),
    "level_twice": Phrase(
        mark("Another level of this policy starts at the same share of the budget."),
        mark("Merge the two, or change one."),
    ),
    "bad_slo_path": Phrase(
        mark("%(written)s does not name an SLO within its journey."), mark("Write it as journey/slo.")
    ),
    "unknown_slo": Phrase(
        mark("This app has no SLO %(slo)s."),
        mark("Use one of: %(known)s."),
        near=mark("Did you mean %(nearest)s? SLOs: %(known)s."),
    ),
    "unknown_app": Phrase(
        mark("There is no app %(app)s."),
        mark("Use one of: %(known)s."),
        near=mark("Did you mean %(nearest)s? Apps: %(known)s."),
    ),
    "unknown_policy": Phrase(
        mark("There is no policy %(policy)s in policies.yaml."),
        mark("Use one of: %(known)s; or add it there."),
        near=mark("Did you mean %(nearest)s? Policies: %(known)s."),
    ),
    "composite_mixed": Phrase(
        mark("The journey %(journey)s has SLOs of events and of time slices, which have no common sum."),
        mark("Write composite: worst_of, or give all of them one method."),
    ),
}
