"""`make sbom`: bill of materials (CycloneDX 1.6, JSON) of what runs in production, from the lock files.

Made from requirements.txt and package-lock.json alone, so it says what a fresh install gets, not what happens
to lie in one `.venv`. No time and no random number in it: the same lock files give the same bytes.
"""

from __future__ import annotations

import base64
import json
import re
import sys
import tomllib
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent.parent
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^]]*\])?==(?P<version>[^\s;\\]+)(?:\s*;\s*(?P<marker>[^\\\n]+))?")
HASH_NAMES = {"sha1": "SHA-1", "sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512"}

Component = dict[str, Any]


def python_packages(lock: str) -> list[Component]:
    found = []
    for entry in re.split(r"\n(?=\S)", lock.strip()):
        if not (pin := PIN.match(entry)):
            continue
        name = re.sub(r"[-_.]+", "-", pin["name"]).lower()
        component = package(name, pin["version"], f"pkg:pypi/{quote(name)}@{quote(pin['version'])}")
        hashes = re.findall(r"--hash=sha256:([0-9a-f]{64})", entry)
        # One for each file of the release (source, and a wheel for each system).
        component["hashes"] = [{"alg": "SHA-256", "content": content} for content in hashes]
        if pin["marker"]:
            component["properties"] = [{"name": "python:marker", "value": pin["marker"].strip()}]
        found.append(component)
    return found


def npm_packages(lock: dict[str, Any]) -> list[Component]:
    found = []
    for place, facts in lock["packages"].items():
        if not place or facts.get("dev"):
            continue
        name = place.rpartition("node_modules/")[2]
        scope, _, short = name.rpartition("/")
        path = f"{quote(scope, safe='')}/{quote(short)}" if scope else quote(short)
        component = package(name, facts["version"], f"pkg:npm/{path}@{quote(facts['version'])}")
        if integrity := facts.get("integrity"):
            kind, _, content = integrity.partition("-")
            digest = base64.b64decode(content).hex()
            component["hashes"] = [{"alg": HASH_NAMES[kind], "content": digest}]
        if licence := facts.get("license"):
            component["licenses"] = [{"expression": licence}]
        found.append(component)
    return found


def package(name: str, version: str, purl: str) -> Component:
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}


def bill() -> dict[str, Any]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    components = python_packages((ROOT / "requirements.txt").read_text(encoding="utf-8"))
    components += npm_packages(json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8")))
    components.sort(key=lambda component: component["purl"])
    own = f"pkg:generic/{project['name']}@{project['version']}"
    content = json.dumps(components, sort_keys=True)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, own + content)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": project["name"],
                "version": project["version"],
                "licenses": [{"expression": project["license"]}],
            }
        },
        "components": components,
        "dependencies": [{"ref": own, "dependsOn": [component["bom-ref"] for component in components]}],
    }


def main() -> int:
    target = ROOT / "var" / "sbom.json"
    target.parent.mkdir(exist_ok=True)
    made = bill()
    target.write_text(json.dumps(made, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(made['components'])} components written to {target.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
