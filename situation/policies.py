"""Who may do what with situation pictures and what they are made of (docs/rules.md).

Two parties write: the municipality's director and coordinator, and the Police. Each writes its own picture; the
joint one is the municipality's draft until it is opened to the Police. Each question here about one thing has its
list twin in a queryset's `visible_to`; tests hold them together.
"""

from __future__ import annotations

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import Power, Role

from .lifecycle import PictureKind, PictureState
from .models import PoliceConfirms, SituationPicture, Source
from .models.confirmation import BothPartiesConfirm
from .models.picture import WRITERS


def is_inside(actor: Actor) -> bool:
    """Holds a role or a recorded delegation today."""
    return bool(actor.roles or actor.delegated)


def is_municipal_writer(actor: Actor) -> bool:
    """Writes for the municipality: the director, the coordinator, or the director's deputy."""
    return not actor.is_police and (actor.has_role(*WRITERS) or actor.may_for(Power.DECIDE))


def can_write_pictures(actor: Actor) -> bool:
    """Begin a picture of the own party, keep sources."""
    return actor.is_police or is_municipal_writer(actor)


def can_begin(actor: Actor, kind: str) -> bool:
    """The joint picture is begun by the municipality and opened to the Police."""
    return is_municipal_writer(actor) if kind == PictureKind.JOINT else can_write_pictures(actor)


# --- The picture --------------------------------------------------------------------------------------


def can_see_picture(actor: Actor, picture: SituationPicture) -> bool:
    if not is_inside(actor):
        return False
    if actor.is_police:
        return picture.is_the_polices_own or picture.is_adopted or picture.opened_to_police_at is not None
    if is_municipal_writer(actor):
        return picture.is_adopted or not picture.is_the_polices_own
    return picture.is_adopted and not picture.is_the_polices_own


def is_own_side(actor: Actor, picture: SituationPicture) -> bool:
    """One of those who write it: its own party, or for the joint picture both once it is opened."""
    if actor.is_police:
        opened = picture.kind == PictureKind.JOINT and picture.opened_to_police_at is not None
        return picture.is_the_polices_own or opened
    return is_municipal_writer(actor) and not picture.is_the_polices_own


def can_edit_picture(actor: Actor, picture: SituationPicture) -> bool:
    """Words, findings, problems, causes, sources: until it is adopted."""
    return picture.is_written and is_own_side(actor, picture)


def can_discard(actor: Actor, picture: SituationPicture) -> bool:
    """The joint draft is the municipality's to throw away."""
    if picture.kind == PictureKind.JOINT and actor.is_police:
        return False
    return picture.state == PictureState.DRAFT and is_own_side(actor, picture)


def can_comment(actor: Actor, picture: SituationPicture) -> bool:
    return is_own_side(actor, picture)


def can_send_to_review(actor: Actor, picture: SituationPicture) -> bool:
    return picture.state == PictureState.DRAFT and is_own_side(actor, picture)


def can_send_back(actor: Actor, picture: SituationPicture) -> bool:
    return picture.state == PictureState.REVIEW and is_own_side(actor, picture)


def can_adopt(actor: Actor, picture: SituationPicture) -> bool:
    """Joint: recorded by the coordinator from the minutes, or by the director. Own: by the party itself."""
    if picture.state != PictureState.REVIEW:
        return False
    if picture.kind == PictureKind.JOINT:
        return is_municipal_writer(actor)
    return is_own_side(actor, picture)


def can_publish(actor: Actor) -> bool:
    """Adopted by the steering group, shown by the communicator: never the same question."""
    return actor.is_communicator and not actor.is_police


def can_publish_picture(actor: Actor, picture: SituationPicture) -> bool:
    waits = picture.state == PictureState.ADOPTED or (
        picture.state in (PictureState.PUBLISHED, PictureState.SUPERSEDED) and picture.withdrawn_at is not None
    )
    return can_publish(actor) and picture.kind == PictureKind.JOINT and waits


def can_withdraw_picture(actor: Actor, picture: SituationPicture) -> bool:
    return can_publish(actor) and picture.is_public


def can_preview(actor: Actor, picture: SituationPicture) -> bool:
    """As residents would see it: those who write it and the one who publishes."""
    return picture.kind == PictureKind.JOINT and (
        is_own_side(actor, picture) or (can_publish(actor) and can_see_picture(actor, picture))
    )


def can_set_diary_number(actor: Actor, picture: SituationPicture) -> bool:
    return (actor.is_registrar or actor.is_coordinator) and can_see_picture(actor, picture)


def can_give_points(actor: Actor, picture: SituationPicture) -> bool:
    """Say what the own organisation thinks a problem weighs, while the picture is written."""
    return can_edit_picture(actor, picture) and actor.organisation is not None


# --- Figures -------------------------------------------------------------------------------------------


def can_import(actor: Actor, source: Source) -> bool:
    """Read a file into a source of the own party."""
    return can_edit_source(actor, source)


# --- Both parties' word -------------------------------------------------------------------------------


def can_confirm_as_police(actor: Actor, thing: PoliceConfirms) -> bool:
    """A police role, for what was opened to the Police if it is the municipality's draft."""
    if isinstance(thing, BothPartiesConfirm) and thing.opened_to_police_at is None:
        return False
    return actor.is_police


def can_record_police_confirmation(actor: Actor) -> bool:
    """Where the Police may not sign in: the coordinator writes down their written yes."""
    return actor.is_coordinator and not actor.is_police


def can_confirm_as_municipality(actor: Actor) -> bool:
    return actor.is_coordinator and not actor.is_police


def can_open_to_police(actor: Actor) -> bool:
    return is_municipal_writer(actor)


# --- Sources and areas --------------------------------------------------------------------------------


def is_sources_own_side(actor: Actor, source: Source) -> bool:
    return can_write_pictures(actor) and actor.is_police == source.organisation.is_police


def can_see_source(actor: Actor, source: Source) -> bool:
    """Those who contribute it, and whoever sees a picture that rests on it."""
    return is_sources_own_side(actor, source) or any(
        can_see_picture(actor, picture) for picture in source.pictures.select_related("organisation")
    )


def can_edit_source(actor: Actor, source: Source) -> bool:
    return is_sources_own_side(actor, source)


def can_keep_areas(actor: Actor) -> bool:
    return is_municipal_writer(actor) or actor.has_role(Role.ADMINISTRATOR)


def can_see_areas(actor: Actor) -> bool:
    return is_inside(actor)
