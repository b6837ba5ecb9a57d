"""Who speaks in a passage, as what kind of voice, and how that voice stands to what it says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from evidencebook.intake.saying import FORMS, TELLING
from evidencebook.intake.sentences import Sentence

_VERB = rf"(?:{FORMS}|gave (?:an?|another)|found(?= that)|put|pointed out|points out)"
# "the X, a Y in Z, said" and "said X"; a name, or a noun phrase with its apposition.
_NOUN = (
    r"(?:source|person|people|official|spokes(?:person|man|woman)|minister|ministry|department|agency|service|government|embassy|"
    r"consulate|police|authorit(?:y|ies)|researcher|expert|analyst|professor|scholar|economist|director|fellow|adviser|advisor|"
    r"report|study|survey|association|federation|union|chamber|office|bureau|fund|foundation|alliance|party|court|firm|charity|mayor|governor|chief|head|captain|pilot|monk|woman|man|mother|father|girl|boy|refugee|migrant|returnee|document|letter|statement|resolution|"
    r"manager|employer|owner|employee|staff(?: member)?|worker|labou?rer|cadre|supervisor|trader|broker|resident|diplomat|"
    r"lawyer|activist|group|organi[sz]ation|institute|cent(?:er|re)|company|witness|survivor|driver|merchant|businessman|neighbou?r|relative|panel|council|committee|commission|circular|newspaper|crew|clerk|agent|missionary|guard|guide|cook|nurse|student|priest|soldier|aide|"
    r"(?!(?:numb|ord|matt|wint|summ|oth|anoth|wheth|howev|und|ov|aft|nev|lat|rath|togeth|pow|riv|bord|quart|lett|answ|off|pap)er|(?:fact|err|sect)or)[a-z]{3,}(?:er|or|ist))s?"
)
_NAME = r"(?:[A-Z][\w’'-]+(?: (?:[A-Z][\w’'.-]*|of|the|for|and|de|al|bin|in|at)){0,9})"
_WHO = rf"(?:(?:(?:[Aa]n?|[Tt]he|[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Mm]any|[Mm]ultiple|[Ss]everal|[Aa]nother|[Ss]ome|[Bb]oth|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir) )(?:(?!{_VERB}\b)[\w’'.-]+ ){{0,6}}?{_NOUN}(?: (?:in|of|at|from|for|with|close to|familiar with|who|to) [^,.;“”\"]{{1,60}}?)?|(?:[Oo]ne|[Tt]wo|[Tt]hree|[Bb]oth|[Aa]ll|[Ss]everal) of (?:them|the (?:two|three|four|five|six))|{_NAME})"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b[Aa]ccording to (?P<who>(?:[^,.;“”\"]|(?<=\b[A-Z])\.){3,110}?)(?:[,;“”\"]|(?<!\b[A-Z])\.| on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day| recently|$)",
        rf"^[“\"\s]*(?P<who>(?i:(?:[\w’'-]+ ){{0,3}}{_NOUN})(?: (?:in|of|at|from|for|with|by) [^,.;“”\"]{{1,60}}?)?),? (?:published [^,.;]{{3,30}}, )?(?:also |have |has )*{_VERB}\b",
        rf"(?<!\bin )(?<!\bat )(?<!\bof )(?<!\bfrom )\b(?P<who>{_WHO}),? (?:(?:who|which|seen by|obtained by) [^,.;]{{3,60}}?,? |[^,.;“”\"]{{3,130}}, )?(?:has |have |had |also |later |recently )*{_VERB}\b",
        rf"\b(?:said|says|added|explained|noted|warned|claimed) (?P<who>(?:one|an?|the|another) (?:[\w’'-]+ ){{0,5}}?{_NOUN}(?: (?:in|of|at|from) [^,.;“”\"]{{1,50}})?|{_NAME})",
    )
)
_NAMED = _PATTERNS[2]
_PRONOUN = re.compile(
    rf"\b(?:[Hh]e|[Ss]he|[Tt]hey|I|[Tt]he other(?: one)?) (?:\w+ly |also |then |later |once |has |have |had )?{_VERB}\b"
    rf"|\b[Ii]t (?:also |later )?(?:{TELLING})\b|\b(?:{FORMS}),? (?:he|she)\b|\b[Bb]y (?:his|her|their) (?:own )?(?:account|count|estimate|reckoning)\b"
)
_PERSON = re.compile(r"\s*[“\"]?(?:But |And |Still, |Yet )?(?:He|She) (?!who\b)[a-z]")  # of whom an article tells on
# "the source", "the same official", "Kim", "Mr. Kim": who was heard before.
_AGAIN = re.compile(
    r"(?:(?P<the>the(?: same)?|this|that) |(?:Mr|Mrs|Ms|Dr|Prof)\. |Professor )?(?P<words>(?:[\w’'-]+ ){0,3}[\w’'-]+)",
    re.I,
)
# Kinds of voice by the words that name them; the most telling first.
_IN_CHARGE = re.compile(
    r"\bofficials? (?:who|that) (?:oversees?|supervises?|leads?|manages?|heads?|watch(?:es)?|runs?|looks? after)\b|\bofficials? (?:who (?:is|are) )?in charge of\b",
    re.I,
)
_KINDS: Sequence[tuple[str, str]] = (
    ("anonymous", r"\bsources?\b|\bperson familiar\b|\bpeople familiar\b|\bresidents?\b|\bwho asked not\b|\banonym|\binsiders?\b|소식통"),
    ("document", r"\breports?\b|\bstud(?:y|ies)\b|\bsurveys?\b|\bdocuments?\b|\bresolutions?\b|\bletters?\b|\bcirculars?\b|\bmemos?\b|\brecords?\b|보고서"),
    ("official", r"\bhead of\b|\bmayor\b|\bgovernor\b|\binspect|\bsenator\b|\blawmaker|\bprosecutor\b|\bjudge\b|\bambassador\b|\bminist|\bgovernment|\bdepartment\b|\bagency\b|\bofficials?\b|\bspokes|\bembass|\bconsul|\bpolice\b|\bauthorit|\bservice\b|\bcouncil\b|\bpanel\b|\bcommi(?:ttee|ssion)\b|정부|당국|통일부"),
    ("expert", r"\bresearchers?\b|\bexperts?\b|\banalysts?\b|\bprofessors?\b|\bscholars?\b|\beconomists?\b|\bfellow\b|\binstitute\b|\buniversity\b|\bcent(?:er|re)\b|\bdiplomat|연구원|교수|전문가"),
    ("cadre", r"\bcadres?\b|간부"),
    ("employer", r"\bmanagers?\b|\bsupervisors?\b|\bforem[ae]n\b|\bemployers?\b|\bowners?\b|\bcompan(?:y|ies)\b|\bbusiness(?:man|men|woman)\b|관리자|사장"),
    ("employee", r"\bemployees?\b|\bstaff\b"),
    ("worker", r"\bworkers?\b|\blabou?rers?\b|노동자|근로자"),
)  # fmt: skip
_MODALITIES: Sequence[tuple[str, str]] = (
    ("rumoured", r"\brumou?r|\bword (?:has it|is)\b|\bgossip|소문"),
    ("hearsay", r"\breportedly\b|\b(?:has|have|had) heard\b|\ballegedly\b|\b(?:is|are|was|were) (?:said|reported|alleged|believed|thought|understood) to\b|\bpeople say\b|\bhe had heard\b|\bsupposedly\b|전해졌다|알려졌다"),
    ("inferred", r"\bappears?\b|\bseems?\b|\bsuggest(?:s|ing)\b|\bindicat(?:es|ing)\b|\bprobably\b|\bpresumably\b|\bsurmis|\bestimated\b|추정"),
    ("projected", r"\bcould\b(?! (?:not|never|hardly|barely|no longer)\b)|\bwould\b(?! not (?:say|tell|give|comment|speak|answer|reveal|disclose|let|allow))|\bwill\b|\bplans? to\b|\bexpect(?:s|ed)? to\b|\bby next\b|\bset to\b|\b(?:may|might) (?:not |also |still |well |soon |yet )*(?:be|have|rise|fall|grow|increase|double|drop|come|become|happen|reach|need|arrive|follow|close|lose|take (?:a|an|another|months|years))\b|\bmight\b|\bhopes? to\b|\baims? to\b|\btarget\b|\bintend|예정|계획"),
)  # fmt: skip
# Up to three words that are no verb or object, a noun for a voice, and further on a verb of saying.
KOREAN = re.compile(
    r"(?<![가-힣A-Za-z])(?P<who>(?:(?![가-힣]+(?:다고|라고|며|은|는|을|를|에|로|서) )[가-힣A-Za-z·]+ ){0,3}[가-힣]*"
    r"(?:소식통|관계자|당국자|연구원|교수|정부|통일부|보고서|대변인|관리자|노동자))[은는이가]"
    r"(?=.*(?:말했|밝혔|전했|추정했|설명했|주장했|덧붙였|지적했|보고했|들었))|(?P<to>[가-힣· ]{2,30}?)에 따르면",
    re.S,
)


_BROUGHT_IN = re.compile(
    rf"(?:For |To |Take )?(?:[A-Z][\w-]+(?: [A-Z][\w-]+){{0,2}}, )?(?P<who>(?:[Aa]n?|[Oo]ne) (?:[\w-]+ ){{0,4}}?{_NOUN}(?: of [a-z]+)?)\b(?=,| who| whose| from| in| at| of| with| [a-z]+s\b| [a-z]+ed\b)"
)
_LATELY = re.compile(
    rf"(?P<verb>\b{_VERB}(?: (?:the |an? )?[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){{0,2}}| reporters?| (?:him|her|them|us|me))?)"
    r",? (?:on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:earlier |late )?(?:this|last) (?:week|month)|yesterday|today)\b"
)
LONGEST = 5000  # characters before a sentence in which a quotation may have begun
REMEMBERED = 50  # voices that an article can come back to


@dataclass(frozen=True)
class Voice:
    """Who speaks: in the article's words, or empty for the outlet itself; the kind of voice; and how it was told."""

    who: str = ""
    kind: str = "outlet"
    is_attributed: bool = False


def voice(text: str, start: int, end: int, heard: Sequence[Voice] = ()) -> Voice:
    """Return whose sentence it is; `heard` are the voices of the article so far, the last at the end."""
    sentence = text[start:end]
    for pattern in (*_PATTERNS, KOREAN):
        for match in pattern.finditer(sentence):
            who = " ".join((match["who"] or match.groupdict().get("to") or "").split()).strip(" ,’'“”\"")
            if (
                who
                and not re.search("['’]s?$", who)
                and not (pattern is _NAMED and _is_object(sentence, match))
                and not re.fullmatch(
                    r"(?:He|She|They|It|We|I|That|This|There|Who|But|And|In|The|Since|When|While|After|Before|Then|What|Nobody|On|At|By|For|With|As|If)",
                    who,
                )
            ):
                return _met(who, heard) or Voice(who, kind(who, _apposition(sentence, match)), True)
    is_pronoun = bool(_PRONOUN.search(sentence))
    is_person = bool(heard and heard[-1].kind not in ("document", "outlet") and _PERSON.match(sentence))
    if heard and (is_pronoun or is_person or re.match(r"\s*[“\"]", sentence) or _is_within_quotation(text, start)):
        return heard[-1]
    return Voice("", "anonymous", True) if is_pronoun else Voice()


def voices(text: str, told: Sequence[Sentence]) -> list[Voice]:
    """Return whose each sentence is; what stands between two of one voice in a paragraph is its own too."""
    found: list[Voice] = []
    heard: list[Voice] = []
    paragraph, new = 0, None
    for one in told:
        said = voice(text, one.start, one.end, heard)
        new = new if one.para == paragraph else None  # whom the paragraph brings in, and then lets speak
        paragraph = one.para
        if new and heard and said == heard[-1] and _is_taken_up(text[one.start : one.end]):
            said = new
        elif not said.who:
            new = _introduced(text[one.start : one.end]) or new
        found.append(said)
        heard += [said] if said.who else []
    last: dict[int, int] = {}
    for at, one in enumerate(told):
        if not found[at].who:
            continue
        before = last.get(one.para)
        if before is not None and found[before] == found[at]:
            found[before:at] = [found[at]] * (at - before)
        last[one.para] = at
    return found


def _introduced(sentence: str) -> Voice | None:
    """Return the person with whom a sentence begins; one that it names is told by what it says of them."""
    match = _BROUGHT_IN.match(sentence)
    if not match:
        return None
    who = re.sub(r"\b\d+-year-old ", "", match["who"])
    return Voice(who, kind(who), True)


def _is_taken_up(sentence: str) -> bool:
    return bool(_PRONOUN.search(sentence) or _PERSON.match(sentence))


def description(sentence: str, who: str) -> tuple[int, int]:
    """Return the stretch of a sentence that says who speaks and when: its place and date are not those of what is said."""
    words = r"\s+".join(map(re.escape, who.split()))
    match = (
        re.search(
            rf"{words}(?:,? (?:who|which|an?|the|whose|seen|obtained) [^.;“”\"\d]{{3,110}}?(?=,? (?:\w+ )?{_VERB}\b))?",
            sentence,
        )
        if who
        else None
    )
    return match.span() if match else (0, 0)


def undated(sentence: str) -> str:
    """Return a sentence without the day on which somebody said it, in as many characters."""
    return _LATELY.sub(lambda one: one["verb"] + " " * (len(one[0]) - len(one["verb"])), sentence)


def _is_object(sentence: str, match: re.Match[str]) -> bool:
    """Whether a name stands behind a verb: in "who left China remembered" it is not China that does."""
    before = sentence[: match.start("who")]
    return match["who"][:1].isupper() and bool(re.search(
        r"\b(?!(?:and|but|that|as|while|because|when|where|which|if|since|though|by|says?|said|told)\b|\w+ly\b)[a-z]+ $", before
    ))  # fmt: skip


def _met(who: str, heard: Sequence[Voice]) -> Voice | None:
    """Return the voice that a short name, or words with their article, mean if it was heard before."""
    again = _AGAIN.fullmatch(who)
    if again is None or (" " in again["words"] and not again["the"] and not who[:1].isupper()):
        return None
    own = again["words"].lower().split()
    lately = [*reversed(heard[-REMEMBERED:])]
    if len(own) == 1 and not again["the"] and not who[:1].isupper():
        return next((one for one in lately if re.search(rf"\b{re.escape(own[0])}\b", _head(one.who), re.I)), None)
    # Of several words all must have been said of the voice, the last of them in what it is called.
    for part in (_head, str) if again["the"] else (_head,):
        for one in lately:
            last = re.search(rf"\b{re.escape(own[-1])}\b", part(one.who), re.I)
            if last and {*own} <= {*re.findall(r"[\w’'-]+", one.who.lower())}:
                return one
    return None


def _head(who: str) -> str:
    """Return the phrase without what is said of it: in "circular that the broker showed" the circular."""
    return re.split(r",| (?:at|in|of|from|for|with|by|who|that|which|to|close|familiar)\b", who)[0]


def _is_within_quotation(text: str, at: int) -> bool:
    before = text[max(text.rfind("\n", 0, at) + 1, at - LONGEST) : at]
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1


def _apposition(sentence: str, match: re.Match[str]) -> str:
    """Return what a sentence says of a voice that it names, as in "Ana Ruiz, a professor of law, said"."""
    said = re.match(
        r", ((?:who|an?|the|[\w-]+['’]s|[a-z]+) [^,.;“”\"]{3,90})",
        sentence[match.end("who") if match["who"] else match.end() :],
    )
    return said[1] if said and re.match("[A-Z]", match["who"] or "") else ""


def kind(who: str, told: str = "") -> str:
    """Return the kind of voice that a phrase names, and what is `told` of it.

    A name alone is an expert's, and a trade alone is nobody's.
    """
    if _IN_CHARGE.search(who):
        return "cadre"
    for part in (_head(who), who, _head(told), told):
        for name, words in _KINDS:
            is_of_person = part == who or part == _head(who) or name not in ("document", "anonymous")
            if is_of_person and re.search(words, part, re.I):
                return name
    return "expert" if re.match(r"[A-Z][\w’-]+(?: [A-Z][\w’-]+)*$", who) else "anonymous"


def modality(sentence: str) -> str:
    """Return how the voice stands to what it says; stated, unless its words tell otherwise."""
    return next((name for name, words in _MODALITIES if re.search(words, sentence, re.I)), "stated")
