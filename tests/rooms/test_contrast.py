"""The theme keeps WCAG's contrast in light and dark, and no colour stands outside the theme."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings

from lysekil_trygghet.ui import bundles

CSS = Path(settings.BASE_DIR) / "static" / "css"
TOKENS = CSS / "tokens.css"
COLOUR = re.compile(r"(--[\w-]+):\s*(#[0-9a-f]{6})\s*;")
PALETTES = ("accent", "neutral", "brand1", "info", "success", "warning", "danger")
GROUNDS = ("background-default", "background-tinted", "surface-default", "surface-tinted", "surface-hover")


def schemes() -> dict[str, dict[str, str]]:
    """The colours of each scheme; the dark ones lie over the light ones."""
    light_part, dark_part = TOKENS.read_text(encoding="utf-8").split("@media screen and (prefers-color-scheme: dark)")
    light = dict(COLOUR.findall(light_part))
    return {"light": light, "dark": light | dict(COLOUR.findall(dark_part))}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def pairs() -> list[tuple[str, str, float]]:
    """Every pair of front and ground the style sheets put together, and the ratio it needs."""
    found: list[tuple[str, str, float]] = []
    for palette in PALETTES:
        name = f"--ds-color-{palette}-"
        for ground in GROUNDS:
            found += [(f"{name}{front}", f"{name}{ground}", 4.5) for front in ("text-default", "text-subtle")]
            found += [(f"{name}{edge}", f"{name}{ground}", 3) for edge in ("border-default", "border-strong")]
        found += [(f"{name}text-default", f"{name}surface-active", 4.5)]
        found += [
            (f"{name}base-contrast-default", f"{name}base-{state}", 4.5) for state in ("default", "hover", "active")
        ]
        # Links, errors and badges of every palette also stand on the page itself and on plain surfaces.
        for ground in GROUNDS[:4]:
            plain = f"--ds-color-neutral-{ground}"
            found += [(f"{name}text-subtle", plain, 4.5), (f"{name}text-default", plain, 4.5)]
            found += [(f"{name}border-default", plain, 3), (f"{name}base-default", plain, 3)]
            # Plain text on a tinted card or notice
            found += [(f"--ds-color-neutral-text-{front}", f"{name}{ground}", 4.5) for front in ("default", "subtle")]
            found += [("--ds-color-focus-outer", f"{name}{ground}", 3)]
    for ground in ("--portal-deep-background", "--portal-deep-raised"):
        found += [("--portal-deep-text", ground, 4.5), ("--portal-deep-subtle", ground, 4.5)]
        found += [("--portal-deep-line", ground, 3), ("--portal-horizon", ground, 3)]
        found += [("--portal-deep-focus", ground, 3)]
    found.append(("--portal-deep-text", "--portal-deep-wave", 4.5))
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_pair_has_enough_contrast(scheme):
    colours = schemes()[scheme]
    ratios = [(front, ground, contrast(colours[front], colours[ground]), need) for front, ground, need in pairs()]
    weak = [f"{front} on {ground}: {ratio:.2f} < {need}" for front, ground, ratio, need in ratios if ratio < need]
    assert weak == []


def test_the_arithmetic_agrees_with_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_both_schemes_name_the_same_colours():
    dark_part = TOKENS.read_text(encoding="utf-8").split("@media screen and (prefers-color-scheme: dark)")[1]
    dark_names = {name for name, _ in COLOUR.findall(dark_part)}
    light_names = set(schemes()["light"])
    assert light_names - dark_names == {"--portal-deep-focus", "--portal-paper"}
    assert dark_names <= light_names


def test_colours_stand_in_the_tokens_only():
    raw = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch|lab)a?\(|:\s*(?:white|black|red|blue|green|gr[ae]y)\b")
    for path in CSS.rglob("*.css"):
        if path != TOKENS:
            text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
            assert raw.findall(text) == [], path.name


@pytest.mark.parametrize("name", sorted(bundles.BUNDLES))
def test_every_variable_a_sheet_uses_is_defined(name):
    text = bundles.build(name)
    defined = set(re.findall(r"(--[\w-]+)\s*:", text))
    used = set(re.findall(r"var\(\s*(--[\w-]+)\s*\)", text))
    left_out = {variable for variable in used if variable.endswith("icon-url") or variable.startswith("--_")}
    assert used - defined - left_out == set()


@pytest.mark.parametrize("name", sorted(bundles.BUNDLES))
def test_a_sheet_loads_nothing(name):
    text = bundles.build(name)
    assert "url(" not in text
    assert "@import" not in text
    assert "@font-face" not in text
    assert text.count("{") == text.count("}")


def test_the_sheets_keep_to_their_budgets():
    def packed(name: str) -> int:
        return len(gzip.compress(bundles.build(name).encode(), 9))

    assert packed("css/public.css") <= 10_000
    assert packed("css/staff.css") <= 16_000
