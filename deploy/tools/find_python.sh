#!/bin/sh
# Prints the path of a Python the portal can use: the one in .venv, else one found on this machine.
# A version manager may put a "python3.13" on the PATH that only says it is not installed, so each
# candidate is run before it is believed.
here=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd)

usable() {
    "$1" -c 'import sys; sys.exit(not (3, 12) <= sys.version_info[:2] <= (3, 14))' >/dev/null 2>&1
}

found() {
    "$1" -c 'import sys; print(sys.executable)'
    exit 0
}

# "base" asks for a Python to make the virtual environment from, so the one inside does not count.
if [ "${1:-}" != base ] && usable "$here/.venv/bin/python"; then
    echo "$here/.venv/bin/python"
    exit 0
fi
if [ -n "${PYTHON:-}" ]; then
    usable "$PYTHON" && found "$PYTHON"
    echo "PYTHON=$PYTHON is not a working Python 3.12, 3.13 or 3.14." >&2
    exit 1
fi
for version in 3.13 3.14 3.12; do
    usable "python$version" && found "python$version"
    for candidate in \
        "${PYENV_ROOT:-${HOME:-/nonexistent}/.pyenv}"/versions/"$version"*/bin/python \
        "${HOME:-/nonexistent}"/.local/share/uv/python/cpython-"$version"*/bin/python \
        "/usr/local/bin/python$version" \
        "/opt/homebrew/bin/python$version"; do
        [ -x "$candidate" ] && usable "$candidate" && found "$candidate"
    done
done
usable python3 && found python3

cat >&2 <<'END'
No Python 3.12, 3.13 or 3.14 was found on this machine. Install one of them, for example:
    apt-get install python3 python3-venv     Debian 13, Ubuntu 24.04 and newer
    uv python install 3.13                   any Linux or macOS with uv
    pyenv install 3.13                       any Linux or macOS with pyenv
If it stands in an unusual place, say where: make run PYTHON=/path/to/python3.13
END
exit 1
