"""The sentence drafted for a candidate: who says it, and the clause around its value without what attributes it.

A draft is put together from the voice, the clause and the value as the row has it; a person looks at each. Rules are of
general English, and where they do not lead to a sentence it is unfinished.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from evidencebook.check.measured import measured
from evidencebook.intake.english import JOIN, MARK, VERB, VERBS
from evidencebook.intake.paired import UP_FROM, WHEN, paired
from evidencebook.intake.rewording import reworded
from evidencebook.intake.saying import TELLING
from evidencebook.values import numerals

UNSAID = "…"  # in a statement: what the curator has to say
# In one way or the other: what the article does not say itself is no run of it.
_HEDGE = {"exact": ("", ""), "about": ("about ", "around "), "at_least": ("at least ", "no less than "),
          "over": ("over ", "more than "), "up_to": ("up to ", "at most "), "under": ("under ", "less than ")}  # fmt: skip
_SAY = rf"(?:{TELLING}|found|heard|hears)"
_OFTEN = r"(?:(?:also|then|later|once|recently|has|have|had) )*"
_WHO = r"(?:[Hh]e|[Ss]he|[Tt]hey|I|(?:[Aa]n?|[Tt]he|[Oo]ne|[Aa]nother|[Bb]oth|[Tt]wo|[Aa]ll|[Hh]is|[Hh]er|[Tt]heir) (?:[\w’'-]+ ){0,5}?[\w’'-]+|[A-Z][\w’'.-]+(?: (?:[A-Z][\w’'.-]*|of|the|for)){0,5})"
_WHERE = r"(?: (?:on|last|in) \w+| this (?:week|month|year)| recently)?"
_SAID = rf"(?:(?:told|tells|warned) (?:(?:the |this )?[A-Z][\w’-]+(?: [A-Z][\w’-]+){{0,3}}|(?:an?|the|this) [a-z]+(?: (?:at|in|of) (?:the )?\w+)?|[a-z]{{3,}}s|him|her|them|us|me)|{_SAY})"
# "…, the clerk said, …", "… , according to Kwon"
_ASIDE = re.compile(
    rf"(?:, (?:{_WHO} {_OFTEN}{_SAID}{_WHERE}|{_SAY} {_WHO}(?: (?:in|of|at|from) [^,;]{{1,40}})?)"
    r"|,? (?:by (?:his|her|their|its) (?:count|account|estimate)|according to [^,;]{3,80}))"
    r"(?:, (?:who|which|an?|the) [^,;]{3,70})?(?P<close>,| (?=because|though|although|since|while)|$)"
)
_COUNTED = re.compile(r"\bby (?:his|her|their|its) (?:count|account|estimate),? ")
_ADDING = "adding|saying|noting|explaining|claiming|insisting|stressing|arguing|warning"
_AND_SAID = re.compile(rf",? (?:and|but) (?:{_WHO} )?{_SAY} that .*$|,? (?:{_ADDING}) that .*$")
_BY = re.compile(r"^[Aa]ccording to [^,;]{3,100}?(?:, (?:an?|the|who|which) [^,;]{3,80})?, ")
_THAT = re.compile(
    rf"\b{_SAID}(?: (?:in|on|at|to|last|this|earlier|during|recently|through|via|by|over|with|under|from|of)\b(?: [\w’']+){{0,6}}?)?,? that "
)
_SAYS = re.compile(
    rf"^(?:And |But )?[^,;{MARK}]{{2,110}}?(?:, [^,;{MARK}]{{3,90}},)?(?<! been)(?<! was)(?<! were)(?<! is)(?<! are) {_OFTEN}{_SAID}{_WHERE},? (?=\S)"
)
# A voice that does not say "that …": "put their age at 23", "knew of five".
_PREDICATES = {
    "put": "puts", "knew of": "knows of", "counted": "counts", "counts": "counts", "spoke of": "speaks of", "remembered": "remembers",
    "recalled": "recalls", "estimated": "estimates", "estimates": "estimates", "reported": "reports", "named": "names",
    "called": "calls", "speaks of": "speaks of", "showed": "shows", "listed": "lists", "mentioned": "mentions",
    "expects": "expects", "expected": "expects", "predicts": "predicts", "predicted": "predicts", "gave": "gives", "heard of": "has heard of", "saw": "saw", "described": "describes",
}  # fmt: skip
_RELATIVE = re.compile(r",? \b(?:who|which|that|whose)\b.*$| (?:seen|obtained|read) by\b.*$|, .*$")
_PREDICATE = re.compile(
    rf"^(?P<head>.{{2,120}}?),? {_OFTEN}(?P<verb>{'|'.join(sorted(_PREDICATES, key=len, reverse=True))}) (?=\S|$)"
)
_ALSO_PREDICATE = re.compile(rf"(?:,? (?:and|but)|, who) (?P<verb>{'|'.join(_PREDICATES)}) (?=\S|$)")
_ALSO = re.compile(rf",? (?:and|but|or) (?={VERBS}\b)")  # another verb of the same subject
_AHEAD = re.compile(
    r"^(?P<when>(?:In|On|At|Since|By|Until|During|Before|After|Last|This|Over|For|Within|Under|Amid|Despite|Throughout|Through|From|Between|Across|Among|With|Without|Instead of|Because of|Apart from)\b[^,;]{2,70}(?=,)|(?:Last|This|Next) (?:year|month|week|spring|summer|autumn|winter)|\w+ (?:years?|months?|weeks?|days?) (?:ago|later|earlier)),? (?=\S)"
)
_OF = r"(?:in|on|at|by|from|since|to|after|before|until|for|over|with|during|under|among|across|as|if|without|into|through|towards?|against|near|outside|off|behind|beyond|around|along|between|than|because|despite|throughout|inside|per|within|via|upon|about|that|who|which|whom|whose|when|where)\b"
_PHRASE = re.compile(
    rf",? {_OF}(?: (?!{_OF})[^ ,]+)+$|, [^,]+$| (?:(?:last|this|next) \w+|now|today|already|alone|every (?:day|week|month|year))$"
)
_TRAILING = re.compile(
    r",? (?:in|on|at|by|from|since|to|after|before|until|for|over|with|during|under|among|across|without|into|through)(?: (?!and\b)[^ ,]+){1,5}$"
)
_INSERTED = re.compile(r", [^,]{3,70},(?= )")
_SUBORDINATE = re.compile(
    r"(?:,? (?:–|—|;)|:|,? (?:because|though|although|whereas|while|so that|after which|which|whereupon)\b|, (?:and|but|who|whose|where|when|as|with|until|up|down|half|nearly|or|even|before|after|on)\b).*$"
)
_OPENING = re.compile(
    r"^(?:[Ww]hen|[Ww]here|[Aa]fter|[Bb]efore|[Bb]ecause|[Aa]lthough|[Tt]hough|[Ww]hile|[Ss]ince|[Aa]s|and|but|so) (?=(?:[A-Z\ufffc]|the|an?|their|its|his|her|they|some|most|no|each|every|many|half)\b)"
    r"|^(?:And|But|So|Then|Still|Yet|Also|Instead|However|In fact|Indeed|Meanwhile|Now|Both agree that)\b,? "
)
_FIRST = (
    (r"\bI am\b|\bI[’']m\b|\bI was\b", lambda one: "they were" if "was" in one else "they are"), (r"\b(?:I|[Ww]e)\b", lambda _: "they"),
    (r"\b(?:[Mm]y|[Oo]ur)\b", lambda _: "their"), (r"\b(?:me|us)\b", lambda _: "them"), (r"\bmyself|ourselves\b", lambda _: "themselves"),
)  # fmt: skip
PART = re.compile(r",|(?<!^One) (?:in|at|of|from|for|who|that|which|with|to)\b")
_AFTER = re.compile(
    r"[^,;:]{0,50}?(?=$|[,;:]| (?:and|to|from|for|because|since|who|which|if|was|were|is|are|have|has|had|will|would)\b)"
)
_FREE = re.compile(r"\b(?:he|she|they|it|him|her|them|his|their|its|there)\b", re.I)
_NEGATED = re.compile(rf"\b(?:never|not|nor|hardly)\s+(?=(?:\w+ )?{MARK})")
_FLIPPED = {
    "up_to": re.compile("(?:above|over|more|greater|exceed|beyond)"),
    "at_least": re.compile("(?:under|below|less|fewer)"),
}
# What begins a sentence with a capital and is no name.
_COMMON = frozenset(
    ["a", "an", "the", "this", "that", "these", "those", "some", "many", "most", "all", "no", "one", "two", "three", "four",
     "five", "six", "seven", "eight", "nine", "ten", "it", "he", "she", "they", "we", "there", "nobody", "somebody", "each",
     "every", "in", "on", "at", "by", "for", "from", "of", "with", "about", "around", "nearly", "only", "several", "both",
     "half", "more", "fewer", "if", "because", "although", "though", "after", "before", "since", "as", "once", "until", "under",
     "during", "despite", "following", "roughly", "nearly", "almost", "at", "over", "up", "just", "perhaps", "barely", "among", "rumor", "rumour", "pay", "work", "life", "food", "part", "their", "its", "his", "her", "our", "my",
     "last", "next", "nothing", "everything", "everybody", "everyone", "how", "where", "to", "money", "when", "while", "what", "workers", "women", "men", "people", "another", "other"]
)  # fmt: skip
_PLURAL = re.compile("[A-Z][a-z]{2,}s")
_DANGLING = re.compile(
    rf" {_OF}$| (?:after|before|for|by|without|while|of) \w+ing$|,? (?:that|which|who) (?:(?:was|were|is|are|had|has) )?\w+$"
)
_AGO = re.compile(r" (?:days?|weeks?|months?|years?) (?:ago|earlier|later|before|after)\b")
_OF_WHAT = re.compile(r"(?<=of )what\b.*")
_WHEN_SAID = re.compile(rf"^(?:In|On|At|During|After|Before) [^,;{MARK}]{{3,60}}, (?=[^,;{MARK}]{{2,60}} {_SAID} )")
_OPEN = re.compile(r"(?:if|unless|when|because|although|though)\b[^,]*$", re.I)
_EXCEEDS = re.compile(r"(?:exceed|surpass|top)(?:s|ed|p(?:ed|ing)|ing)? ")
_AND_THAT = re.compile(rf",? (?:and|but|or|{_ADDING}) that ")
LONGEST = 28  # words of a clause that is one draft


def draft(
    sentence: str, spot: tuple[int, int] | None, who: str, qualifier: str, modality: str, outlet: str,
    copied: Callable[[str], bool], common: Callable[[str], bool], meant: str = "",
) -> str:  # fmt: skip
    """Return a sentence for the value at `spot` of an article's sentence, or for all of it where there is none.

    `copied` says whether words are too long a run of the article, `common` whether a word is no name, and `meant` who
    "they" are at the head of a clause.
    """
    if spot and (exceeds := _EXCEEDS.match(sentence[slice(*spot)])):
        spot = (spot[0] + exceeds.end(), spot[1])  # which is the verb of its clause
    said = _marked(sentence, spot)
    if spot and qualifier in _FLIPPED and _FLIPPED[qualifier].match(sentence[slice(*spot)].strip().lower()):
        said = _NEGATED.sub("", said)  # "never had above 50"
    value, other = (_value(sentence[slice(*spot)], qualifier, one) if spot else "" for one in (False, True))
    is_outlet = not who or "(own narration)" in who
    subject, is_many = (outlet, False) if is_outlet else called(who)
    is_guess = modality == "inferred" or re.search(r"\b(?:estimat|reckon)", sentence)
    verb = "report" if is_outlet else "estimate" if is_guess else "say"
    for whom in dict.fromkeys((_RELATIVE.sub("", subject), PART.split(subject)[0])):
        saying = f"{whom} {verb}{'' if is_many else 's'} that "
        clauses = [*_clauses(said, is_outlet, qualifier == "range")]
        for clause, frame in sorted(clauses, key=lambda one: _has_another(one[0])):
            frame = _plural(frame) if is_many else frame
            told = _tidy(f"{frame}{clause}", common, is_first=not frame).rstrip(" ,;:–—.")
            told = re.sub(r"\b([Tt]hey)\b", meant, told, count=1) if meant and re.match("they\\b", told, re.I) else told
            if len(told.split()) > LONGEST or _OPEN.match(told):
                continue
            for again in reworded(told):
                for number in dict.fromkeys((value, other)):
                    made = f"{whom if frame else saying.rstrip()} {again.replace(MARK, number)}."
                    if not copied(made):
                        return made
    # Unfinished: as many of the words around the value as may stand.
    ahead, _, behind = next((one for one in _unframed(said, qualifier)), said).partition(MARK)
    after = _AFTER.match(behind)
    opening = ahead.split() if value else []
    for at in range(max(1, len(opening) - 7), len(opening) + 1):
        left = " ".join([f"{saying}{UNSAID}", *opening[at:], f"{value}{after[0].rstrip() if after else ''}."])
        if not copied(left):
            return left
    return f"{saying}{UNSAID}"


def _has_another(clause: str) -> bool:
    """Whether a clause has a value beside its own; a distance in time is none."""
    return any(not _AGO.match(clause, one.end) for one in measured(clause))


def _plural(frame: str) -> str:
    return re.sub(r"^(?:has|(\w+?)s)\b", lambda one: one[1] or "have", frame)


def called(who: str) -> tuple[str, bool]:
    """Return a voice as it begins a sentence, with an article where it is no name; and whether it is several."""
    head = PART.split(_RELATIVE.sub("", who))[0].split()
    is_many = bool(head) and (
        head[0].lower() in ("two", "three", "both", "several", "many", "some")
        or (
            (head[-1].islower() or (len(head) == 1 and head[-1].lower() in ("researchers", "officials", "residents")))
            and re.search(r"(?:[^s]s|people|men)$", head[-1]) is not None
        )
    )
    is_name = not head or not head[-1][0].islower()
    if (
        is_many
        or is_name
        or head[0].lower() in ("one", "another", "other", "the", "a", "an", "neither")
        or re.search("['’]s$", head[0])
    ):
        return f"{who[:1].upper()}{who[1:]}", is_many
    return f"{'An' if re.match('[aeiou](?!ni|ne)', head[0].lower()) else 'A'} {who}", False


def _unframed(said: str, qualifier: str) -> Iterator[str]:
    parts = [said, *(said[cut.end() :] for cut in JOIN.finditer(said, 0, said.find(MARK) + 1))]
    yield _without(_ASIDE, parts[-1])


def lowered(text: str) -> Callable[[str], bool]:
    """Return what tells of a word at the head of a sentence whether it is no name in that text."""
    text = "\n".join(line for line in text.split("\n") if re.search(r"[.!?,;:][\"”’)]*\s*$", line))  # no headings
    small = {*re.findall(r"(?<![.!?“\"] )(?<!^)\b[a-z][\w’'-]*", text, re.M)}
    names = {*re.findall(r"(?<=[a-z,;] )[A-Z][\w’'-]*", text)}
    return lambda word: word.lower() in small | _COMMON or (word not in names and _PLURAL.fullmatch(word) is not None)


def unclear(statement: str) -> list[str]:
    """Return the pronouns of a draft that nothing in it explains."""
    _, _, clause = statement.partition(" that ")
    match = _FREE.match(clause)
    return [match[0]] if match and match[0] not in ("there", "it") else []


def _marked(sentence: str, spot: tuple[int, int] | None) -> str:
    if spot:
        spot = (spot[0] + len(words := sentence[slice(*spot)]) - len(words.lstrip()), spot[1])
        sentence = f"{sentence[: spot[0]]}{MARK}{sentence[spot[1] :]}"
    sentence = re.sub(r"[“”\"«»]", "", " ".join(sentence.split()))
    return (
        re.sub(r"^[A-Z][A-Z .,-]{3,40}(?: [A-Z][a-z]+)?[.-] *(?:-|—|–)? ?(?=[A-Z])", "", sentence).strip().rstrip(".!?")
    )


def _value(words: str, qualifier: str, is_other: bool = False) -> str:
    """Return the value in words of our own hedge; a number is left as the article writes it."""
    words = words.strip()
    found = numerals.find(words)
    if not found or qualifier == "unquantified" or qualifier not in {*_HEDGE, "range"}:
        return words
    sign = re.search(r"(?:US|HK)?[$€£¥₩]\s?$", words[: found[0].start])
    number = words[found[0].start - len(sign[0]) if sign else found[0].start :]
    if qualifier == "range":
        return re.sub(r"(?<=\w) (?:and|or) (?=[$€£¥\w])", " to ", number, count=1)
    hedge = _HEDGE[qualifier][is_other]
    hedge = "within " if words.lower().startswith("within") else hedge
    if hedge and words.lower().startswith(number.lower()):
        return number  # the hedge stands behind it
    return f"{hedge}{number[:1].lower() + number[1:] if number[1:2].islower() else number}"


def _clauses(said: str, is_outlet: bool, is_range: bool) -> Iterator[tuple[str, str]]:
    """Yield the clauses that a draft may take, the best first, each with the verb of a voice that says no "that"."""
    said = _COUNTED.sub("", _without(_BY, said))
    said = re.sub(rf"(?i:\bbetween) (?={MARK})", "", said) if is_range else said
    frame, mark = "", MARK in said
    before = said.partition(MARK)[0]
    that = [*_THAT.finditer(before)]
    if that:
        too = [*_AND_THAT.finditer(before, that[-1].end())]
        said = said[(too or that)[-1].end() :]
    elif too := [*_AND_THAT.finditer(before)]:
        said = said[too[-1].end() :]
    elif not is_outlet and (also := [*_ALSO_PREDICATE.finditer(before)]):
        said, frame = said[also[-1].end() :], f"{_PREDICATES[also[-1]['verb']]} "
    elif not is_outlet and (match := _PREDICATE.match(before)) and not VERB.search(_RELATIVE.sub("", match["head"])):
        said, frame = said[match.end() :], f"{_PREDICATES[match['verb']]} "
    said = " ".join(_without(_ASIDE, said).split()).strip(" ,;")
    said = said if is_outlet else _WHEN_SAID.sub("", said)
    if not that and not frame and not is_outlet and (match := _SAYS.match(said)):
        said = said[match.end() :]
    said = _without(_AND_SAID, said) if mark else said
    if not mark:
        said = (
            f"{said[match.end() :]} {match['when'][:1].lower()}{match['when'][1:]}"
            if (match := _AHEAD.match(said))
            else said
        )
        for one in dict.fromkeys((said, _ALSO.split(said)[0], _SUBORDINATE.sub("", said))):
            while one and (frame or VERB.search(one)):
                yield one, frame
                cut = _TRAILING.search(one)
                one = one[: cut.start()] if cut and not VERB.search(cut[0]) else ""
        return
    if beside := [*paired(said)]:
        yield from ((one, frame if is_framed else "") for one, is_framed in beside)
        if UP_FROM.match(said):
            return
    parts = [said]
    for cut in JOIN.finditer(said, 0, said.index(MARK) + 1):
        if VERB.search(_OF_WHAT.sub("", _first(said[cut.end() :]))):
            parts.insert(0, said[cut.end() :])
    if (when := WHEN.match(said)) and VERB.search(_first(when["rest"])):
        parts.insert(0, f"{_first(when['rest'])} {re.sub('^since', 'in', when['time'])}")
    for part in parts:
        is_framed = bool(frame) and part is said
        for one in _shorter(_first(part), is_framed):
            yield one, frame if is_framed else ""


def _without(pattern: re.Pattern[str], said: str) -> str:
    """Return a sentence without what attributes it, as long as its value stays."""

    def closed(one: re.Match[str]) -> str:
        if not one.groupdict().get("close"):
            return ""
        return ", " if re.match(r" ?(?:and|but|while|whereas|so)\b", said[one.end() :]) else " "

    left = pattern.sub(closed, said)
    left = re.sub(r",\s+(?=, |$)", "", left)
    return left if (MARK in left) == (MARK in said) and left.strip() else said


def _shorter(clause: str, is_framed: bool) -> Iterator[str]:
    """Yield a clause, and what is left of it when less and less of its surroundings stays."""
    if match := _AHEAD.match(clause):
        when = match["when"]
        clause = f"{clause[match.end() :]} {when[:1].lower()}{when[1:]}" if MARK not in when else clause
    if not (verb := VERB.search(clause)) and not is_framed:
        return
    yield clause
    if _INSERTED.search(clause[: clause.index(MARK)]):
        clause = _INSERTED.sub("", clause[: clause.index(MARK)], count=1) + clause[clause.index(MARK) :]
        yield clause
    for one in measured(clause):  # "40 in the north and 20 in the south"
        if (
            one.start > clause.index(MARK)
            and (cut := re.search(r",? (?:and|but|or)? ?$", clause[: one.start]))
            and cut[0].strip()
        ):
            yield clause[: cut.start()]
            break
    at = clause.index(MARK)
    subject = clause[: verb.start()].strip() if verb and verb.start() < at else ""
    for cut in _ALSO.finditer(clause):
        if cut.start() > at:
            clause = clause[: cut.start()]
            yield clause
            break
        if subject and len(subject.split()) < 8 and "," not in subject:
            clause = f"{subject} {clause[cut.end() :]}"
            yield clause
            break
    while True:
        last = _PHRASE.search(clause)
        if (
            not last
            or (VERB.search(last[0]) and not VERB.search(_RELATIVE.sub("", clause[: last.start()])))
            or last.start() <= clause.index(MARK) + 1
            or not (is_framed or VERB.search(clause[: last.start()]))
        ):
            break
        clause = _DANGLING.sub("", clause[: last.start()])
        if not (is_framed or VERB.search(clause)):
            break
        yield clause
    if (
        subject
        and "," not in subject
        and not measured(subject)
        and not re.search(r"\b(?:one|each|every|half|most|some|none)\b", subject)
        and not re.search(r"\b(?:and|who|which|that|whom)\b", subject)
        and len(short := re.split(r",? (?:who|which|that|in|of|at|from|with)\b", subject)[0]) < len(subject)
    ):
        yield clause.replace(subject, short, 1)


def _first(part: str) -> str:
    """Return the part up to where another clause begins behind the value."""
    at = part.index(MARK) if MARK in part else 0
    for cut in JOIN.finditer(part, at):
        if MARK in part[: cut.start()] and VERB.search(part[: cut.start()]) and VERB.search(part[cut.end() :]):
            return part[: cut.start()]
    match = _SUBORDINATE.search(part, at)
    return part[: match.start()] if match and VERB.search(part[: match.start()]) else part


def _tidy(clause: str, common: Callable[[str], bool], *, is_first: bool) -> str:
    clause = _OPENING.sub("", clause.strip())
    clause = re.sub(rf"^(?:of whom {MARK}|{MARK} of whom)", f"{MARK} of them", clause)
    for pattern, instead in _FIRST:
        clause = re.sub(pattern, lambda one, made=instead: made(one[0]), clause)  # type: ignore[misc]
    clause = re.sub(rf"\b(?:a )?total of {MARK}", MARK, clause)
    first = clause.partition(" ")[0]
    return clause[:1].lower() + clause[1:] if is_first and first[:1].isupper() and common(first) else clause
