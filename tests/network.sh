#!/usr/bin/env bash
# The program asks no network for anything: every command, and the window on articles that name pictures and links of
# the web, under `strace`. Only sockets of this machine (the display's) may be opened.
#
#   bash tests/network.sh target/release/pressmark
set -uo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/window/display.sh"
[ -x "${1:-}" ] || { echo "usage: network.sh BINARY (no program at '${1:-}')"; exit 2; }
install -m 755 "$1" "$work/pressmark"

desk=$home/desk
mkdir "$desk"
printf '# Talks\n\nAda said no. [A link](https://example.org/a) <https://example.org/b>\n\n![far](https://example.org/c.png)\n\n![share](//example.org/d.png)\n\n![old](ftp://example.org/e.gif) ![data](data:image/png;base64,AAAA)\n' >"$desk/talks.md"
printf '{"file": "talks.md", "text": %s, "annotator": "ada", "annotations": [{"id": "a1", "label": "entity", "spans": [[9, 12]], "attributes": {"type": "person"}}]}\n' \
  "$(python3 -c 'import json, sys; print(json.dumps(open(sys.argv[1]).read()))' "$desk/talks.md")" >"$work/set.jsonl"

# Each command by itself, with the calls that have to do with a network; the exit codes are for other tests.
calm() {
  strace -f -qq -e trace=network -e signal=none -o "$work/quiet" "$work/pressmark" "$@" >"$work/said" 2>&1
  local code=$?
  [ "$code" -le 1 ] || { echo "pressmark $* ended with $code: $(tail -3 "$work/said")"; return 1; }
  # Sockets of this machine may be: the system's own list of users is asked for through one.
  ! grep -v 'AF_UNIX' "$work/quiet" | grep -E 'socket\(|connect\(|AF_(INET|INET6|NETLINK|PACKET)'
}
git -C "$desk" init -q
for call in "--help" "formats" "import --from jsonl -o $desk $work/set.jsonl" "show $desk/talks.md" "show $desk/talks.md --json" \
  "check $desk" "stats $desk" "export --to jsonl -o $work/out.jsonl $desk" "reanchor --all-annotators $desk" \
  "git-setup $desk" "git-show $desk/talks.md.ada.ron" "merge --ours $desk/talks.md.ada.ron --theirs $desk/talks.md.ada.ron"; do
  claim "no network: pressmark ${call%% *}" eval "calm $call"
done

claim "a display opens" open_display
traced=yes
start "$work/pressmark" "$desk/talks.md"
claim "a window comes up on an article that names pictures of the web" window_is_up 'talks\.md'
claim "the window takes the screen" fill_screen
claim "the picture is not blank" wait_for 20 painted network.png
sleep 2
claim "ctrl+q closes it" stop
claim "the calls were watched: the display's socket is among them" grep -q 'socket(AF_UNIX' "$calls"
no_network() { ! grep -E 'AF_(INET|INET6|NETLINK|PACKET)' "$calls"; }
claim "no socket of a network was opened" no_network

echo "$claims claims hold"
sound=yes
