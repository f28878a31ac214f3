"""The rows of the acute chain, cut by aggregate; each file's operations stand in operations/ under a like name."""

from .assignment import (
    Assignment,
    AssignmentRequest,
    DraftShare,
    DueChange,
    ProgressNote,
    ReportBack,
)
from .contact import ContactPoint, OpeningException, OpeningHours
from .decision import Approach, DirectionPoint, RevisionChoice, SteeringDecision
from .event import Response, SeriousEvent
from .meeting import (
    Convening,
    Directive,
    Meeting,
    OpenQuestion,
    PoliceUndertaking,
    QuestionHandling,
    StatusReport,
)
from .page_answer import PageAnswer
from .public import (
    ActionPackage,
    Correction,
    PackageItem,
    Picture,
    PublicUpdate,
    Reinforcement,
    StaffMessage,
)
from .round import FollowUpRound, RoundItem

__all__ = [
    "ActionPackage",
    "Approach",
    "Assignment",
    "AssignmentRequest",
    "ContactPoint",
    "Convening",
    "Correction",
    "DirectionPoint",
    "Directive",
    "DraftShare",
    "DueChange",
    "FollowUpRound",
    "Meeting",
    "OpenQuestion",
    "OpeningException",
    "OpeningHours",
    "PackageItem",
    "PageAnswer",
    "Picture",
    "PoliceUndertaking",
    "ProgressNote",
    "PublicUpdate",
    "QuestionHandling",
    "Reinforcement",
    "ReportBack",
    "Response",
    "RevisionChoice",
    "RoundItem",
    "SeriousEvent",
    "StaffMessage",
    "StatusReport",
    "SteeringDecision",
]
