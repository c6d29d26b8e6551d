#!/usr/bin/env bash
# The real binary, killed and refused at its writing system calls: nothing that was there is lost, every file stays
# whole, and the command comes to its end when it is run again.
#
#   bash tests/disk/kills.sh target/release/pressmark
#
# KILLS (200) kills, spread over all calls of write, fsync, rename, open and mkdir; then the same with a full disk: once
# by refused calls, and once on a real disk (tmpfs) that is too small by so many pages.
set -uo pipefail
binary=${1:?usage: kills.sh BINARY}
kills=${KILLS:-200}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAILED: $*"; exit 1; }
calls='write,pwrite64,fsync,fdatasync,rename,renameat,renameat2,openat,mkdir,ftruncate,unlink'

# A corpus with marks of two, and more marks to come for both, in as many articles.
mkdir "$work/start" "$work/other"
for number in 1 2 3; do
  for folder in start other; do printf 'Ada met Zoë 👩‍🔬 and Ben in Bern. %s\n' "$number" >"$work/$folder/$number.txt"; done
done
layer() { # FOLDER ARTICLE ANNOTATOR ID START END WORDS
  local sha; sha=$(sha256sum "$work/$1/$2.txt" | cut -d' ' -f1)
  printf '(format: 1, source: (file: "%s.txt", sha256: "%s", encoding: "UTF-8", text_sha256: "%s", chars: %s), schema: (id: "news", version: 1), annotator: "%s", status: "in-progress", annotations: [(id: "%s", label: "entity", spans: [(%s, %s, "%s")], attributes: {"type": "person"})])\n' \
    "$2" "$sha" "$sha" "$(wc -m <"$work/$1/$2.txt")" "$3" "$4" "$5" "$6" "$7" >"$work/$1/$2.txt.$3.ron"
}
export LC_ALL=C.UTF-8
for number in 1 2 3; do
  layer start "$number" ada "aaaa$number" 0 3 Ada
  layer other "$number" ada "bbbb$number" 8 11 Zoë
  layer other "$number" ben "cccc$number" 20 23 Ben
done
"$binary" check "$work/start" >/dev/null || fail "the corpus is not sound to begin with"
"$binary" export --to jsonl -o "$work/more.jsonl" "$work/other" 2>/dev/null || fail "the marks to come cannot be written"
marks() { "$binary" export --to jsonl "$1" 2>/dev/null | grep -oE '"id": *"[abc]{4}[0-9]"' | sort; }
cp -r "$work/start" "$work/whole"
"$binary" import --from jsonl -o "$work/whole" "$work/more.jsonl" >/dev/null 2>&1 || fail "nothing can be imported"
marks "$work/whole" >"$work/all"
marks "$work/start" >"$work/before"
[ "$(wc -l <"$work/all")" = 9 ] || fail "nine marks were to be there: $(cat "$work/all")"

# How often each run calls, once the program itself is loaded.
cp -r "$work/start" "$work/count"
strace -f -qq -e trace="$calls" -o "$work/trace" "$binary" import --from jsonl -o "$work/count" "$work/more.jsonl" \
  >/dev/null 2>&1 || fail "strace does not run"
# strace counts each call of each thread by itself: `openat 7` is the seventh that one thread made.
mapfile -t points < <(sed -E 's/^([0-9]+) +([a-z0-9]+)\(.*/\1 \2/; t; d' "$work/trace" | awk '{ n[$0]++; print $2, n[$0] }' | sort -u)
total=${#points[@]}
[ "$total" -ge 20 ] || fail "only $total calls were seen"

sound() { # what is found after a kill: FOLDER WHAT
  marks "$1" >"$work/found"
  [ -z "$(comm -23 "$work/before" "$work/found")" ] || fail "$2: marks are gone"
  "$binary" check "$1" >"$work/check" 2>&1 || fail "$2: $(cat "$work/check")"
  "$binary" import --from jsonl -o "$1" "$work/more.jsonl" >"$work/again" 2>&1 || fail "$2, again: $(cat "$work/again")"
  marks "$1" | cmp -s - "$work/all" || fail "$2: the second run did not bring all marks"
}
killed=0 tried=0
while [ "$killed" -lt "$kills" ]; do
  tried=$((tried + 1))
  [ "$tried" -le $((2 * kills + total)) ] || fail "only $killed of $tried runs were killed"
  # Spread over all of them, and over all again where there are more kills than calls.
  read -r call at <<<"${points[$(((tried * 37) % total))]}"
  rm -rf "$work/now"; cp -r "$work/start" "$work/now"
  (strace -f -qq -o /dev/null -e trace="$calls" -e inject="$call:signal=KILL:when=$at" "$binary" import --from jsonl \
    -o "$work/now" "$work/more.jsonl"; exit $?) >/dev/null 2>&1 && continue
  killed=$((killed + 1))
  sound "$work/now" "killed at $call $at"
done
echo "ok: $killed of $tried runs were killed, at $total calls in turn; nothing lost, nothing unreadable"

full=0
for at in $(seq 1 200); do
  rm -rf "$work/now"; cp -r "$work/start" "$work/now"
  strace -f -qq -o /dev/null -e trace="write,fsync,fdatasync,ftruncate" -e inject="write,fsync,fdatasync,ftruncate:error=ENOSPC:when=$at+" \
    "$binary" import --from jsonl -o "$work/now" "$work/more.jsonl" >/dev/null 2>"$work/said"
  code=$?
  [ "$code" -lt 128 ] || fail "with a full disk from write $at on it ended with $code"
  [ "$code" = 0 ] && break
  full=$((full + 1))
  sound "$work/now" "a full disk from write $at on"
done
[ "$full" -ge 5 ] || fail "the disk was full in $full runs only"
echo "ok: a full disk from any of $full writes on; nothing lost, nothing unreadable"

# A real disk that is full: one page more each time, until all goes well. Needs to mount (root, or user namespaces).
cat >"$work/on_small_disk" <<'SCRIPT'
size=$1 start=$2 more=$3 out=$4 binary=$5
disk=$(mktemp -d)
mount -t tmpfs -o "size=${size}k" tmpfs "$disk" || exit 99
if cp -r "$start" "$disk/corpus" 2>/dev/null; then
  "$binary" import --from jsonl -o "$disk/corpus" "$more" >/dev/null 2>"$out.said"; code=$?
  cp -r "$disk/corpus" "$out"
else
  code=98
fi
umount "$disk"; rmdir "$disk"
exit "$code"
SCRIPT
small() { bash "$work/on_small_disk" "$@"; }
[ "$(id -u)" = 0 ] || small() { unshare --user --map-root-user --mount bash "$work/on_small_disk" "$@"; }
full=0
for size in $(seq 12 4 400); do
  rm -rf "$work/now" "$work/now.said"
  small "$size" "$work/start" "$work/more.jsonl" "$work/now" "$(realpath "$binary")"
  code=$?
  [ "$code" = 98 ] && continue
  [ "$code" = 99 ] && fail "no small disk can be mounted here"
  [ "$code" -lt 90 ] || fail "on a disk of $size KiB it ended with $code"
  [ "$code" = 0 ] && break
  full=$((full + 1))
  grep -qiE "space" "$work/now.said" || fail "on a disk of $size KiB it does not say why: $(cat "$work/now.said")"
  sound "$work/now" "a disk of $size KiB"
done
[ "$code" = 0 ] || fail "no disk was large enough"
[ "$full" -ge 3 ] || fail "the disk was full in $full runs only"
echo "ok: $full real disks that were full; nothing lost, nothing unreadable"
