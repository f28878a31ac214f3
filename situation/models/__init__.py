"""Areas, sources, pictures with their findings, problems and causes."""

from .area import Area
from .comment import PictureComment
from .confirmation import BothPartiesConfirm, PoliceConfirms
from .picture import SituationPicture
from .problem import CauseAnalysis, Finding, Problem
from .source import Source

__all__ = [
    "Area",
    "BothPartiesConfirm",
    "CauseAnalysis",
    "Finding",
    "PictureComment",
    "PoliceConfirms",
    "Problem",
    "SituationPicture",
    "Source",
]
