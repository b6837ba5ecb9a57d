"""What a clause of English is known by: its verbs, what may be its subject, and where it joins another."""

from __future__ import annotations

import re

MARK = "\ufffc"  # where the value stands in a clause

VERBS = (
    r"(?:is|are|was|were|be|been|has|have|had|will|would|can|could|may|might|must|should|do|does|did|cannot|"
    r"go|goes|went|gone|come|comes|came|make|makes|made|take|takes|took|get|gets|got|give|gives|gave|pay|pays|paid|work|works|live|lives|"
    r"earn|earns|cost|costs|hold|holds|held|employ|employs|reach|reaches|receive|receives|send|sends|sent|keep|keeps|kept|put|puts|run|runs|ran|"
    r"leave|leaves|left|lose|loses|lost|lie|lies|lay|stand|stands|stood|begin|begins|began|grow|grows|grew|rise|rises|rose|risen|fall|falls|fell|fallen|"
    r"bring|brings|brought|buy|buys|bought|sell|sells|sold|speak|speaks|spoke|sign|signs|offer|offers|want|wants|need|needs|owe|owes|owed|"
    r"remain|remains|stay|stays|sleep|sleeps|slept|rest|rests|share|shares|spend|spends|spent|flee|flees|fled|belong|belongs|fetch|fetches|lasts|"
    r"ask|asks|show|shows|name|names|count|counts|number|numbers|total|totals|grant|grants|gave|draw|draws|drew|become|becomes|became|know|knows|knew|"
    r"see|sees|saw|wait|waits|sink|sinks|sank|drive|drives|drove|build|builds|built|eat|eats|ate|write|writes|wrote|tell|tells|told|use|uses|used|let|lets|meet|meets|met|lead|leads|led|hire|hires|account|accounts|deduct|deducts|transfer|transfers|turn|turns|"
    r"die|dies|died|fly|flies|flew|break|breaks|broke|steal|stole|wear|wears|wore|throw|threw|catch|catches|caught|teach|taught|fight|fought|seek|seeks|sought|win|wins|won|find|finds|found|choose|chose|hide|hid|feel|feels|felt|mean|means|meant|"
    r"[a-z]{3,}ed)"
)
_DETERMINERS = ("a", "an", "the", "of", "to", "their", "his", "her", "its", "no", "each", "every", "average")
_NO_NOUN = "".join(rf"(?<!\b{one} )" for one in _DETERMINERS)
VERB = re.compile(rf"{_NO_NOUN}\b{VERBS}\b")
SUBJECT = rf"(?:(?:the|an?|this|these|those|its|their|his|her|our|my|each|every|nobody|everybody|some|most|many|all|no|one|two|both|only|there|what|whoever|anyone|he|she|they|it|we|I|you|{MARK}|\d[\d,.]*|[A-Z][\w’'-]+)\b|{MARK})"
JOIN = re.compile(
    rf"(?:;|:|,? (?:–|—)|, (?:and|but|while|whereas|or|so|yet)|,|(?<!\d) (?:and|but|while|whereas)(?: that)?) (?={SUBJECT}|of whom )"
    rf"|, (?:(?:and|but|or) )?(?=(?!(?:{VERBS}|who|which|that|whose|whom|and|but|or|to|not|as|adding|saying|with)\b)(?:[a-z]+ ){{1,5}}{VERBS}\b)"
)
