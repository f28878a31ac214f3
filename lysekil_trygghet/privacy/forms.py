"""Every text and file name of a form looked through before anything is stored.

An identity number stops the form. Other signs show a warning and a box to tick; the tick counts for exactly the
texts that were shown. Messages name the field, never what was found in it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxLengthValidator
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.text import format_lazy, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .kinds import Kind
from .scanner import Finding, check_file_name, scan
from .text import UnreadableText, clean_text
from .words import ADVICE, Advice

DEFAULT_MAX_LENGTH = 5000
LONGEST_FILE_NAME = 200
CONFIRM = "confirm_privacy"
DIGEST = "privacy_digest"
_SALT = "lysekil_trygghet.privacy.forms"


class ConfirmField(forms.BooleanField):
    """The box that says: I have read the warning. It is no change of what the form is about."""

    def __init__(self) -> None:
        super().__init__(
            required=False,
            label=gettext_lazy("Jag har läst varningen och texten innehåller inget som pekar ut en person"),
            help_text=gettext_lazy("Ta bort det som pekar ut någon, eller kryssa i rutan. Skicka sedan igen."),
        )

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class DigestField(forms.CharField):
    """Which texts the box was shown for."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False, max_length=128)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


@dataclass(frozen=True)
class Confirmed:
    """That somebody let a warning pass: for the log. Holds the field's name and the kinds, no text."""

    field: str
    kinds: tuple[Kind, ...]


class MaxLength(MaxLengthValidator):
    """Says how many characters to take away."""

    def __init__(self, limit: int, label: Any) -> None:
        super().__init__(limit)
        self.label = label

    def __call__(self, value: Any) -> None:
        excess = len(str(value)) - self.limit_value
        if excess > 0:
            raise ValidationError(
                ngettext(
                    "Texten i ”%(label)s” är %(excess)d tecken för lång. Ta bort minst %(excess)d tecken.",
                    "Texten i ”%(label)s” är %(excess)d tecken för lång. Ta bort minst %(excess)d tecken.",
                    excess,
                ),
                code="max_length",
                params={"label": self.label, "excess": excess},
            )


# The mixins stand in front of a form or an admin; only the type checker needs to know.
if TYPE_CHECKING:
    _FormBase = forms.Form
else:
    _FormBase = object


class PrivateTextMixin(_FormBase):
    """Put it first among a form's parents. All text fields and file names are covered by themselves.

    `privacy_exempt`: names of fields that are not looked through (a password, a one-time code).
    `privacy_expected`: for a field, the kinds that belong there (a telephone number in the field for it).
    `privacy_warns`: False lets other signs than identity numbers pass in silence.
    After `is_valid()`, `privacy_confirmed` tells which warnings were let pass, so that the operation can log it.
    """

    privacy_exempt: ClassVar[Collection[str]] = ()
    privacy_expected: ClassVar[Mapping[str, Collection[Kind]]] = {}
    privacy_warns: ClassVar[bool] = True
    never_write: ClassVar[Advice] = ADVICE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.privacy_confirmed: list[Confirmed] = []
        self._prepare_fields()

    def full_clean(self) -> None:
        # Again, for the fields a form has made after its parents' __init__.
        self._prepare_fields()
        super().full_clean()
        self.privacy_confirmed = []
        if self.is_bound and hasattr(self, "cleaned_data"):
            self._check_privacy()

    def _prepare_fields(self) -> None:
        for name, field in self.fields.items():
            if isinstance(field, forms.FileField):
                _make_name_short(field)
            elif isinstance(field, forms.CharField) and not isinstance(field, forms.JSONField):
                _make_readable_and_short(field, self._label_of(name))

    # --- What is looked through -------------------------------------------------------------------------

    def _covered_texts(self) -> dict[str, tuple[str, Callable[[str], list[Finding]]]]:
        """The cleaned text or file name of each covered field, and what looks through it."""
        covered: dict[str, tuple[str, Callable[[str], list[Finding]]]] = {}
        for name, field in self.fields.items():
            if name in self.privacy_exempt or name in (CONFIRM, DIGEST) or field.disabled:
                continue
            value = self.cleaned_data.get(name)
            if isinstance(field, forms.FileField):
                names = [file.name or "" for file in _files(value)]
                if names:
                    covered[name] = ("\n".join(names), _scan_file_names)
            elif isinstance(field, forms.JSONField) and value is not None:
                covered[name] = (json.dumps(value, ensure_ascii=False), scan)
            elif isinstance(field, forms.CharField) and isinstance(value, str) and value:
                covered[name] = (value, scan)
        return covered

    def _check_privacy(self) -> None:
        warned: dict[str, list[Finding]] = {}
        texts = self._covered_texts()
        for name, (text, look) in texts.items():
            try:
                found = look(text)
            except UnreadableText as problem:
                self.add_error(name, ValidationError(str(problem), code="unreadable"))
                continue
            if any(finding.blocks for finding in found):
                self.add_error(name, self._refusal(name))
            expected = self._expected_in(name)
            signs = [finding for finding in found if not finding.blocks and finding.kind not in expected]
            if signs and self.privacy_warns:
                warned[name] = signs
        if warned:
            self._ask_to_confirm(warned, {name: texts[name][0] for name in warned})

    def _expected_in(self, name: str) -> set[Kind]:
        expected = set(self.privacy_expected.get(name, ()))
        if self.fields[name].widget.is_hidden:
            # Nobody wrote it, and nobody could see the warning.
            expected.update(Kind)
        if isinstance(self.fields[name], forms.EmailField):
            expected.add(Kind.EMAIL)
        if isinstance(self.fields[name], forms.URLField):
            expected.add(Kind.SOCIAL_HANDLE)
        return expected

    # --- What is said -----------------------------------------------------------------------------------

    def _ask_to_confirm(self, warned: Mapping[str, list[Finding]], texts: Mapping[str, str]) -> None:
        digest = _digest_of(warned, texts)
        given = str(self.data.get(self.add_prefix(DIGEST)) or "")
        ticked = self.data.get(self.add_prefix(CONFIRM)) in ("on", "true", "True", "1", True)
        self.fields[CONFIRM] = ConfirmField()
        self.fields[DIGEST] = DigestField()
        if ticked and constant_time_compare(given, digest):
            self.privacy_confirmed = [
                Confirmed(name, tuple(finding.kind for finding in found)) for name, found in warned.items()
            ]
            return
        # The page shows the box empty, for the texts as they are now.
        data = self.data.copy()
        data[self.add_prefix(DIGEST)] = digest
        data.pop(self.add_prefix(CONFIRM), None)
        self.data = data
        for name, found in warned.items():
            self.add_error(name, self._warning(name, found))

    def _label_of(self, name: str) -> Any:
        return self.fields[name].label or name.replace("_", " ").capitalize()

    def _refusal(self, name: str) -> ValidationError:
        if isinstance(self.fields[name], forms.FileField):
            message = _(
                "Filnamnet i ”%(label)s” innehåller ett personnummer eller samordningsnummer. "
                "Byt namn på filen och välj den igen."
            )
        else:
            message = _(
                "Texten i ”%(label)s” innehåller ett personnummer eller samordningsnummer. "
                "Ta bort numret och spara igen."
            )
        return ValidationError(message, code="identity_number", params={"label": self._label_of(name)})

    def _warning(self, name: str, found: list[Finding]) -> ValidationError:
        if isinstance(self.fields[name], forms.FileField):
            message = _("Filnamnet i ”%(label)s” innehåller %(signs)s. Kontrollera att ingen person pekas ut.")
        else:
            message = _("Texten i ”%(label)s” innehåller %(signs)s. Kontrollera att ingen person pekas ut.")
        signs = get_text_list([str(finding.kind.words) for finding in found], _("och"))
        return ValidationError(message, code="privacy_warning", params={"label": self._label_of(name), "signs": signs})


def _make_readable_and_short(field: forms.CharField, label: Any) -> None:
    """Cleans the text before the field's own checks; a text without limit gets one."""
    if any(isinstance(validator, MaxLength) for validator in field.validators):
        return
    field.to_python = partial(_readable, field.to_python, label)
    limit = field.max_length = field.max_length or DEFAULT_MAX_LENGTH
    field.validators = [
        *(validator for validator in field.validators if not isinstance(validator, MaxLengthValidator)),
        MaxLength(limit, label),
    ]
    # With maxlength a browser cuts what is pasted without a word; we say how much to take away instead.
    if field.widget.attrs.pop("maxlength", None) is not None or not field.widget.is_hidden:
        field.widget.attrs["data-max-length"] = str(limit)


def _make_name_short(field: forms.FileField) -> None:
    if field.max_length is None:
        field.max_length = LONGEST_FILE_NAME
    field.error_messages["max_length"] = _("Filnamnet är för långt. Byt till ett kortare namn och välj filen igen.")


def _readable(to_python: Callable[[Any], Any], label: Any, value: Any) -> Any:
    if isinstance(value, str):
        try:
            value = clean_text(value)
        except UnreadableText as problem:
            raise ValidationError(
                format_lazy("{label}: {problem}", label=label, problem=str(problem)), code="unreadable"
            ) from None
    return to_python(value)


def _files(value: Any) -> list[UploadedFile[Any]]:
    several = value if isinstance(value, list | tuple) else [value]
    return [file for file in several if isinstance(file, UploadedFile)]


def _scan_file_names(names: str) -> list[Finding]:
    return list(dict.fromkeys(finding for name in names.split("\n") for finding in check_file_name(name)))


def _digest_of(warned: Mapping[str, list[Finding]], texts: Mapping[str, str]) -> str:
    """Stands for exactly these texts and warnings; nobody can read the texts out of it."""
    seen = [[name, [finding.kind.value for finding in warned[name]], texts[name]] for name in sorted(warned)]
    return salted_hmac(_SALT, json.dumps(seen), algorithm="sha256").hexdigest()


def private_form(form: type[forms.BaseForm], **attributes: Any) -> type[forms.BaseForm]:
    """The same form with the checks of this module."""
    parents = (form,) if issubclass(form, PrivateTextMixin) else (PrivateTextMixin, form)
    if len(parents) == 1 and not attributes:
        return form
    made: type[forms.BaseForm] = type(form)(f"Private{form.__name__}", parents, attributes)
    return made
