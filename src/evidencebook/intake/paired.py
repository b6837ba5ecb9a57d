"""A value that its sentence gives beside another, or in passing, as a clause of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evidencebook.check.measured import measured
from evidencebook.intake.english import JOIN, MARK, VERB

# "there are 40 nurses in the north and MARK in the south", "a total of MARK".
_AND_THERE = re.compile(
    rf"(?P<noun>(?: [a-z][\w-]*){{1,2}}?)(?: (?:in|at|on|from|of|for)\b[^,;]*)?,? (?:and|but|against) (?P<rest>{MARK} (?:in|at|on|from|of|for)\b[^,;]*)"
)
_TOTAL = re.compile(rf".*, (?:or )?(?:an? )?total of (?P<rest>{MARK}[^,;]*)")
UP_FROM = re.compile(
    rf"(?P<head>.+?),? (?:up|down|compared (?:with|to)|(?:as )?against|and not|rather than|a (?:rise|fall|drop|jump) from)(?: from)? {MARK}(?: [a-z]+)??"
    r"(?P<rest>(?: (?:an?|per|each|every) (?:day|week|month|year|quarter))?(?: (?:in|before|during|after|at|last|(?:a|one|two|three|four|five|ten|\d+) (?:years?|months?|weeks?)|the year|earlier)\b[^,;]{0,50})?)(?:[,;].*)?$"
)
_WITH = re.compile(rf"(?P<head>[^;:]+), with (?P<what>{MARK}[^,;:]{{2,60}})")
WHEN = re.compile(
    rf".*?\b(?P<time>(?:during|in|since|after|before|on|at) [^,;]{{3,40}}), when (?P<rest>[^;]*{MARK}.*)$"
)
_ABOUT = re.compile(r"(?:perhaps|only|just|an estimated|maybe|possibly|probably) $")
_PAST = {
    "has": "had", "have": "had", "is": "was", "are": "were", "must": "had to", "pay": "paid", "pays": "paid", "work": "worked",
    "works": "worked", "earn": "earned", "earns": "earned", "live": "lived", "get": "got", "gets": "got", "receive": "received",
    "receives": "received", "cost": "cost", "costs": "cost", "employ": "employed", "employs": "employed", "keep": "kept",
    "keeps": "kept", "take": "took", "takes": "took", "send": "sent", "sends": "sent", "make": "made", "makes": "made",
    "run": "ran", "runs": "ran", "hold": "held", "holds": "held", "stay": "stayed", "remain": "remained", "can": "could",
}  # fmt: skip


def paired(said: str) -> Iterator[tuple[str, bool]]:
    """Yield clauses for the value of a sentence that stands beside others, and whether they go on from its verb."""
    if earlier := _before(said):
        yield earlier, True
    if total := _TOTAL.match(said):
        yield f"the total is {total['rest']}", False
    for one in measured(said):
        if there := _AND_THERE.match(said, one.end):
            yield f"{said[: one.start]}{MARK}{there['noun']}{there['rest'].removeprefix(MARK)}", True
    if joined := _WITH.match(said):
        verb = VERB.search(joined["head"])
        subject = joined["head"][: verb.start()].strip() if verb else ""
        if subject and "," not in subject and len(subject.split()) < 7:
            has = "have" if re.search(r"(?:[^s]s|they|women|men|people)$", subject, re.I) else "has"
            yield f"{subject} {has} {joined['what']}", True


def _before(said: str) -> str:
    """Return "there were MARK" of "there are 40, up from MARK last year"; empty where the clause is none of that kind."""
    match = UP_FROM.match(said)
    if not match:
        return ""
    head = match["head"]
    cuts = [cut.end() for cut in JOIN.finditer(head) if VERB.search(head[cut.end() :]) and measured(head[cut.end() :])]
    head = head[cuts[-1] :] if cuts else head
    if not (found := measured(head)):
        return ""
    head = f"{_ABOUT.sub('', head[: found[-1].start])}{MARK}{head[found[-1].end :]}"
    head = re.sub(r" (?:now|today|still|currently|at present|already)\b", "", head)
    if not (verb := VERB.search(head)):
        return ""
    past = _PAST.get(verb[0], verb[0] if re.search("(?:ed|was|were|had|went|fell|rose)$", verb[0]) else "")
    return f"{head[: verb.start()]}{past}{head[verb.end() :]}{match['rest']}" if past else ""
