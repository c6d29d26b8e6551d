# A display of its own for a test of the window, sourced by the tests beside it.
#
# Gives: `open_display`, `start COMMAND…` (as a user without a past), `stop`, `press KEY…`, `type_text TEXT`,
# `picture FILE`, `wait_for SECONDS COMMAND…`, `claim TEXT COMMAND…` (one tested claim; the first that fails ends the
# test) and `$user`, `$home` (its HOME), `$data` (its XDG_DATA_HOME), `$out` (what the program wrote), `$shots` (pictures,
# kept when something fails), `$calls` (with `traced=yes` before `start`: the calls that have to do with a network).
# Ends only what it started.
set -uo pipefail

work=$(mktemp -d "${TMPDIR:-/tmp}/pressmark-window.XXXXXX")
home=$work/home data=$work/home/data out=$work/output calls=$work/calls shots=${SHOTS:-$work/shots} traced=no
mkdir -p "$data" "$shots"
chmod 755 "$work"
server= program= window= claims=0 sound=no
# Where this runs as root the program does not: a file that only root can write would hide a fault.
user=$(id -un)
[ "$(id -u)" -ne 0 ] || user=nobody

finish() {
  local code=$?
  [ -n "$program" ] && kill "$program" 2>/dev/null
  [ -n "$server" ] && kill "$server" 2>/dev/null
  if [ "$sound" = yes ] && [ "$code" -eq 0 ]; then
    rm -rf "$work"
  else
    echo "FAILED after $claims claims; pictures: $shots; the program wrote:"
    sed 's/^/  | /' "$out" 2>/dev/null
    exit 1
  fi
}
trap finish EXIT

# Tries a command until it succeeds, at most so many seconds.
wait_for() {
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.1
  done
}

claim() {
  local text=$1
  shift
  if "$@"; then
    claims=$((claims + 1))
    echo "ok   $text"
  else
    picture failed.png || true
    echo "FAIL $text"
    exit 1
  fi
}

display_is_up() { [ -s "$work/display" ]; }

# `-noreset`: a server that begins anew when its last client leaves refuses the next one meanwhile.
open_display() {
  exec 9>"$work/display"
  Xvfb -displayfd 9 -screen 0 1400x900x24 -nolisten tcp -noreset >/dev/null 2>&1 &
  server=$!
  wait_for 20 display_is_up || return 1
  DISPLAY=:$(cat "$work/display")
  export DISPLAY
}

# Starts the program as `$user` with a HOME of its own and no other environment.
start() {
  local as=() trace=()
  [ "$traced" = yes ] && trace=(strace -f --seccomp-bpf -qq -e trace=network -e signal=none -o "$calls")
  if [ "$(id -u)" -eq 0 ]; then
    chown -R "$user" "$home"
    as=(setpriv --reuid="$user" --regid=nogroup --clear-groups)
  fi
  (cd "$home" && exec "${trace[@]}" "${as[@]}" env -i HOME="$home" XDG_DATA_HOME="$data" USER="$user" LOGNAME="$user" \
    PATH=/usr/bin:/bin LANG=C.UTF-8 DISPLAY="$DISPLAY" LIBGL_ALWAYS_SOFTWARE=1 WINIT_UNIX_BACKEND=x11 \
    "$@" >"$out" 2>&1 9>&-) &
  program=$!
}

# Ends the program that `start` started by its own key, and waits for it; the exit code is the program's.
stop() {
  press ctrl+q
  wait_for 10 eval '! running' || kill "$program"
  wait "$program"
  local code=$?
  program=
  return "$code"
}

running() { kill -0 "$program" 2>/dev/null; }

# Finds the window and gives it the screen and the keyboard.
find_window() {
  window=$(xdotool search --onlyvisible --name "$1" 2>/dev/null | head -n 1)
  [ -n "$window" ]
}
window_or_end() { find_window "$1" || ! running; }
window_is_up() { wait_for 30 window_or_end "$1" && find_window "$1"; }
fill_screen() { xdotool windowmove "$window" 0 0 windowsize "$window" 1400 900 windowfocus --sync "$window"; }

press() { xdotool key --delay 60 "$@"; }
type_text() { xdotool type --delay 30 "$1"; }
picture() { import -window root "$shots/$1"; }

# The number of colours on the screen says whether something is painted: a blank window has a handful.
colours() { picture "$1" && identify -format '%k' "$shots/$1"; }
painted() { [ "$(colours "$1")" -ge 64 ]; }
same_picture() { cmp -s "$shots/$1" "$shots/$2"; }
