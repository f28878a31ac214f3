"""Signs that a text points out a person. None of them stops a text; each asks the writer to look once more.

The patterns are bounded and start at something rare, so that a long text costs no more than its length.
They read Swedish, because that is what is written here. All but two read the text in small letters, which
costs less than ignoring case.
"""

from __future__ import annotations

import re

from .kinds import Kind

_MONTHS = (
    r"(?:januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|okt|nov|dec)"
)

_EMAIL = re.compile(
    r"(?<=[\w+-]) ?(?:@|[(\[](?:at|a|snabel-?a)[)\]]) ?[\w-]{1,63}(?: ?\. ?|[(\[](?:dot|punkt)[)\]])[^\W\d_]{2}",
)
_PHONE = re.compile(
    r"(?<![\w-])(?<!\d[.,:/])(?:"
    r"(?:\+|00)46[ -]?(?:\(0\))?[ -]?[1-9]\d{0,2}[- ]{0,3}\d{2,3}(?:[ -]?\d{2,3}){1,3}"
    r"|\+(?!46)[1-9]\d{0,2}(?:[ -]?\d){7,12}"
    r"|0[1-9]\d{0,2}(?:[ ]?-[ ]?|[ ])?\d{2,3}(?:[ ]?\d{2,3}){1,3}"
    r"|0[1-9]\d{1,2}/[ ]?\d{2,3}(?:[ ]?\d{2,3}){1,3}"
    r")(?![-:./]?\d)"
)
_BIRTH_YEAR = re.compile(
    rf"\b(?:född[ae]?|f\.|födelse(?:år|datum|dag)(?:en|et)?)\s{{0,3}}:?\s{{0,3}}(?:är\s|år(?:et)?\s|den\s|i\s)?\s?"
    rf"(?:\d{{1,2}}(?::?e)?\s)?(?:{_MONTHS}\s)?"
    r"(?:(?:18|19|20)\d{2}|[-'’]?\d{2}|\d{1,2}/\d{1,2})(?!\d)",
)
_STREET_ADDRESS = re.compile(
    r"(?:(?<=\w)(?<!läns)(?<!riks)(?<!lands)(?<!europa)(?<!cykel)(?<!gång)"
    r"|\b(?:södra|norra|östra|västra|stora|lilla|gamla|nya|övre|nedre)\s)"
    r"(?:gatan|gata|vägen|väg|gränden|gränd|stigen|stig|backen|backe|torget|torg|allén|allé|kajen|bryggan"
    r"|parken|esplanaden|ringen|slingan|stråket|liden|leden|svängen)"
    r"\s{1,3}\d{1,3}(?!\d)(?!\s?(?:kl|st|%|procent|–|-\s?\d{1,2}\s)\b)"
    rf"(?![.:,]\d)(?!\s{_MONTHS}\b)"
    r"(?!\s(?:gånger|gång|kvällar|kväll|dagar|dag|timmar|personer|ungdomar|barn|vuxna|besök|pass|nätter|minuter)\b)",
)
_PLATE_LETTERS = "A-HJ-PR-UW-Z"
_REGISTRATION_PLATE = re.compile(
    rf"(?<![\w-])(?!(?:DNR|LKS|SFS|SOU|OSL|DOS|RSA|DIR|PDF|KST|RUT|LPO|BRÅ|DIN|ISO)\b)"
    rf"(?:[{_PLATE_LETTERS}]{{3}}[ -]?\d{{2}}[\d{_PLATE_LETTERS}]|[a-hj-pr-uw-z]{{3}}\d{{2}}[\da-hj-pr-uw-z])(?![\w-])"
)
_SOCIAL_HANDLE = re.compile(r"(?<![\w.+-])@[^\W\d_][\w.]{2}")

_PERSON_WORD = re.compile(
    r"\b(?:elev(?:en)?s?|klient(?:en|er|erna|ens)?|patient(?:en|er|erna|ens)?|brukare(?:n|ns)?"
    r"|misstänkt[ae]?s?|målsägande(?:n|ns)?|gärningsman(?:nen|nens)?|gärningsmän(?:nen)?"
    r"|brottsoff(?:er|ret|rets)|vårdnadshavare(?:n|ns)?|anmälare(?:n|ns)?|uppgiftslämnare(?:n|ns)?"
    r"|pojken|pojkens|flickan|flickans|killen|killens|tjejen|tjejens|mannen|mannens|kvinnan|kvinnans"
    r"|\d{1,2}-åring(?:en|ens)?|\d{1,2}-åri(?:g|ga|ge)\s(?:pojke|flicka|kille|tjej|man|kvinna|elev|son|dotter)n?)\b",
)
_FAMILY_NAME = re.compile(r"\b(?:[Ff]amiljen|[Ss]yskonen|[Bb]röderna|[Ss]ystrarna)\s{1,3}[A-ZÅÄÖ]")

_SENTENCE_END = re.compile(r"[.!?]\s|\n\s*\n")
_PEOPLE = (
    r"(?:elev|elever|eleverna|ungdom|ungdomar|ungdomarna|barn|barnen|pojkar|pojke|flickor|flicka|killar|kille"
    r"|tjejer|tjej|person|personer|familj|familjer|kvinnor|kvinna|män|man|tonåringar|tonåring|individer|individ"
    r"|vuxna|gärningsmän|misstänkta|anmälningar|anmälan|brott|fall|misshandelsfall|incidenter)"
)
_SMALL_NUMBER = re.compile(
    rf"(?<![\w.,:/–-])(?:[1-4]|en|ett|två|tre|fyra)\s(?:(?:av|st|stycken|olika|unga|yngre|äldre|anmälda|de|nya)\s){{0,3}}"
    rf"{_PEOPLE}\b",
)
_SMALL_PLACE_OR_GROUP = re.compile(
    r"skola\b|skolan|skolor|skolgård|gymnasi|förskol|fritids(?:hem|gård)|årskurs|\båk\s?\d|\bklass(?:en)?\s?\d"
    r"|kvarter|trappuppgång|bostadsområde|bostadshus|\bgatan\b|stadsdel|småort|\bbyn\b"
    r"|\bromer|romsk|somali|syri(?:sk|er)|afghan|irak|iransk|eritre|kurdisk|arabisk|samisk|\bsamer"
    r"|judisk|\bjudar|muslim|etnisk|etnicitet|folkgrupp|nationalitet|invandr|utländsk|flykting|nyanländ",
)

_IN_SMALL_LETTERS = {
    Kind.EMAIL: _EMAIL,
    Kind.PHONE: _PHONE,
    Kind.BIRTH_YEAR: _BIRTH_YEAR,
    Kind.STREET_ADDRESS: _STREET_ADDRESS,
    Kind.SOCIAL_HANDLE: _SOCIAL_HANDLE,
    Kind.PERSON_WORD: _PERSON_WORD,
}
_AS_WRITTEN = {Kind.REGISTRATION_PLATE: _REGISTRATION_PLATE, Kind.PERSON_WORD: _FAMILY_NAME}


def kinds_in(folded: str) -> set[Kind]:
    """Which signs there are in a text that went through `identity.fold`."""
    small = folded.lower()
    found = {kind for kind, pattern in _IN_SMALL_LETTERS.items() if pattern.search(small)}
    found |= {kind for kind, pattern in _AS_WRITTEN.items() if pattern.search(folded)}
    if _has_small_count(small):
        found.add(Kind.SMALL_COUNT)
    return found


def _has_small_count(small: str) -> bool:
    """A count below five in the same sentence as a school, a small area or an ethnic group."""
    if not _SMALL_NUMBER.search(small):
        return False
    return any(
        _SMALL_NUMBER.search(sentence) and _SMALL_PLACE_OR_GROUP.search(sentence)
        for sentence in _SENTENCE_END.split(small)
    )
