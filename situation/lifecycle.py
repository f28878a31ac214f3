"""The states of a situation picture, which move is open from where, and the words for what it consists of.

Source: docs/rules.md. No database here; import it anywhere.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

Moves = dict[str, tuple[str, ...]]


class AreaKind(TextChoices):
    COUNTRY = "COUNTRY", _("Riket")
    COUNTY = "COUNTY", _("Län")
    MUNICIPALITY = "MUNICIPALITY", _("Kommun")
    REGSO = "REGSO", _("Regionalt statistikområde (RegSO)")
    DESO = "DESO", _("Demografiskt statistikområde (DeSO)")
    PLACE = "PLACE", _("Plats")


class SourceKind(TextChoices):
    """What a picture can rest on (glossary in docs/rules.md)."""

    CITIZEN_DIALOGUE = "CITIZEN_DIALOGUE", _("Medborgardialog")
    SAFETY_SURVEY = "SAFETY_SURVEY", _("Trygghetsundersökning")
    DRUG_SURVEY = "DRUG_SURVEY", _("Drogvaneundersökning")
    POLICE_STAFF_DIALOGUE = "POLICE_STAFF_DIALOGUE", _("Medarbetardialog hos Polisen")
    MUNICIPAL_STAFF_DIALOGUE = "MUNICIPAL_STAFF_DIALOGUE", _("Medarbetardialog i kommunen")
    CRIME_STATISTICS = "CRIME_STATISTICS", _("Anmälda brott")
    OWN_KNOWLEDGE = "OWN_KNOWLEDGE", _("Egen kunskap")
    EST_REPORT = "EST_REPORT", _("Lägesrapporter enligt EST")
    BUSINESS_SURVEY = "BUSINESS_SURVEY", _("Undersökning bland företag")
    PLEDGE_FOLLOW_UP = "PLEDGE_FOLLOW_UP", _("Uppföljning av tidigare löften")
    OTHER = "OTHER", _("Annat underlag")


class Method(TextChoices):
    """How the source came about; it decides how far the source carries."""

    RANDOM_SAMPLE = "RANDOM_SAMPLE", _("Slumpmässigt urval")
    OPEN_WEB = "OPEN_WEB", _("Självvalda svar")
    CENSUS_CLASS = "CENSUS_CLASS", _("Alla i en årskurs")
    REGISTER = "REGISTER", _("Registerdata")
    DIALOGUE = "DIALOGUE", _("Samtal")
    JUDGEMENT = "JUDGEMENT", _("Bedömning")


class Strength(TextChoices):
    """How far a source carries, in the words residents read."""

    STRONG = "STRONG", _("Starkt underlag")
    MEDIUM = "MEDIUM", _("Medelstarkt underlag")
    WEAK = "WEAK", _("Svagt underlag")


class Unit(TextChoices):
    """What an indicator's number counts."""

    COUNT = "COUNT", _("antal")
    PER_100K = "PER_100K", _("per 100 000 invånare")
    PER_1000 = "PER_1000", _("per 1 000 invånare")
    PERCENT = "PERCENT", _("procent")
    INDEX = "INDEX", _("index")
    OTHER = "OTHER", _("annan enhet")


class Direction(TextChoices):
    """Which way is good."""

    LOWER_BETTER = "LOWER_BETTER", _("Lägre är bättre")
    HIGHER_BETTER = "HIGHER_BETTER", _("Högre är bättre")
    NEUTRAL = "NEUTRAL", _("Varken eller")


class PeriodType(TextChoices):
    YEAR = "YEAR", _("år")
    QUARTER = "QUARTER", _("kvartal")
    MONTH = "MONTH", _("månad")


class ImportKind(TextChoices):
    """Whose file, and so which importer reads it."""

    BRA = "BRA", _("Brå: anmälda brott")
    KOLADA = "KOLADA", _("Kolada: nyckeltal")
    SCB = "SCB", _("SCB: befolkning")
    TABLE = "TABLE", _("Annan tabell")
    SURVEY = "SURVEY", _("Enkät: färdig tabell")
    FORM = "FORM", _("Enkät: en rad för varje svar")
    AREAS = "AREAS", _("Områden: karta")
    POLISEN = "POLISEN", _("Polisen: händelser")


# Of these files only the checksum and the number of rows are kept: they hold single answers, or the Police's texts.
NOT_KEPT = (ImportKind.FORM, ImportKind.POLISEN)


class FigureKind(TextChoices):
    """How a figure shows its numbers."""

    LINE = "LINE", _("Utveckling över tid")
    COMPARE = "COMPARE", _("Jämförelse mellan områden")
    MAP = "MAP", _("Karta")
    SHARES = "SHARES", _("Svar i en enkät")
    THEMES = "THEMES", _("Ämnen i dialoger")


class FeedKind(TextChoices):
    """Publishers with an API of their own; the names are those of ImportKind."""

    KOLADA = "KOLADA", _("Kolada")
    SCB = "SCB", _("SCB")
    POLISEN = "POLISEN", _("Polisen")


class ImportState(TextChoices):
    CHOOSING = "CHOOSING", _("Väntar på att du väljer kolumner")
    WAITING = "WAITING", _("Väntar på att läsas")
    CHECKED = "CHECKED", _("Genomläst, inget sparat än")
    TO_APPLY = "TO_APPLY", _("Sparas")
    APPLIED = "APPLIED", _("Inläst")
    REFUSED = "REFUSED", _("Går inte att läsa in")
    DROPPED = "DROPPED", _("Avbruten")


IMPORT_MOVES: Moves = {
    ImportState.CHOOSING: (ImportState.WAITING, ImportState.REFUSED, ImportState.DROPPED),
    ImportState.WAITING: (ImportState.CHECKED, ImportState.REFUSED, ImportState.DROPPED),
    # Other columns can be chosen; then it is looked through again.
    ImportState.CHECKED: (ImportState.TO_APPLY, ImportState.WAITING, ImportState.REFUSED, ImportState.DROPPED),
    ImportState.TO_APPLY: (ImportState.APPLIED, ImportState.REFUSED, ImportState.CHECKED),
}


class PictureKind(TextChoices):
    OWN = "OWN", _("Egen lägesbild")
    JOINT = "JOINT", _("Gemensam lägesbild")


class PictureState(TextChoices):
    DRAFT = "DRAFT", _("Utkast")
    REVIEW = "REVIEW", _("Granskas")
    ADOPTED = "ADOPTED", _("Antagen")
    PUBLISHED = "PUBLISHED", _("Publicerad")
    SUPERSEDED = "SUPERSEDED", _("Ersatt av nyare")


PICTURE_MOVES: Moves = {
    PictureState.DRAFT: (PictureState.REVIEW,),
    # Back to draft when something must be rewritten; nothing confirmed survives that.
    PictureState.REVIEW: (PictureState.DRAFT, PictureState.ADOPTED),
    PictureState.ADOPTED: (PictureState.PUBLISHED, PictureState.SUPERSEDED),
    PictureState.PUBLISHED: (PictureState.SUPERSEDED,),
}
# Its words can still be changed.
PICTURES_WRITTEN = (PictureState.DRAFT, PictureState.REVIEW)
# Decided: a document that stays as it is.
PICTURES_ADOPTED = (PictureState.ADOPTED, PictureState.PUBLISHED, PictureState.SUPERSEDED)


class CommentKind(TextChoices):
    """Why something was said about a picture, inside."""

    NOTE = "NOTE", _("Kommentar")
    SENT_BACK = "SENT_BACK", _("Skickades tillbaka")
    WITHDRAWN = "WITHDRAWN", _("Avpublicerades")


class FindingKind(TextChoices):
    """The three parts the law asks for (lag 2023:196, 4 §)."""

    MAPPING = "MAPPING", _("Kartläggning av brottslighet")
    OTHER_INFORMATION = "OTHER_INFORMATION", _("Annan information")
    ANALYSIS = "ANALYSIS", _("Analys")


class Trend(TextChoices):
    UP = "UP", _("Ökar")
    DOWN = "DOWN", _("Minskar")
    FLAT = "FLAT", _("Oförändrat")
    UNKNOWN = "UNKNOWN", _("Går inte att säga")


class Confidence(TextChoices):
    HIGH = "HIGH", _("Säkert")
    MEDIUM = "MEDIUM", _("Ganska säkert")
    LOW = "LOW", _("Osäkert")


class CauseLevel(TextChoices):
    INDIVIDUAL = "INDIVIDUAL", _("Individ")
    SITUATION = "SITUATION", _("Situation och plats")
    STRUCTURE = "STRUCTURE", _("Samhälle och struktur")


def strength_of(*, method: str, n: int | None) -> Strength:
    """How far a source carries: the method first, then the number of answers.

    Random samples and whole classes carry with at least 200 and 100 answers, registers always (what was reported,
    not what happened). Self-chosen answers, talks and judgements say what people see, never how common it is.
    """
    if method == Method.REGISTER:
        return Strength.STRONG
    if method in (Method.RANDOM_SAMPLE, Method.CENSUS_CLASS):
        enough = 200 if method == Method.RANDOM_SAMPLE else 100
        return Strength.STRONG if n is not None and n >= enough else Strength.MEDIUM
    if method == Method.OPEN_WEB:
        return Strength.MEDIUM if n is not None and n >= 300 else Strength.WEAK
    return Strength.WEAK
