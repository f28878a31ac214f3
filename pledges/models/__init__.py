"""Agreements and plans; pledge sets with areas, commitments and all that is done, asked and answered about them."""

from .agreement import ActionPlan, CooperationAgreement, Measure
from .commitment import Amendment, Commitment, CommitmentParty, EffectFigure, RelatedLink, Unit
from .follow_up import Feedback, FollowUp, ProgressNote, ProgressRequest, StatusProposal
from .occurrence import Occurrence, OccurrenceCount, PausePeriod, RecurrenceRule
from .pledge_set import PledgeSet, PriorityArea, Prolongation, SetShare, Signature
from .talk import Comment
from .walk import SafetyWalk, WalkObservation

__all__ = [
    "ActionPlan",
    "Amendment",
    "Comment",
    "Commitment",
    "CommitmentParty",
    "CooperationAgreement",
    "EffectFigure",
    "Feedback",
    "FollowUp",
    "Measure",
    "Occurrence",
    "OccurrenceCount",
    "PausePeriod",
    "PledgeSet",
    "PriorityArea",
    "ProgressNote",
    "ProgressRequest",
    "Prolongation",
    "RecurrenceRule",
    "RelatedLink",
    "SafetyWalk",
    "SetShare",
    "Signature",
    "StatusProposal",
    "Unit",
    "WalkObservation",
]
