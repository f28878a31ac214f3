"""The compose file and the image: nothing as root, no password of its own, and what can be tried is tried."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
# The one that must begin as root: PostgreSQL's image hands its folder over to its own user and goes on as that.
BEGINS_AS_ROOT = {"database"}
ENDS = {"migrate", "backup"}


def instructions() -> list[tuple[str, str]]:
    text = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", (DEPLOY / "Dockerfile").read_text(), flags=re.M))
    return [tuple(line.split(maxsplit=1)) for line in text.splitlines() if line.strip()]  # type: ignore[misc]


def stages() -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for word, rest in instructions():
        if word == "FROM":
            _image, _as, name = rest.split()
            found[name] = []
        found[name].append((word, rest))
    return found


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_each_container_has_as_few_rights_as_it_can(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["restart"] == ("no" if name in ENDS else "unless-stopped")
    if name not in BEGINS_AS_ROOT:
        assert service["cap_drop"] == ["ALL"]
        assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"])
    assert not service.get("privileged")
    assert not any("docker.sock" in volume for volume in service.get("volumes", []))


@pytest.mark.parametrize("name", sorted(set(SERVICES) - ENDS - {"send_due"}))
def test_each_container_says_whether_it_is_well(name):
    assert SERVICES[name]["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")


def test_who_waits_for_whom_exists_and_can_tell():
    for service in SERVICES.values():
        for needed, how in service.get("depends_on", {}).items():
            check = SERVICES[needed].get("healthcheck", {})
            assert how["condition"] == "service_completed_successfully" or not check.get("disable")


def test_volumes_networks_and_secrets_are_declared():
    for service in SERVICES.values():
        named = {volume.split(":")[0] for volume in service.get("volumes", []) if volume[0] not in "./"}
        assert named <= set(COMPOSE["volumes"])
        assert set(service["networks"]) <= set(COMPOSE["networks"])
        assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"])
        for volume in service.get("volumes", []):
            if volume.startswith("./"):
                assert (DEPLOY / volume.split(":")[0]).is_file()


def test_database_and_broker_are_reached_from_inside_alone():
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["nginx"]
    for name in ("database", "broker"):
        assert SERVICES[name]["networks"] == ["inside"]


def test_nothing_has_a_password_of_its_own():
    """Every password is a variable without a default, and what must be set is in the template, empty."""
    text = (DEPLOY / "compose.yaml").read_text()
    for line in text.splitlines():
        for name, value in re.findall(r"(\w*(?:PASSWORD|AUTH|SECRET_KEY)\w*):\s+(\S.*?)\s*[,}]?$", line):
            assert re.match(r'"?\$\{\w+:\?', value), f"{name} has a value"
        for credentials in re.findall(r"://([^@/\s]*:[^@\s]*)@", line):
            assert ":${" in credentials
    required = set(re.findall(r"\$\{(\w+):\?", text))
    template = (DEPLOY / "production" / "compose.env.example").read_text()
    offered = dict(re.findall(r"^(\w+)=(.*)$", template, flags=re.M))
    assert set(offered) == required
    assert {name for name, value in offered.items() if not value} == {n for n in required if n.endswith("PASSWORD")}


def test_the_broker_keeps_what_it_is_told():
    command = SERVICES["broker"]["command"][-1]
    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command
    assert "requirepass" in command


# --- The image --------------------------------------------------------------------------------------


def test_the_image_is_made_in_two_stages_and_does_not_run_as_root():
    made = stages()
    assert list(made) == ["build", "portal", "proxy"]
    for name in ("portal", "proxy"):
        users = [rest for word, rest in made[name] if word == "USER"]
        assert users
        assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", users[-1])
    assert [rest.split()[0] for word, rest in made["build"] if word == "FROM"] == ["python:3.13-slim"]


def test_no_secret_and_no_address_is_in_a_layer():
    for word, rest in instructions():
        assert word in ("FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "EXPOSE")
        if word in ("ENV", "ARG"):
            assert not re.search(r"SECRET|PASSWORD|TOKEN|_URL", rest)
        assert "://" not in rest
        assert not re.search(r"pip install|npm (ci|install)", rest), "packages come from the project's own set-up"


def test_what_is_copied_is_there_and_may_be():
    """`.dockerignore` lets in what the set-up and the portal need, and nothing of this checkout's own."""
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    for name in let_in:
        assert (ROOT / name).exists()
    assert not let_in & {".git", ".venv", "node_modules", "var", "tests", ".env"}
    for word, rest in stages()["build"] + stages()["proxy"]:
        if word == "COPY" and not rest.startswith("--from"):
            for source in rest.split()[:-1]:
                assert source == "." or source.split("/")[0] in let_in


@pytest.mark.slow
def test_static_files_are_collected_as_the_image_does_it(tmp_path):
    """The very line of the Dockerfile, in a copy of what is let into the image."""
    here = tmp_path / "opt"
    shutil.copytree(
        ROOT,
        here,
        ignore=lambda folder, names: {
            name
            for name in names
            if name in ("__pycache__", ".git", "var", "tests", ".venv", "node_modules") or name.startswith(".")
        },
    )
    (here / ".venv").symlink_to(Path(sys.prefix))
    (here / "node_modules").symlink_to(ROOT / "node_modules")
    (line,) = [rest for word, rest in stages()["build"] if word == "RUN" and "collectstatic" in rest]
    line = line.replace("/opt/trygghet", str(here)).replace("/tmp/build", str(tmp_path / "build"))  # noqa: S108
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    done = subprocess.run(["sh", "-euc", line], cwd=here, env=environment, capture_output=True, text=True, timeout=250)
    assert done.returncode == 0, done.stderr
    assert (here / "collected" / "staticfiles.json").is_file()
    assert list((here / "collected").rglob("*.css.br"))
