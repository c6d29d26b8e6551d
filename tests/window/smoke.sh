#!/usr/bin/env bash
# From nothing to a saved sidecar by keyboard alone, in the release binary, as a user who never ran it; and proof that
# meanwhile no socket of a network was opened.
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
article=$data/pressmark/sample/border-fraud-talks.txt
sidecar=$article.$user.ron
speaker='a mother'
quote='"They told my son to come back when he could sound like a bank,"'
sidecars() { find "$home" -name "*.$user.ron" -not -path '*/.pressmark/*' "$@"; }
none_yet() { [ -z "$(sidecars)" ]; }
tagged() { [ -f "$sidecar" ] && grep -q -- "$1" "$sidecar"; }
# No two steps in one frame, which can be long where the machine is busy: what is typed as the line closes is not taken.
seek() { press ctrl+f; sleep 1; type_text "$1"; sleep 1; press Escape; sleep 1; }

claim "a display opens" open_display
traced=yes
start "$work/pressmark"

# 1. The first look: the sample corpus, on paper.
claim "a window comes up on the first sample article" window_is_up 'border-fraud-talks\.txt'
claim "the window takes the screen" fill_screen
claim "the picture is not blank" wait_for 20 painted first.png
claim "the sample corpus lies in the user's data folder" test -f "$article"
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

# 4. A speaker, a quote, and the link between them: s begins it, Enter takes the speaker that is offered.
seek "$speaker"
press 1
claim "the speaker is saved" wait_for 10 tagged "$speaker"
seek "$quote"
press q
claim "the quote is saved" wait_for 10 tagged 'label: "quote"'
press s
sleep 1
press Return
claim "the link is saved" wait_for 10 tagged 'label: "speaker"'
picture linked.png

# 5. The program closes when it is told to, by itself.
claim "ctrl+q closes it, with code 0" stop

# 6. What it left: a sidecar without a fault, which says just what was done.
as_told() {
  "$work/pressmark" show "$article" --annotator "$user" --json | python3 -c '
import json, sys
speaker, quote = sys.argv[1:]
[layer] = (shown := json.load(sys.stdin))["layers"]
marks = {mark["id"]: mark for mark in layer["annotations"]}
found = sorted((mark["label"], mark["spans"][0][2]) for mark in marks.values())
assert found == [("entity", speaker), ("quote", quote)], found
for mark in marks.values():
    for start, end, text in mark["spans"]:
        assert shown["text"][start:end] == text, (start, end, text)
[link] = layer["relations"]
assert link["label"] == "speaker", link
assert marks[link["from"]]["label"] == "quote" and marks[link["to"]]["label"] == "entity", link
assert marks[link["to"]]["attributes"]["type"] == "person", marks
assert marks[link["from"]]["attributes"]["form"] == "direct", marks
' "$speaker" "$quote"
}
claim "check finds no fault in the folder" "$work/pressmark" check "$data/pressmark/sample"
claim "show --json tells the two marks and their link" as_told

# 7. It spoke to the display and to nobody else.
claim "the calls were watched: the display's socket is among them" grep -q 'socket(AF_UNIX' "$calls"
no_network() { ! grep -E 'AF_(INET|INET6|NETLINK|PACKET)' "$calls"; }
claim "no socket of a network was opened" no_network

# 8. A folder that may not be written to: the article can be read, a tag is refused, and nothing is left to be asked about.
shelf=$home/shelf
mkdir "$shelf"
cp "$article" "$shelf/talks.txt"
chmod 555 "$shelf"
traced=no
start "$work/pressmark" "$shelf/talks.txt"
claim "an article in a folder that may not be written to opens" window_is_up 'talks\.txt'
claim "its window takes the screen" fill_screen
claim "it is painted" wait_for 20 painted shelf.png
press ctrl+Right shift+ctrl+Right 1
sleep 1.5
picture shelf-refused.png
claim "it closes at once: no mark was made that could not be saved" stop
claim "nothing was written there" eval '[ "$(ls -A "$shelf")" = talks.txt ]'

# 9. Killed while it is being used: what was tagged is there again, and so is undo.
desk=$home/desk
mkdir "$desk"
cp "$article" "$desk/talks.txt"
journal=$desk/.pressmark/local/talks.txt.$user.ron.journal
start "$work/pressmark" "$desk/talks.txt"
claim "an article opens on a desk" window_is_up 'talks\.txt'
claim "its window takes the screen too" fill_screen
claim "it is painted too" wait_for 20 painted desk.png
press ctrl+Right shift+ctrl+Right 1
claim "at once the tag lasts in the journal" wait_for 2 grep -q 'tag person' "$journal"
kill -9 "$program"
wait "$program" 2>/dev/null
program=
claim "killed, it left no sidecar" test ! -e "$desk/talks.txt.$user.ron"
claim "show reads what only the journal has" eval '"$work/pressmark" show "$desk/talks.txt" | grep -q "1 annotation"'
start "$work/pressmark" "$desk/talks.txt"
claim "it opens again" window_is_up 'talks\.txt'
claim "and takes the screen" fill_screen
claim "and is painted" wait_for 20 painted desk-again.png
press ctrl+z
claim "what was tagged before it was killed can be taken back" wait_for 5 grep -qx Undo "$journal"
claim "it closes" stop
claim "and writes the sidecar then" test -e "$desk/talks.txt.$user.ron"

echo "$claims claims hold"
sound=yes
