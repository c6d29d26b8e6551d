#!/usr/bin/env bash
# Real programs of others read what Pressmark wrote, and find in it what the lossless export says.
#
#   bash tests/clients/run.sh target/release/pressmark [--all]
#
# Installs the programs from PyPI into target/clients, once; with --all those of more.txt too, which take long. What
# cannot be had is listed at the end as not run: nothing is skipped in silence.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
binary=$(realpath "${1:?usage: run.sh BINARY [--all]}")
all=${2:-}
corpora=$here/../../../shared/corpora
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HF_HOME=$work/hf TOKENIZERS_PARALLELISM=false
not_run=()

# A virtual environment with what a list names.
environment() {
  local folder=$here/../../target/$1 list=$here/$2 with=${3:-python3}
  if [ ! -x "$folder/bin/python" ] || ! cmp -s "$list" "$folder/installed"; then
    rm -rf "$folder"
    "$with" -m venv "$folder"
    "$folder/bin/pip" --quiet --disable-pip-version-check install -r "$list"
    cp "$list" "$folder/installed"
  fi
}
environment clients requirements.txt
python=$here/../../target/clients/bin/python
check() { "$python" "$here/$1.py" "${@:2}"; }

cp -r "$here/../../seeds" "$work/corpus"
for annotator in ada ben; do "$python" "$here/hard.py" "$annotator"; done >"$work/hard.jsonl"
"$binary" import --from jsonl -o "$work/corpus" "$work/hard.jsonl" >/dev/null
for annotator in ada ben; do
  export_to() {
    "$binary" export --to "$1" --annotator "$annotator" -o "$work/$annotator-$2" "${@:3}" "$work/corpus" 2>"$work/log" || { cat "$work/log"; return 1; }
  }
  lines=$work/$annotator.jsonl
  "$binary" export --to jsonl --annotator "$annotator" -o "$lines" "$work/corpus" 2>/dev/null
  for format in bioc brat cas-json cas-xmi csv label-studio quotes; do export_to "$format" "$format"; done
  check brat "$lines" "$work/$annotator-brat"
  check bioc_xml "$lines" "$work/$annotator-bioc"
  check quotes "$lines" "$work/$annotator-quotes"
  check cas "$lines" "$work/$annotator-cas-json"
  check cas "$lines" "$work/$annotator-cas-xmi"
  check label_studio "$lines" "$work/$annotator-label-studio"
  check tables "$lines" "$work/$annotator-csv"
  export_to huggingface parquet --split 60,20,20 --seed 3
  export_to huggingface rows --split 60,20,20 --seed 3 --table jsonl
  export_to huggingface shards --shards 3
  check huggingface "$lines" "$work/$annotator-parquet" "$work/$annotator-rows" "$work/$annotator-shards"
done

# spaCy asks for a hundred articles before it calls a corpus large enough to train on.
for copy in 1 2 3 4 5 6 7; do cp -r "$work/corpus" "$work/many-$copy"; done
mkdir "$work/many" && mv "$work"/many-? "$work/many"
"$binary" export --to jsonl --annotator ada -o "$work/many.jsonl" "$work/many" 2>/dev/null
"$binary" export --to spacy --annotator ada -o "$work/many-spacy" "$work/many" 2>/dev/null
check spacy_docbin "$work/many.jsonl" "$work/many-spacy"

if [ "$all" = --all ]; then
  environment clients-more more.txt
  python=$here/../../target/clients-more/bin/python
  annotator=ada lines=$work/ada.jsonl
  for tags in iob2 bioes; do
    export_to conll "conll-$tags" --tags "$tags"
    check conll "$lines" "$work/ada-conll-$tags" "$tags"
  done
  export_to conllu conllu
  check conllu_rows "$lines" "$work/ada-conllu"
  check gate "$binary" "$lines"
  check shards "$work/ada-shards"
  export_to w3c w3c
  context=$corpora/w3c-web-annotation-context/jsonld/anno.jsonld
  if [ -f "$context" ]; then check w3c "$lines" "$work/ada-w3c" "$context"; else not_run+=("PyLD: no copy of anno.jsonld"); fi
  export_to tei tei
  schema=$(find "$corpora/tei-schema" -name '*.rng' 2>/dev/null | head -1)
  if [ -n "$schema" ]; then check tei "$schema" "$lines" "$work/ada-tei"; else not_run+=("lxml on TEI: no tei_all.rng"); fi
  environment clients-old old.txt
  python=$here/../../target/clients-old/bin/python
  check huggingface "$lines" "$work/ada-parquet" "$work/ada-rows" "$work/ada-shards"
  old=$(ls -d ~/.pyenv/versions/3.9.*/bin/python ~/.pyenv/versions/3.10.*/bin/python 2>/dev/null | head -1)
  old=${old:-$(command -v python3.9 || command -v python3.10 || true)}
  if [ -n "$old" ]; then
    environment clients-doccano doccano.txt "$old"
    export_to doccano doccano
    cp "$work/ada-doccano" "$work/ada.doccano.jsonl"
    python=$here/../../target/clients-doccano/bin/python
    check doccano "$lines" "$work/ada.doccano.jsonl" 2>"$work/log" || { tail -5 "$work/log"; exit 1; }
  else
    not_run+=("doccano: needs Python 3.9 or 3.10")
  fi
  not_run+=("Prodigy: commercial" "labelbuddy: a Qt program, not on PyPI" "INCEpTION, WebAnno: Java, not on PyPI")
  printf 'not run: %s\n' "${not_run[@]}"
fi
