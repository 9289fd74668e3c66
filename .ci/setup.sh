# Sourced by ../run, ../test and run: finds a Python, makes .venv and installs pinned requirements. Sets $python, needs $here.

fail() {
    echo "$1" >&2
    exit 1
}

# Some python3.x on a PATH are shims that start nothing: a candidate counts only when it runs.
find_python() {
    for candidate in python3 python3.14 python3.13 python3.12 python3.11 python; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

# set_up REQUIREMENTS: installs only when the requirements changed since the last time.
set_up() {
    venv="$here/.venv"
    python="$venv/bin/python"
    if ! "$python" -c '' >/dev/null 2>&1; then
        base=$(find_python) || fail "No Python 3.11 or newer was found. Install one (on Debian: apt install python3 python3-venv) and start again."
        echo "Making .venv with $("$base" --version 2>&1)."
        rm -rf "$venv"
        "$base" -m venv "$venv" >/dev/null 2>&1 || fail "Python could not make a virtual environment. On Debian: apt install python3-venv."
    fi
    stamp="$venv/.installed-$1"
    wanted=$(cat "$here"/requirements*.txt | cksum)
    if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
        echo "Installing $1."
        "$python" -m pip install -qq --disable-pip-version-check -r "$here/$1" ||
            fail "The packages of $1 could not be installed; see pip's error above. Check the network and start again."
        echo "$wanted" >"$stamp"
    fi
}
