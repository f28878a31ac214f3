"""Finds every identity number, leaves harmless texts alone, and never repeats what it found.

Numbers: those published as examples (docs/rules.md), and ones computed here from the same pattern of digits.
"""

from __future__ import annotations

import io
import logging
import random
import time
import unicodedata

import pytest
from django import forms
from django.contrib.admin import ModelAdmin, site
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.datastructures import MultiValueDict
from hypothesis import given
from hypothesis import strategies as st

from lysekil_trygghet.accounts.models import Organisation, User
from lysekil_trygghet.privacy import Finding, Kind, UnreadableText, check_file_name, clean_text, scan
from lysekil_trygghet.privacy.admin import PrivateAdminMixin
from lysekil_trygghet.privacy.forms import Confirmed, PrivateTextMixin
from lysekil_trygghet.privacy.identity import mask
from lysekil_trygghet.privacy.logs import RedactIdentityNumbers
from lysekil_trygghet.privacy.words import ADVICE, GOOD_EXAMPLE, NEVER_WRITE, SAY_INSTEAD

pytestmark = pytest.mark.same_everywhere

LONG, SHORT, COORDINATION = "191212121212", "1212121212", "7010632391"
STOPS = Finding(Kind.IDENTITY_NUMBER, blocks=True)
WARNS = Finding(Kind.LOOKS_LIKE_IDENTITY_NUMBER, blocks=False)


def kinds(text: str) -> list[str]:
    return [finding.kind.name for finding in scan(text)]


def check_digit(nine: str) -> str:
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(nine)]
    return str(-sum(value // 10 + value % 10 for value in doubled) % 10)


# --- The spellings of an identity number ---------------------------------------------------------------

FULL_WIDTH = str.maketrans("0123456789-", "０１２３４５６７８９－")
MARKS = {
    "hyphen": "-",
    "plus": "+",
    "space": " ",
    "no-break space": "\u00a0",
    "narrow no-break space": "\u202f",
    "hyphen that does not break": "\u2011",
    "true hyphen": "\u2010",
    "en dash": "\u2013",
    "em dash": "\u2014",
    "minus": "\u2212",
    "full-width hyphen": "\uff0d",
    "small hyphen": "\ufe63",
    "soft hyphen": "\u00ad",
    "zero-width space": "\u200b",
    "word joiner": "\u2060",
    "hyphen with spaces": " - ",
    "hyphen and soft hyphen": "-\u00ad",
    "full stop": ".",
    "underscore": "_",
    "hyphen as Markdown writes it": "\\-",
    "nothing": "",
    "line break": "\n",
    "hyphen and line break": "-\n",
    "line break and hyphen": "\r\n-",
    "hyphen and indented line": "-\r\n      ",
    "quoted line": "\n> ",
}


@pytest.mark.parametrize("mark", MARKS.values(), ids=MARKS)
@pytest.mark.parametrize("date", ["19121212", "121212", "701063"])
@pytest.mark.parametrize("around", ["%s", "Ärendet gäller %s.", "(%s)", "pnr:%s,", "Nr%soch", "a\n%s\nb"])
def test_every_mark_between_date_and_number(mark, date, around):
    last = "2391" if date == "701063" else "1212"
    assert STOPS in scan(around % f"{date}{mark}{last}")


SPELLINGS = [
    "1912-12-12-1212",
    "1912-12-12 1212",
    "1912.12.12-1212",
    "1912/12/12-1212",
    "12.12.12-1212",
    "12-12-12-1212",
    "1912 12 12 1212",
    "1912 12 12-1212",
    "19 121212-1212",
    "1912 1212 1212",
    "121212-12 12",
    "1 9 1 2 1 2 1 2 1 2 1 2",
    "1 2 1 2 1 2 - 1 2 1 2",
    "1912\n1212-1212",
    "19121\n2121212",
    "1912121212\n12",
    "19121212-12\n12",
    "1912-\n1212-1212",
    "19121212-1212".translate(FULL_WIDTH),
    "121212-1212".translate(FULL_WIDTH),
    "１９１２１２１２ １２１２",
    "١٩١٢١٢١٢-١٢١٢",
    "𝟏𝟐𝟏𝟐𝟏𝟐-𝟏𝟐𝟏𝟐",
    "①②①②①②-①②①②",
    "1\ufe0f\u20e32\ufe0f\u20e31\ufe0f\u20e32\ufe0f\u20e31\ufe0f\u20e32\ufe0f\u20e3-1212",
    "19\u200b12\u200b12\u200b12\u200b12\u200b12",
    "12\u00ad1212\u00ad-12\u00ad12",
    "1\u20602\u20601\u20602\u20601\u20602-1212",
    "\u202e191212121212\u202c",
    "121212\u28001212",
    "121212**-1212**",
]


@pytest.mark.parametrize("written", SPELLINGS)
def test_every_other_spelling(written):
    assert STOPS in scan(written)
    assert STOPS in scan(f"Eleven ({written}) var där.")


@pytest.mark.parametrize("day", ["01", "28", "31", "61", "88", "91"])
@pytest.mark.parametrize("month", ["01", "05", "12"])
@pytest.mark.parametrize("year", ["1890", "1912", "1999", "2000", "2012", "2019"])
def test_every_day_a_number_can_begin_with(year, month, day):
    digits = f"{year}{month}{day}121"
    number = digits + check_digit(digits[2:])
    for written in (number, f"{number[:8]}-{number[8:]}", f"{number[2:8]}-{number[8:]}", number[2:]):
        assert scan(f"Nummer {written} i listan")[0] == STOPS, year


@pytest.mark.parametrize("written", ["701063-2390", "19121212-1213", "121212+1213", "121212 1213", "1912-12-12-1213"])
def test_a_wrong_check_digit_warns(written):
    assert scan(written) == [WARNS]


@pytest.mark.parametrize("written", ["20120230-1212", "121200-1212", "121212-0009"])
def test_what_can_belong_to_nobody_never_stops(written):
    assert STOPS not in scan(written)


@pytest.mark.parametrize("written", ["121212-T121", "20121212-T121", "121212T121", "20121212-r121"])
def test_interim_numbers_warn(written):
    assert scan(f"Nummer {written} saknas") == [WARNS]


HARMLESS = [
    "212000-1389",
    "202100-6081",
    "5561234567",
    "16212000-1389",
    "2020-06-11 kl 1300",
    "2020-06-11 kl. 13.00",
    "2020-06-11 1300",
    "2020-06-11 13:00",
    "2020-06-11 1300-1500",
    "20200611 1300",
    "2020-06-11T13:00:00+02:00",
    "2020-06-11–2020-06-18",
    "2020-06-11-2020-06-18",
    "20200611-20200618",
    "200611-200618",
    "LKS 2020-06-0123",
    "Dnr KS 2020/0612-3",
    "KST 2020-000123",
    "vecka 25, 26 och 27 år 2020",
    "SFS 2023:196, 8 §",
    "12 345 678 kr",
    "1 250 000 kronor",
    "58.274400, 11.435800",
    "SWEREF 6465012, 311045",
    "ISBN 978-91-0-012345-6",
    "Bankgiro 5050-1055, plusgiro 12 34 56-7",
    "121212",
    "1212-1212",
    "191212",
    "https://www.lysekil.se/a/2020-06-11.html",
    "IMG_20200611_130512.jpg",
    "192.168.112.112",
    "19121212121212121212",
]


@pytest.mark.parametrize("text", [*HARMLESS, "0523-61 30 00", "0523-613000", "08-121 212 12", "070-123 45 67",
                                  "+46 523 61 30 00", "0046 70 123 45 67", "ring 0701234567", "114 14"])  # fmt: skip
def test_what_is_no_identity_number(text):
    assert not {STOPS, WARNS} & set(scan(f"Se {text} för mer."))


@pytest.mark.parametrize("text", HARMLESS)
def test_numbers_of_the_daily_work_give_no_warning_at_all(text):
    assert scan(text) == []


@pytest.mark.parametrize("between", [" ", "_"])
def test_a_day_and_a_time_with_the_right_check_digit_warns_and_does_not_stop(between):
    days = [f"202506{day:02}" for day in range(1, 31)]
    doubtful = [f"{day}{between}133{check_digit(day[2:] + '133')}" for day in days]
    assert {scan(text)[0] for text in doubtful} == {WARNS}
    assert {scan(text.replace(between, "-"))[0] for text in doubtful} == {STOPS}
    wrong = [text[:-1] + str((int(text[-1]) + 1) % 10) for text in doubtful]
    assert [text for text in wrong if scan(text)] == []


def harmless_text(chance: random.Random) -> str:
    """A made-up report with the numbers such reports have."""
    day = f"{chance.randint(2019, 2027)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    hour, minute = chance.randint(7, 22), chance.choice(["00", "15", "30", "45"])
    group = chance.choice(["21", "55", "76", "80"])
    organisation = f"{group}{chance.randint(2000, 9999)}-{chance.randint(0, 9999):04}"
    pieces = [
        f"Mötet hölls {day} kl {hour:02}{minute}.",
        f"Mötet hölls {day} {hour:02}{minute}–{hour + 1:02}{minute} i stadshuset.",
        f"Vi var ute {day.replace('-', '')} kl. {hour:02}{minute} på badplatsen.",
        f"Protokollet {day.replace('-', '')} är justerat.",
        f"Ring 0523-{chance.randint(10, 99)} {chance.randint(10, 99)} {chance.randint(10, 99)} vid frågor.",
        f"Växeln nås på 010-{chance.randint(100, 999)} {chance.randint(10, 99)} {chance.randint(10, 99)}.",
        f"Jour: 070-{chance.randint(100, 999)} {chance.randint(10, 99)} {chance.randint(10, 99)}.",
        f"Mobil 07{chance.randint(0, 9)}{chance.randint(1000000, 9999999)}.",
        f"Föreningen har organisationsnummer {organisation}.",
        f"Bolaget ({organisation.replace('-', '')}) bemannar kajen.",
        f"Diarienummer LKS {day[:7]}-{chance.randint(0, 999):04}.",
        f"Dnr {chance.choice(['KS', 'SN', 'UN'])} {day[:4]}/{chance.randint(1, 9999):04}.",
        f"Vecka {chance.randint(1, 52)} kom {chance.randint(20, 90)} ungdomar per kväll.",
        f"Kostnaden blev {chance.randint(1, 9)} {chance.randint(100, 999)} {chance.randint(100, 999)} kronor.",
        f"Perioden {day}–{day[:8]}28 har {chance.randint(10, 99)} pass.",
        f"Sidan visades {chance.randint(10000, 999999)} gånger.",
        f"Paragraf {chance.randint(1, 200)}, sidan {chance.randint(1, 40)} av {chance.randint(41, 90)}.",
    ]
    return " ".join(chance.sample(pieces, 6))


def test_a_thousand_harmless_texts():
    chance = random.Random(20200609)
    texts = [harmless_text(chance) for _turn in range(1000)]
    hit = [text for text in texts if {STOPS, WARNS} & set(scan(text))]
    assert len(hit) <= 10, hit[:5]


def test_planted_numbers_are_found_in_a_thousand_texts():
    chance = random.Random(7)
    written = [*SPELLINGS, *(f"121212{mark}1212" for mark in MARKS.values())]
    for _turn in range(1000):
        words = harmless_text(chance).split(" ")
        words.insert(chance.randrange(len(words)), f"({chance.choice(written)})")
        assert STOPS in scan(" ".join(words)), words


def test_a_finding_never_carries_the_value():
    found = scan(f"{LONG} namn.namn@example.se 070-123 45 67 Storgatan 12")
    assert len(found) == 4
    assert not any(piece in repr(found) for piece in (LONG, SHORT, "1212", "example", "070", "Storgatan"))


def test_the_most_serious_comes_first_and_each_kind_once():
    text = f"Två elever på Mariaskolan, familjen X, ring 070-123 45 67 eller 070-123 45 68. {LONG} 701063-2390"
    assert kinds(text) == ["IDENTITY_NUMBER", "PHONE", "PERSON_WORD", "SMALL_COUNT"]


# --- Other signs --------------------------------------------------------------------------------------

SIGNS = {
    "EMAIL": [
        "namn.namn@example.se", "skriv till a@b.nu", "namn (at) example.se", "NAMN@EXAMPLE.SE", "namn[at]example.se",
        "anna＠example.se".replace("anna", "namn").replace("＠", "@"),
    ],
    "PHONE": [
        "070-123 45 67", "0701234567", "070 123 45 67", "0523-61 30 00", "0523/61 30 00", "+46 70 123 45 67",
        "+46701234567", "+46 (0)70-123 45 67", "0046 523 613000", "+47 22 12 34 56", "08-12 34 56 78",
        "070\u2011123\u00a045\u00a067",
    ],
    "BIRTH_YEAR": [
        "född 2005", "Född: 2005", "födda 2007", "född år 2005", "född -05", "född 05", "född den 3 maj 2005",
        "född 3/5 2005", "f. 2005", "födelseår 2005", "född i maj 2005", "är född 1999",
    ],
    "STREET_ADDRESS": [
        "Storgatan 12", "Storgatan 12 B", "Norra Hamngatan 3", "Kyrkvägen 7", "Björkstigen 4a", "Södra torget 1",
        "hos honom på Rosvikstorg 2", "Gullmarsvägen\u00a014",
    ],
    "REGISTRATION_PLATE": ["ABC 123", "ABC123", "ABC 12D", "abc123", "en bil (ABC 123)", "ABC-123"],
    "SOCIAL_HANDLE": ["@nagons_konto", "snap: @konto123"],
    "PERSON_WORD": [
        "en elev", "Eleven sade", "klienten kom", "familjen X", "Familjen Åström", "misstänkt", "den misstänkte",
        "målsäganden", "brottsoffret", "en 15-åring", "15-åringen", "en 15-årig pojke", "flickan", "patientens",
        "bröderna A",
    ],
    "SMALL_COUNT": [
        "Två elever på Mariaskolan", "3 ungdomar i kvarteret Ängen", "4 anmälda brott vid skolan",
        "en familj från Syrien med utländsk bakgrund", "fyra unga män, nyanlända", "1 av eleverna på gymnasiet",
        "tre barn i årskurs 6", "2 st pojkar vid förskolan",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in SIGNS.items() for text in texts])
def test_other_signs_warn(kind, text):
    found = scan(f"I går: {text} och mer.")
    assert Finding(Kind[kind], blocks=False) in found
    assert not any(finding.blocks for finding in found)


@pytest.mark.parametrize(
    "text",
    [
        "Fältverksamheten har varit ute fyra kvällar vecka 25 i centrum och vid badplatsen.",
        "60–70 ungdomar mötte personal. Bemanning saknas lördag vecka 26. Förslag: låna två fritidsledare.",
        str(GOOD_EXAMPLE),
        "Eleverna på skolan har fått information. Elevhälsan deltar.",
        "Vi har haft två möten med skolan och tre med föreningarna.",
        "Länsväg 162, riksväg 44 och cykelvägen 3 km bort.",
        "Kungsgatan 4 juni kl. 18.00 och torget 5 juni.",
        "Vi vandrade på gatan 3 kvällar.",
        "Öppet 08.00–16.00 måndag–fredag, 10–12 lördag.",
        "Klockan 20-23 torsdag 18 juni 2020.",
        "Ring 112 i nödläge, 114 14 till Polisen och 1177 för vård.",
        "Målet är 0,5 procent fler. Resultatet var 12–15 per 1 000 invånare.",
        "25 personer deltog. Skolan var stängd.",
        "Två vakter gick runt. Sedan öppnade skolan.",
        "Nyfödda idéer och föda åt måsar 2020.",
        "Medborgarlöfte 2020-1:3 och punkt 7 i beslutet.",
        "Familjen är viktig. Familjer kom.",
        "SFS 123, LKS 123 och DNR 456.",
        "",
        "\n\n",
    ],
)
def test_ordinary_work_gives_no_warning(text):
    assert scan(text) == []


# --- Cost ---------------------------------------------------------------------------------------------

HOSTILE = [
    *("1", "1 ", "12\n", "1-", "0", "0 ", "07 ", "+46", "1.", "1/2", "1\n>>>>>>", "1\u200b", "１", "\u00ad1"),
    *("191212-", "191212 ", "1912\n", "191212 \n     ", "2020-06-11 ", "19 12 ", "701063-2390 ", "191212T"),
    *("a", "a@", "@a", "a.", "(at)", "f. ", "född ", "född den 1 maj ", "agatan 1", "gatan ", "ABC", "ABC 1"),
    *(
        "en ",
        "en av st unga ",
        "två elever ",
        "skola ",
        "elev",
        "familjen ",
        "15-årig ",
        " ",
        "\n",
        "-",
        "\u200b",
    ),
    *("é", "e\u0301", "\u0301", "😀", "İ", "\u202e"),
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_text_of_100_000_characters_costs_little(piece):
    text = (piece * (100_000 // len(piece) + 1))[:100_000]

    def seconds(work) -> float:
        started = time.process_time()
        work(text)
        return time.process_time() - started

    for work in (scan, clean_text):
        # Measured again if something else on the machine took the time.
        assert any(seconds(work) < 0.2 for _turn in range(3))


# --- Text as it may be stored ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Hej", "Hej"),
        ("a\u030angstro\u0308m", "ångström"),
        ("rad\r\nrad\rrad\x0brad\u2028rad", "rad\nrad\nrad\nrad\nrad"),
        ("tab\tkvar", "tab\tkvar"),
        ("\u202eomvänt\u202c \u2066isolerat\u2069 \u200emärke\u200f", "omvänt isolerat märke"),
        ("klot\u200btet\ufeff", "klottet"),
        ("\u200b\u200d\u2060\ufeff", ""),
        (" \u00ad\u200d\u00a0\n", ""),
        ("\u3164\u2800\u115f", ""),
        ("\u0301", ""),
        ("👩\u200d🚒 på plats", "👩\u200d🚒 på plats"),
        ("trygghets\u00adarbete", "trygghets\u00adarbete"),
        ("bell\x07 esc\x1b c1\x9f del\x7f", "bell esc c1 del"),
        ("", ""),
    ],
)
def test_text_is_cleaned(text, cleaned):
    assert clean_text(text) == cleaned


UNREADABLE = {
    "NUL": "\x00",
    "could not be decoded": "\ufffd",
    "first half of a character": chr(0xD800),
    "second half of a character": chr(0xDFFF),
    "no character": "\uffff",
}


@pytest.mark.parametrize("bad", UNREADABLE.values(), ids=UNREADABLE)
def test_unreadable_text_is_refused_without_being_repeated(bad):
    with pytest.raises(UnreadableText) as caught:
        clean_text(f"hemligt{bad}ord")
    assert "går att läsa" in str(caught.value)
    assert "hemligt" not in str(caught.value) + repr(caught.value)


@given(st.text())
def test_cleaned_text_stays_clean(text):
    try:
        cleaned = clean_text(text)
    except UnreadableText:
        return
    assert clean_text(cleaned) == cleaned
    assert cleaned == unicodedata.normalize("NFC", cleaned)
    cleaned.encode()
    scan(text)


# --- File names -----------------------------------------------------------------------------------------


def test_file_names():
    assert check_file_name("badplatsen_kvall_vecka25.jpg") == []
    assert check_file_name("IMG_20200611_130512.jpg") == []
    assert check_file_name("Protokoll 2020-06-11.pdf") == []
    assert check_file_name("rapport_19121212-1212.pdf") == [STOPS]
    assert check_file_name("191212121212") == [STOPS]
    assert check_file_name("bild_701063_2391_slutlig.docx") == [STOPS]
    assert [finding.kind for finding in check_file_name("samtal_med_eleven.pdf")] == [Kind.PERSON_WORD]
    with pytest.raises(UnreadableText):
        check_file_name("bild\ufffd.jpg")


# --- Forms ----------------------------------------------------------------------------------------------


class PlainForm(forms.Form):
    title = forms.CharField(label="Rubrik", max_length=20)
    text = forms.CharField(label="Vad har gjorts", widget=forms.Textarea, required=False)
    phone = forms.CharField(label="Telefon", required=False)
    email = forms.EmailField(label="E-post", required=False)
    web = forms.URLField(label="Webbplats", required=False, assume_scheme="https")
    password = forms.CharField(label="Lösenord", required=False)
    once = forms.CharField(widget=forms.HiddenInput, required=False)
    extra = forms.JSONField(label="Tillägg", required=False)
    number = forms.IntegerField(label="Antal", required=False)
    file = forms.FileField(label="Bilaga", required=False)


class ReportForm(PrivateTextMixin, PlainForm):
    privacy_exempt = ("password",)
    privacy_expected = {"phone": {Kind.PHONE}}


def filled(form=ReportForm, *, files=None, **data) -> forms.Form:
    return form({"title": "Kvällsarbete", **data}, MultiValueDict(files or {}))


def named(name: str) -> dict[str, list[SimpleUploadedFile]]:
    file = SimpleUploadedFile("x", b"x")
    file._name = name  # as a name that came through some other door
    return {"file": [file]}


def test_a_harmless_form_passes_and_shows_no_box():
    form = filled(text="Vi var ute tre kvällar.", number="191212121212")
    assert form.is_valid()
    assert form.privacy_confirmed == []
    assert set(form.fields) == set(PlainForm.base_fields)


@pytest.mark.parametrize("name", ["title", "text", "phone", "email", "web", "once", "extra"])
def test_an_identity_number_stops_every_text_field(name):
    value = {
        "title": "121212-1212",
        "email": "namn.191212121212@example.se",
        "web": "https://example.se/191212121212",
        "extra": '{"a": ["191212121212"]}',
    }.get(name, f"Det gäller {LONG}.")
    form = filled(**{name: value})
    assert not form.is_valid()
    assert form.errors.as_data().keys() == {name}
    (error,) = form.errors.as_data()[name]
    assert error.code == "identity_number"
    label = form[name].label
    assert form.errors[name] == [
        f"Texten i ”{label}” innehåller ett personnummer eller samordningsnummer. Ta bort numret och spara igen."
    ]
    assert not any(digits in str(form.errors) + repr(error) for digits in (LONG, SHORT, "1212"))
    assert "confirm_privacy" not in form.fields


def test_an_identity_number_in_a_file_name_stops():
    form = filled(files=named("rapport 19121212-1212.pdf"))
    assert form.errors["file"] == [
        (
            "Filnamnet i ”Bilaga” innehåller ett personnummer eller samordningsnummer. "
            "Byt namn på filen och välj den igen."
        )
    ]


def test_an_unreadable_file_name_stops():
    assert "går att läsa" in filled(files=named("a\ufffd.pdf")).errors["file"][0]


def test_a_very_long_file_name_is_refused():
    assert filled(files=named("a" * 250 + ".pdf")).errors["file"] == [
        "Filnamnet är för långt. Byt till ett kortare namn och välj filen igen."
    ]


def test_exempt_and_expected_fields():
    assert filled(password=LONG).is_valid()
    assert filled(phone="070-123 45 67", email="namn@example.se", once="abc123").is_valid()
    assert not filled(text="070-123 45 67").is_valid()


def sent_again(form: forms.Form, *, tick: bool = True, **changes) -> forms.Form:
    """What a browser sends when the page with the warning is sent again."""
    assert not form.is_valid()
    data = {name: form[name].value() for name in form.fields if name not in ("file", "confirm_privacy")}
    data |= {"confirm_privacy": "on"} if tick else {}
    return type(form)({name: value for name, value in (data | changes).items() if value is not None})


def test_a_warning_is_confirmed_for_exactly_these_texts():
    first = filled(text="Eleven nås på 070-123 45 67.")
    assert not first.is_valid()
    assert first.errors == {
        "text": [
            (
                "Texten i ”Vad har gjorts” innehåller ett telefonnummer och ord som pekar ut en viss person eller "
                "familj. Kontrollera att ingen person pekas ut."
            )
        ]
    }
    page = first.as_p()
    assert 'type="checkbox" name="confirm_privacy"' in page
    assert "checked" not in page
    assert "Jag har läst varningen och texten innehåller inget som pekar ut en person" in page
    assert first["text"].value() == "Eleven nås på 070-123 45 67."

    confirmed = sent_again(first)
    assert confirmed.is_valid()
    assert confirmed.privacy_confirmed == [Confirmed("text", (Kind.PHONE, Kind.PERSON_WORD))]
    assert "confirm_privacy" not in confirmed.cleaned_data
    assert "confirm_privacy" not in confirmed.changed_data

    assert not sent_again(first, tick=False).is_valid()
    assert sent_again(first, text="Nu utan något.").is_valid()
    assert sent_again(first, title="Ny rubrik").is_valid()


def test_changed_text_warns_anew_with_an_empty_box():
    first = filled(text="Eleven nås på 070-123 45 67.")
    changed = sent_again(first, text="Eleven nås på 070-123 45 68.")
    assert not changed.is_valid()
    assert "checked" not in changed.as_p()
    assert changed["privacy_digest"].value() != first["privacy_digest"].value()
    assert sent_again(changed).is_valid()


def test_a_warning_in_another_field_warns_anew():
    first = filled(text="Eleven kom.")
    assert sent_again(first, title="Klienten kom").errors.keys() == {"title", "text"}


def test_a_tick_cannot_be_sent_beforehand():
    assert not filled(text="Eleven kom.", confirm_privacy="on").is_valid()
    assert not filled(text="Eleven kom.", confirm_privacy="on", privacy_digest="0" * 64).is_valid()


def test_a_tick_does_not_let_an_identity_number_pass():
    first = filled(text=f"Eleven {LONG} kom.")
    assert [error.code for error in first.errors.as_data()["text"]] == ["identity_number", "privacy_warning"]
    second = sent_again(first)
    assert [error.code for error in second.errors.as_data()["text"]] == ["identity_number"]
    assert second.privacy_confirmed == [Confirmed("text", (Kind.PERSON_WORD,))]


def test_the_tick_is_kept_while_another_field_is_mended():
    first = filled(text="Eleven kom.")
    second = sent_again(first, title="")
    assert second.errors.keys() == {"title"}
    assert "checked" in second.as_p()
    assert sent_again(second, title="Rubrik").is_valid()


def test_forms_with_a_prefix_confirm_each_for_itself():
    data = {"a-title": "x", "a-text": "Eleven kom."}
    first = ReportForm(data, prefix="a")
    assert not first.is_valid()
    again = data | {"a-confirm_privacy": "on", "a-privacy_digest": first["privacy_digest"].value()}
    assert ReportForm(again, prefix="a").is_valid()
    assert not ReportForm({name.replace("a-", "b-"): value for name, value in again.items()} | {"b-text": "Klient."},
                          prefix="b").is_valid()  # fmt: skip


def test_a_form_can_be_told_not_to_warn():
    class Silent(ReportForm):
        privacy_warns = False

    assert filled(Silent, text="Eleven kom.").is_valid()
    assert not filled(Silent, text=LONG).is_valid()


def test_a_file_name_can_be_confirmed():
    first = filled(files=named("eleven.pdf"))
    assert first.errors["file"] == [
        (
            "Filnamnet i ”Bilaga” innehåller ord som pekar ut en viss person eller familj. "
            "Kontrollera att ingen person pekas ut."
        )
    ]
    answer = {"confirm_privacy": "on", "privacy_digest": first["privacy_digest"].value()}
    assert filled(files=named("eleven.pdf"), **answer).is_valid()
    assert not filled(files=named("klienten.pdf"), **answer).is_valid()


def test_texts_are_cleaned_before_they_are_checked():
    form = filled(title="\u202eRubrik\u202c", text="ett\r\ntvå\u200b")
    assert form.is_valid()
    assert (form.cleaned_data["title"], form.cleaned_data["text"]) == ("Rubrik", "ett\ntvå")
    assert filled(title="\u200b\u2060").errors["title"] == ["Detta fält måste fyllas i."]


@pytest.mark.parametrize("bad", UNREADABLE.values(), ids=UNREADABLE)
def test_unreadable_text_names_the_field(bad):
    (message,) = filled(text=f"x{bad}").errors["text"]
    assert message == (
        "Vad har gjorts: Texten innehåller tecken som inte går att läsa. "
        "Skriv om den del där det står konstiga tecken."
    )


@pytest.mark.parametrize(("name", "limit"), [("title", 20), ("text", 5000), ("phone", 5000)])
def test_too_long_text_says_how_much_to_remove_and_keeps_it(name, limit):
    assert filled(**{name: "a" * limit}).is_valid()
    form = filled(**{name: "a" * (limit + 7)})
    label = form[name].label
    assert form.errors[name] == [f"Texten i ”{label}” är 7 tecken för lång. Ta bort minst 7 tecken."]
    assert form[name].value() == "a" * (limit + 7)
    assert f'data-max-length="{limit}"' in str(form[name])
    assert " maxlength=" not in str(form[name])


def test_line_breaks_count_as_one_character():
    assert filled(title="a" * 9 + "\r\n" + "b" * 10).is_valid()


def test_a_megabyte_is_refused_without_being_looked_through():
    started = time.process_time()
    assert filled(text="191212-1212 " * 90_000).errors["text"][0].startswith("Texten i ”Vad har gjorts” är")
    assert time.process_time() - started < 2


def test_fields_made_late_are_covered_too():
    class Late(PrivateTextMixin, forms.Form):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.fields["late"] = forms.CharField()

    assert not Late({"late": LONG}).is_valid()
    assert not Late({"late": "a" * 5001}).is_valid()


def test_forms_do_not_share_what_was_prepared():
    for _turn in range(3):
        field = ReportForm().fields["text"]
        assert sum(type(validator).__name__ == "MaxLength" for validator in field.validators) == 1
    assert PlainForm().fields["text"].max_length is None


# --- Admin ----------------------------------------------------------------------------------------------


class OrganisationAdmin(PrivateAdminMixin, ModelAdmin):
    fields = ["slug", "name", "short_name", "kind", "function_mailbox"]


ORGANISATION = {
    "slug": "badplatsen",
    "name": "Badplatsen",
    "short_name": "Bad",
    "kind": "DEPARTMENT",
    "function_mailbox": "badplatsen@kommun.example",
}


def admin_answer(administrator: User, **data: str):
    """What the page for adding an organisation answers, as its form and its HTML (None when it was saved)."""
    request = RequestFactory().post("/admin/accounts/organisation/add/", ORGANISATION | data)
    request.user = administrator
    request.session = {}
    request._messages = FallbackStorage(request)
    request._dont_enforce_csrf_checks = True
    response = OrganisationAdmin(Organisation, site).add_view(request)
    if response.status_code == 302:
        return None, None
    html = response.render().content.decode()
    return response.context_data["adminform"].form, html


@pytest.mark.django_db
def test_the_admin_looks_through_its_form():
    administrator = User.objects.create_superuser("admin@kommun.example", name="Administratör")
    added = Organisation.objects.filter(slug=ORGANISATION["slug"])
    form, html = admin_answer(administrator, name=f"Bad {LONG}")
    assert form.errors.as_data()["name"][0].code == "identity_number"
    assert "confirm_privacy" not in html

    form, html = admin_answer(administrator, name="Eleven")
    assert form.errors.as_data()["name"][0].code == "privacy_warning"
    assert 'type="checkbox" name="confirm_privacy"' in html
    digest = form["privacy_digest"].value()
    assert f'type="hidden" name="privacy_digest" value="{digest}"' in html
    assert not added.exists()

    answer = {"confirm_privacy": "on", "privacy_digest": digest}
    assert admin_answer(administrator, name="Eleven", **answer) == (None, None)
    assert list(added.values_list("name", flat=True)) == ["Eleven"]


# --- Logs -----------------------------------------------------------------------------------------------


@pytest.fixture
def logged():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(RedactIdentityNumbers())
    logger = logging.Logger("a log of its own")
    logger.addHandler(handler)

    def write(*args, **kwargs) -> str:
        logger.warning(*args, **kwargs)
        return stream.getvalue()

    return write


@pytest.mark.parametrize("written", [*SPELLINGS, LONG, SHORT, "701063-2390", "121212-T121", "20200611-1300"])
def test_logs_hide_every_spelling(logged, written):
    line = logged("Före %s efter", written)
    assert "[dolt nummer]" in line
    assert sum(unicodedata.digit(character, None) is not None for character in line) <= 2


def test_logs_hide_numbers_in_tracebacks_and_stacks(logged):
    try:
        raise ValueError(f"bad value {LONG}")
    except ValueError:
        line = logged("Fel för %(pnr)s", {"pnr": SHORT}, exc_info=True, stack_info=True)
    assert "Traceback" in line
    assert "ValueError: bad value [dolt nummer]" in line
    assert not {LONG, SHORT} & set(line.split())


def test_logs_survive_a_wrong_call(logged):
    assert logged("Två %s %s", LONG) == "Två %s %s ('[dolt nummer]',)\n"


def test_logs_leave_the_rest_alone(logged):
    line = "GET /arbete/uppdrag/17/ 200 2020-06-11 13:00 0523-61 30 00 212000-1389"
    assert logged(line) == f"{line}\n"


@given(st.text(alphabet="0129-+ \n\u200b\r１a", max_size=60))
def test_masking_keeps_what_it_does_not_hide(text):
    masked = mask(text)
    assert STOPS not in scan(masked)
    if masked == text:
        assert STOPS not in scan(text)


# --- The list beside the field --------------------------------------------------------------------------


def test_the_list_beside_the_field():
    assert len(NEVER_WRITE) == 9
    page = render_to_string("components/never_write.html", {"advice": ReportForm.never_write})
    for words in (*NEVER_WRITE, SAY_INSTEAD, GOOD_EXAMPLE, "Det här får aldrig stå i texten"):
        assert str(words) in page
    assert page.count("<li>") == 9
    assert page.count("<details") == page.count("<summary") == 1
    assert ReportForm.never_write is ADVICE
    assert scan(f"{SAY_INSTEAD} {GOOD_EXAMPLE}") == []
