"""`make lock`: writes requirements.txt, requirements-dev.txt and package-lock.json anew.

Lock files hold versions and hashes but no download addresses, so that each machine fetches from the registry
it trusts and gets the same bytes. Known versions are kept; UPGRADE=1 looks for newer ones.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(sys.executable).parent


def main() -> int:
    upgrade = os.environ.get("UPGRADE", "0") not in ("", "0")
    for name in ("requirements", "requirements-dev"):
        command = [str(BIN / "uv"), "pip", "compile", f"{name}.in", "--output-file", f"{name}.txt", "--quiet"]
        command += ["--python-version", "3.12", "--universal", "--generate-hashes"]
        command += ["--no-emit-index-url", "--no-annotate", "--no-header"]
        if subprocess.run([*command, *(["--upgrade"] if upgrade else [])], cwd=ROOT).returncode:
            return 1
    npm = shutil.which("npm") or str(BIN / "npm")
    verb = ["update", "--save"] if upgrade else ["install"]
    options = ["--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund"]
    options.append("--omit-lockfile-registry-resolved")
    environment = {**os.environ, "PATH": f"{os.environ.get('PATH', os.defpath)}{os.pathsep}{BIN}"}
    if subprocess.run([npm, *verb, *options], cwd=ROOT, env=environment).returncode:
        return 1
    without_addresses(ROOT / "package-lock.json")
    print("Lock files written. `make test` installs and tries them.")
    return 0


def without_addresses(path: Path) -> None:
    """Also the pages where packages ask for money; and an old npm does not know the option above."""
    lock = json.loads(path.read_text(encoding="utf-8"))
    for package in lock["packages"].values():
        package.pop("resolved", None)
        package.pop("funding", None)
    path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
