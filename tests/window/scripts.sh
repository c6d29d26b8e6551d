#!/usr/bin/env bash
# Each script of the sample corpus in a real window, as pictures for people to look at, in target/pictures.
#
#   bash tests/window/scripts.sh target/release/pressmark [FOLDER FOR THE PICTURES]
#
# What can be tested without eyes: the window comes, its paper is not blank, the program closes well and says nothing.
# Each article is opened as `ada`, whose marks come with the corpus; the two views of the README are among the pictures.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ -x "${1:-}" ] || { echo "usage: scripts.sh BINARY [FOLDER] (no program at '${1:-}')"; exit 2; }
SHOTS=${2:-$here/../../target/pictures}
mkdir -p "$SHOTS"
source "$here/display.sh"
install -m 755 "$1" "$work/pressmark"
corpus=$home/corpus
cp -r "$here/../../seeds" "$corpus"

# The paper alone, without panels and controls.
paper_painted() {
  picture "$1" && [ "$(convert "$shots/$1" -crop 580x800+260+40 +repage -format '%k' info:)" -ge 48 ]
}
silent() { [ ! -s "$out" ]; }

claim "a display opens" open_display
for name in ar-desalination my-tea-cooperatives th-railway zh-night-market ja-lighthouse emoji-festival; do
  start "$work/pressmark" --annotator ada "$corpus/$name.txt"
  claim "$name: a window comes up" window_is_up "$name"
  claim "$name: it takes the screen" fill_screen
  claim "$name: the paper is not blank" wait_for 20 paper_painted "$name.png"
  xdotool mousemove 1050 860
  # The marks and the system's fonts come a moment after the text.
  sleep 1.5
  claim "$name: its marks are painted" paper_painted "$name.png"
  press F12
  sleep 0.7
  claim "$name: in the dark theme too" paper_painted "$name-dark.png"
  claim "$name: the two themes differ" eval "! same_picture $name.png $name-dark.png"
  press F12
  claim "$name: it closes with code 0" stop
  claim "$name: it had nothing to complain of" silent
done

start "$work/pressmark" --annotator ada "$corpus/harbour-strike.txt"
claim "harbour-strike: a window comes up" window_is_up harbour-strike
claim "harbour-strike: it takes the screen" fill_screen
claim "harbour-strike: the paper is not blank" wait_for 20 paper_painted window.png
sleep 1.5
# A quote of the second paragraph, so that its links show; then the pointer out of the way.
xdotool mousemove 420 490 click 1 mousemove 1050 860
sleep 1
claim "the README's view in the light theme" paper_painted window.png
press F12
sleep 1
claim "the README's view in the dark theme" paper_painted window-dark.png
claim "the two themes differ" eval '! same_picture window.png window-dark.png'
claim "harbour-strike: it closes with code 0" stop

echo "$claims claims hold; the pictures: $SHOTS"
sound=yes
