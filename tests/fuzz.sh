#!/usr/bin/env bash
# A short run of every fuzzer, from the corpus on: a minute besides building, on two cores. docs/fuzzing.md says how to run
# them for longer.
#
#   bash tests/fuzz.sh [SECONDS_EACH]     FUZZ_SEED=N begins elsewhere; without it every run goes the same way
#
# Needs a C++ compiler; cargo-fuzz is installed below target/ where it is not there.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-8}
targets=(sidecar journal schema jsonl brat doccano datasets markdown decode picture)
# The stable compiler with the switches that fuzzers need; without a sanitizer, since there is no unsafe code here.
export RUSTC_BOOTSTRAP=1 CARGO_INCREMENTAL=0

command -v c++ >/dev/null || { echo "tests/fuzz.sh: a C++ compiler is missing; install g++" >&2; exit 1; }
if ! command -v cargo-fuzz >/dev/null; then
  PATH=$PWD/target/tools/bin:$PATH
  command -v cargo-fuzz >/dev/null || cargo install --quiet --locked cargo-fuzz --version ^0.13 --root target/tools
fi
(unset CARGO_TARGET_DIR; cd fuzz && cargo fuzz build --sanitizer none)
built=(fuzz/target/*/release)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fuzz() {
  local target=$1
  # What is found new goes to the first folder; the corpus itself is only read.
  mkdir -p "$work/$target" fuzz/artifacts/"$target"
  if "${built[0]}/$target" "$work/$target" "fuzz/corpus/$target" -seed="${FUZZ_SEED:-1}" -max_total_time="$seconds" -max_len=4096 -timeout=10 \
    -rss_limit_mb=2048 -artifact_prefix="fuzz/artifacts/$target/" >"$work/$target.log" 2>&1; then
    echo "$target: $(grep -c . < <(ls "fuzz/corpus/$target")) files of the corpus, $(sed -n 's/^Done \([0-9]*\) runs.*/\1/p' "$work/$target.log") inputs, no promise broken"
  else
    touch "$work/failed"
    echo "$target: a promise is broken, by the file that is named last; put it into fuzz/corpus/$target and run cargo test --test fuzz_corpus" >&2
    grep -aE 'panicked at|ERROR:|Test unit written' -A1 "$work/$target.log" >&2 || tail -20 "$work/$target.log" >&2
  fi
}
# Each takes one core.
for target in "${targets[@]}"; do
  while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do wait -n; done
  fuzz "$target" &
done
wait
[ ! -e "$work/failed" ]
