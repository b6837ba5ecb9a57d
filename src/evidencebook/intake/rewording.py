"""Words of our own for those of an article: what breaks up a run of its words without changing what is said."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evidencebook.intake.english import MARK, VERB

_OF_ALL = (
    r"(?:hour|day|night|week|month|quarter|year|shift|person|worker|head)\b(?! (?:ago|earlier|later|before|after|or)\b)"
)
_OWN = tuple(
    (re.compile(rf"\b(?:{words})\b" if words[0] not in "([" else words), instead)
    for words, instead in (
        # A value and what it is for each of.
        (rf"((?:{MARK}|\d[\d,.]*)(?: [\w$]+){{0,2}}) (?:a|each|every) (?={_OF_ALL})", r"\1 per "),
        (rf"({MARK}(?: [\w$]+){{0,2}}) per (?!cent\b|hour|day|night|week|month|quarter|year)(?=[a-z])", r"\1 for each "),
        (rf"({MARK}) percent\b", r"\1%"), (r"has to", "must"), (r"have to", "must"), (r"required to", "obliged to"), (r"forced to", "made to"),
        (r"allowed to", "permitted to"), (r"told to", "instructed to"), (r"asked to", "requested to"),
        (r"tried to", "attempted to"), (r"in order to", "to"), (r"such as", "like"), (r"as well as", "and also"),
        (r"would not(?= (?:say|tell|give|answer|comment))", "refused to"), (r"because", "since"), (r"although", "though"), (r"until", "till"), (r"in addition to", "besides"),
        (r"at least(?= \w)", "no fewer than"), (r"more than(?= [\d$])", "over"), (r"about(?= [\d$])", "around"),
        (r"as many as|as much as", "up to"), (r"fewer than(?= \d)", "under"), (r"some(?= \d)", "about"),
        (r"over the past", "in the last"), (r"in the past(?= \w)", "over the last"), (r"nearly", "almost"), (r"nowadays", "now"), (r"has cleared", "has made"), (r"found with", "caught with"),
        (r"rose(?= (?:by|from|to|over|in)\b)", "went up"), (r"(?:fell|declined)(?= (?:by|from|to|over|in)\b)", "went down"),
        (r"increased(?= (?:by|from|to)\b)", "rose"), (r"grew(?= (?:by|from|to)\b)", "rose"), (r"within(?= an? )", "in less than"),
        (r"was shut", "was closed"), (r"began|begun", "started"), (r"bought", "purchased"), (r"buys", "purchases"),
        (r"return(?= to\b)", "go back"), (r"returned(?= (?:to|home)\b)", "went back"), (r"come home", "returned home"),
        (r"receives", "gets"), (r"received", "got"), (r"receive", "get"), (r"hires", "takes on"), (r"hired", "took on"),
        (r"hire", "take on"), (r"often", "frequently"), (r"usually", "as a rule"), (r"several", "a number of"),
        (r"large", "big"), (r"hard(?= to\b)", "difficult"), (r"near(?= [a-z])", "close to"), (r"asks for", "wants"),
        (r"sent(?= (?:to|from|by|out)\b)", "dispatched"), (r"asked for", "wanted"), (r"located", "situated"),
        (r"each(?= [a-z])", "every"), (r"every(?! other)(?= [a-z])", "each"), (r"(?<!not )only(?= [a-z])", "just"),
        (r"but", "yet"), (r"towards?", "for"), (r"now", "at present"), (r"employs", "has at work"), (r"throughout", "all over"),
        (r"constructed", "built"), (r"is unable to|are unable to", "cannot"), (r"from elsewhere", "from other places"),
        (r"(\w+)-(\w+ing) (plants?|factor(?:y|ies)|compan(?:y|ies)|firms?|mills?|yards?|cent(?:er|re)s?)\b", r"\3 for \2 \1"),
        (r"([A-Z]\w+)['’]s (\w+)(?= (?:in|on|at|since|by|from|during|before|after|under)\b|$)", r"the \2 of \1"),
        (r"during(?= (?:the|its|their|a)\b)", "in the time of"),
    )
)  # fmt: skip
_WITHIN = re.compile(r"\b(?:who|whom|whose|which|that|what|when|where|if|after|because|since|as)\b")
_AT_THE_END = re.compile(
    r"^(?P<rest>.{12,}),? (?P<phrase>(?:in|on|at|during|since|before|after|until|over|across)(?: (?!and\b|or\b|of\b|to\b|for\b|with\b|from\b|in\b|that\b|who\b|which\b)[\w’'-]+){1,5})$"
)


def reworded(clause: str) -> Iterator[str]:
    """Yield a clause, then the same in more and more words of our own, and at last with its time or place ahead."""
    yield clause
    for pattern, instead in _OWN:
        made = pattern.sub(instead, clause, count=1)
        if made != clause and not re.search(r"\bper \w+ per\b", made):
            yield (clause := made)
    if (
        (end := _AT_THE_END.match(clause))
        and not VERB.search(end["phrase"])
        and (MARK not in clause or MARK in end["rest"])
    ):
        yield f"{end['phrase']} {end['rest']}"
