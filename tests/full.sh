#!/usr/bin/env bash
# The tests that need more than cargo: builds the release binary and drives it in a real window, as a new user would.
#
#   bash tests/full.sh [--no-install] [--all]
#
# Installs what it needs from Debian's packages (as root; --no-install to leave the system alone) and from PyPI into
# target/. Every test that it names runs or fails: none is skipped in silence. --all has more programs of others read what
# was exported; those that cannot be had are listed.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(g++ git xvfb xdotool imagemagick strace python3 python3-venv libgl1-mesa-dri libegl1 libgl1 libxkbcommon-x11-0 libxcursor1 libxi6 libxrandr2
  fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji)

missing() { for package in "${packages[@]}"; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || echo "$package"; done; }

all= install=yes
for option in "$@"; do case $option in --all) all=--all ;; --no-install) install= ;; *) echo "tests/full.sh: $option?" >&2; exit 2 ;; esac; done
if [ -n "$install" ] && command -v dpkg-query >/dev/null; then
  mapfile -t wanted < <(missing)
  if [ "${#wanted[@]}" -gt 0 ]; then
    echo "installing ${wanted[*]}"
    apt-get update -qq >/dev/null
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null
  fi
fi
for tool in c++ git Xvfb xdotool import identify convert strace python3 setpriv; do
  command -v "$tool" >/dev/null || { echo "tests/full.sh: $tool is missing; install: ${packages[*]}" >&2; exit 1; }
done

cargo build --release --locked
binary=${CARGO_TARGET_DIR:-target}/release/pressmark

passed=0 failed=0
run() { echo; echo "-- $*"; if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi; }
run cargo test --locked --test git -- --ignored
run bash tests/disk/kills.sh "$binary"
# Building the fuzzers goes on beside the Python programs, which are fetched and run one after the other.
fuzz_log=$(mktemp)
bash tests/fuzz.sh >"$fuzz_log" 2>&1 &
fuzzers=$!
fuzzed() { local outcome=0; wait "$fuzzers" || outcome=$?; cat "$fuzz_log"; rm -f "$fuzz_log"; return "$outcome"; }
run bash tests/clients/run.sh "$binary" $all
run fuzzed
run bash tests/network.sh "$binary"
run bash tests/window/smoke.sh "$binary"
run bash tests/window/scripts.sh "$binary" target/pictures

echo
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
