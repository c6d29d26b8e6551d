#!/usr/bin/env bash
# Real programs of others read what Pressmark wrote, and find in it what the lossless export says.
#
#   bash tests/clients/run.sh target/release/pressmark
#
# Installs the programs from PyPI into target/clients, once.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
binary=$(realpath "${1:?usage: run.sh BINARY}")
clients=$here/../../target/clients
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ ! -x "$clients/bin/python" ] || ! cmp -s "$here/requirements.txt" "$clients/installed"; then
  rm -rf "$clients"
  python3 -m venv "$clients"
  "$clients/bin/pip" --quiet --disable-pip-version-check install -r "$here/requirements.txt"
  cp "$here/requirements.txt" "$clients/installed"
fi
cp -r "$here/../../seeds" "$work/corpus"
for annotator in ada ben; do
  "$binary" export --to jsonl --annotator "$annotator" -o "$work/$annotator.jsonl" "$work/corpus" 2>/dev/null
  "$binary" export --to brat --annotator "$annotator" -o "$work/$annotator" "$work/corpus" 2>/dev/null
  "$clients/bin/python" "$here/brat.py" "$work/$annotator.jsonl" "$work/$annotator"
done
