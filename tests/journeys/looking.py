"""What is examined on a page: axe at phone and desktop width in both colour schemes, and no sideways scroll."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parent.parent.parent
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ALL_RULES = {"type": "tag", "values": TAGS}
# The rules that see colours; all others find the same in light and dark.
COLOUR_RULES = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}


def axe_findings(page: Page, rules: dict[str, object]) -> list[str]:
    """What axe finds wrong on the page as it stands: one line for each rule, with the first places."""
    # Through the debugger, because the portal's own policy forbids foreign scripts.
    if not page.evaluate("() => typeof window.axe !== 'undefined'"):
        page.evaluate(AXE.read_text())
    return page.evaluate(
        """async rules => {
          const options = {runOnly: rules, resultTypes: ["violations"], preload: false};
          const found = await axe.run(document, options);
          return found.violations.map(rule => {
            const places = rule.nodes.slice(0, 3).map(node => node.target.join(" ")).join("; ");
            return `${rule.id}: ${rule.help} [${places}]`;
          });
        }""",
        rules,
    )


def look_at(page: Page, where: str) -> list[str]:
    problems = []
    for viewport in (PHONE, DESKTOP):
        page.set_viewport_size(viewport)
        for scheme, rules in (("light", ALL_RULES), ("dark", COLOUR_RULES)):
            page.emulate_media(color_scheme=scheme)
            problems += [f"{where} ({viewport['width']} px, {scheme}) {line}" for line in axe_findings(page, rules)]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            problems.append(f"{where}: scrolls sideways at {viewport['width']} px")
    page.emulate_media(color_scheme="light")
    return problems
