"""Verbs by which an article attributes what it tells, in the forms that stand behind a voice."""

from __future__ import annotations

import re

_STEMS = (
    "add answer assert attest boast caution claim complain confirm contend count doubt explain fear hint insist lament "
    "maintain mention predict recall reckon recount remark remember report respond reveal suggest suspect warn"
)
_STEMS_IN_E = (
    "acknowledge allege announce argue assume believe concede conclude declare describe disclose emphasise emphasize "
    "estimate note observe state surmise"
)
_OTHERS = (
    "said say says told tells heard hears learned knows knew speaks spoke wrote writes shows showed think thinks thought "
    "call calls called expect expects hopes admits admitted denies denied replies replied testifies testified forecasts "
    "puts worries guesses guessed agrees agreed stresses stressed estimate believe report claim argue count reckon "
    "remember recall doubt insist warn complain predict"
)
_NOUNS = {"fears", "hints", "answers"}  # rather than verbs, behind a voice
_FORMS = {
    *_OTHERS.split(),
    *(form for stem in _STEMS.split() for form in (f"{stem}s", f"{stem}ed")),
    *(form for stem in _STEMS_IN_E.split() for form in (f"{stem}s", f"{stem}d")),
}
# Alternatives of a pattern, the longest first.
FORMS = "|".join(sorted(_FORMS - _NOUNS, key=lambda form: (-len(form), form)))
# Those that may stand before what is said, where "that" is left out: "the broker said nine came".
_WITH_OBJECTS = re.compile(
    r"(?:call|show|count|put|know|knew|describ|observ|expect|remember|heard|hear|mention|speak|spoke|disclos|answer|boast|fear|forecast|recount|reveal|doubt|den[iy])\w*"
)
TELLING = "|".join(form for form in FORMS.split("|") if not _WITH_OBJECTS.fullmatch(form))
