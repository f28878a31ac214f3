"""Areas, sources, pictures with their findings, problems and causes."""

from .answers import (
    Dialogue,
    DialogueTheme,
    PoliceEvent,
    SurveyAnswer,
    SurveyQuestion,
    WeeklyLine,
    WeeklyReport,
)
from .area import Area
from .comment import PictureComment
from .confirmation import BothPartiesConfirm, PoliceConfirms
from .feed import DataFeed
from .figure import Figure
from .indicator import DatasetImport, Indicator, IndicatorValue
from .picture import SituationPicture
from .problem import CauseAnalysis, Finding, Problem, ProblemPoints
from .source import Source

__all__ = [
    "Area",
    "BothPartiesConfirm",
    "CauseAnalysis",
    "DataFeed",
    "DatasetImport",
    "Dialogue",
    "DialogueTheme",
    "Figure",
    "Finding",
    "Indicator",
    "IndicatorValue",
    "PictureComment",
    "PoliceConfirms",
    "PoliceEvent",
    "Problem",
    "ProblemPoints",
    "SituationPicture",
    "Source",
    "SurveyAnswer",
    "SurveyQuestion",
    "WeeklyLine",
    "WeeklyReport",
]
