#!/bin/sh
# The environment: .venv from pinned, hash-checked requirements, and the front-end files in assets/.
#   bin/env.sh        what running needs
#   bin/env.sh dev    also what tests and checks need
# Does nothing if it has been done for these requirements. Installs system libraries only as root on Debian/Ubuntu.
set -eu
cd "$(dirname "$0")/.."

requirements=requirements.txt npm_options="--omit=dev" ready=.venv/.ready
if [ "${1:-}" = dev ]; then
    requirements=requirements-dev.txt npm_options="" ready=.venv/.ready-dev
fi

say() { printf '%s\n' "$*"; }
fail() { say "$*" >&2; exit 1; }

find_python() {
    for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11; do
        [ -n "$candidate" ] && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null &&
            { say "$candidate"; return; }
    done
    fail "KRM braucht Python 3.11 oder neuer; gefunden: $(python3 --version 2>&1 || true). Mit PYTHON=/pfad/zu/python3 make start geht ein anderes."
}

# The Debian packages that are missing: Python's module venv, and Pango and HarfBuzz for the letters as PDF
missing_packages() {
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        "$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'
    for library in libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0; do
        file=$(say "$library" | sed 's/-\{0,1\}0$/.so.0/')
        [ "$(uname -s)" != Linux ] || "$python" -c "import ctypes; ctypes.CDLL('$file')" 2>/dev/null || say "$library"
    done
}

# packages PACKAGE...: install with apt where that is allowed, else say the one command to type
packages() {
    command -v apt-get >/dev/null ||
        fail "Es fehlt etwas. Bitte mit der Paketverwaltung dieses Systems nachholen, was unter Debian so heißt: $*"
    [ "$(id -u)" = 0 ] || fail "Es fehlen Pakete des Systems. Bitte eingeben: sudo apt-get install -y $*"
    say "Installiere $* …"
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" >/dev/null 2>&1 ||
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" >/dev/null; } ||
        fail "apt-get konnte $* nicht installieren."
}

make_venv() {
    say "Lege .venv mit $("$python" --version) an …"
    "$python" -m venv --clear .venv
}

install_python_packages() {
    say "Installiere die Python-Pakete aus $1 …"
    if command -v uv >/dev/null; then
        VIRTUAL_ENV=.venv uv pip install --quiet --require-hashes -r "$1"
    else
        .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r "$1"
    fi
}

install_assets() {
    if ! command -v npm >/dev/null; then
        [ -x .venv/bin/npm ] || install_python_packages requirements-node.txt
        PATH=$PWD/.venv/bin:$PATH
    fi
    say "Hole die Dateien der Oberfläche …"
    # shellcheck disable=SC2086 - an empty option is to vanish
    npm ci $npm_options --no-audit --no-fund --no-update-notifier --loglevel=error >/dev/null || fail "npm ci ist gescheitert."
    .venv/bin/python -m krm.assets
}

state() { cat "$requirements" package-lock.json krm/assets.py bin/env.sh | cksum; }

[ -f assets/kern/kern.min.css ] && [ "$(cat "$ready" 2>/dev/null)" = "$(state)" ] &&
    .venv/bin/python -c '' 2>/dev/null && exit 0

rm -f "$ready"
python=$(find_python)
missing=$(missing_packages)
# shellcheck disable=SC2086 - one word for each package
[ -z "$missing" ] || packages $missing
.venv/bin/python -m pip --version >/dev/null 2>&1 || make_venv
install_python_packages "$requirements"
[ "$(uname -s)" != Darwin ] || .venv/bin/python -c 'import weasyprint' 2>/dev/null ||
    fail "Für die Briefe als PDF fehlt Pango. Bitte eingeben: brew install pango"
.venv/bin/python -c 'import weasyprint' >/dev/null || fail "WeasyPrint lässt sich nicht laden, siehe oben."
install_assets
state >"$ready"
