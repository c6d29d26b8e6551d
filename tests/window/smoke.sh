#!/usr/bin/env bash
# From nothing to a saved sidecar by keyboard alone, in the release binary, as a user who never ran it.
#
#   bash tests/window/smoke.sh target/release/pressmark
#
# SHOTS=folder keeps the pictures. Each `claim` is one thing that must be so; the first that is not ends the test.
set -uo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/display.sh"
[ -x "${1:-}" ] || { echo "usage: smoke.sh BINARY (no program at '${1:-}')"; exit 2; }
# A copy that any user may run, wherever the clone lies.
install -m 755 "$1" "$work/pressmark"

# What the steps below look for. The sample corpus has sidecars of others; only this user's count.
title=Pressmark
sidecars() { find "$home" -name "*.$user.ron" -not -path '*/.pressmark/*' "$@"; }
none_yet() { [ -z "$(sidecars)" ]; }
tagged() { [ -n "$(sidecars -exec grep -l -- "$1" {} +)" ]; }

claim "a display opens" open_display
start "$work/pressmark"

# 1. The first look: the sample corpus, on paper.
claim "a window comes up" window_is_up "$title"
claim "the window takes the screen" fill_screen
claim "the picture is not blank" wait_for 20 painted first.png
claim "looking writes no sidecar of this user" none_yet

# 2. Tag by keyboard: the caret forward by a word, select the next one, a digit tags it as an entity of that type.
press ctrl+Right shift+ctrl+Right
press 1
claim "the tag shows" wait_for 10 eval 'picture tagged.png && ! same_picture first.png tagged.png'
claim "within seconds it stands in a sidecar" wait_for 10 tagged 'label: "entity"'
claim "the sidecar names the type" tagged '"type": "person"'

# 3. Undo by keyboard reaches the disk too.
press ctrl+z
gone() { ! tagged 'label: "entity"'; }
claim "undo takes it out of the sidecar" wait_for 10 gone

# 4. The program closes when it is told to, by itself.
press ctrl+q
closed() { ! running; }
claim "ctrl+q closes it" wait_for 10 closed
wait "$program"
code=$?
program=
claim "it ends with code 0" test "$code" -eq 0

echo "$claims claims hold"
sound=yes
