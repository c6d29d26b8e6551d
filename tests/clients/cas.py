"""dkpro-cassis's reader of JSON CAS and XMI against the lossless export: python cas.py LINES.jsonl FOLDER."""

import json
import sys
import warnings
from collections import Counter
from pathlib import Path

import cassis

# An offset inside a character is a warning there.
warnings.simplefilter("error")
lines, folder = Path(sys.argv[1]), Path(sys.argv[2])
DKPRO = "de.tudarmstadt.ukp.dkpro.core.api."
with (folder / "TypeSystem.xml").open("rb") as file:
    types = cassis.load_typesystem(file)


def load(stem):
    if (path := Path(f"{stem}.json")).exists():
        with path.open("rb") as file:
            return cassis.load_cas_from_json(file)
    with Path(f"{stem}.xmi").open("rb") as file:
        return cassis.load_cas_from_xmi(file, typesystem=types)


def words(fs):
    pieces = fs.get("pieces") if "pieces" in {f.name for f in fs.type.all_features} else None
    return tuple(link.target.get_covered_text() for link in pieces.elements) if pieces else (fs.get_covered_text(),)


documents = marks = links = tokens = 0
for line in lines.read_text(encoding="utf-8").splitlines():
    wanted = json.loads(line)
    cas = load(folder / wanted["file"].rsplit(".", 1)[0])
    assert cas.sofa_string == wanted["text"].replace("\r\n", "\n"), wanted["file"]
    article = next(iter(cas.select("webanno.custom.PressmarkArticle")))
    assert (article.article, article.annotator) == (wanted["file"], wanted["annotator"])
    names = json.loads(article.names)
    label = lambda fs: names.get(fs.type.name, fs.type.name.rsplit(".", 1)[1])
    found, ends = {}, []
    for fs in cas.select_all_annotations():
        if fs.type.name == "webanno.custom.PressmarkAuthor":
            found[fs.xmiID] = "author"
    layers = [fs for fs in cas.select_all_annotations() if fs.type.name.startswith("webanno.custom.") and "Pressmark" not in fs.type.name]
    for fs in layers:
        if "Governor" not in {f.name for f in fs.type.all_features}:
            kind = fs.get("value") if "value" in {f.name for f in fs.type.all_features} else None
            found[fs.xmiID] = (fs.pressmark_id, label(fs), kind, words(fs))
    for fs in layers:
        if fs.xmiID not in found:
            assert (fs.begin, fs.end) == (fs.Dependent.begin, fs.Dependent.end)
            ends.append((label(fs), found[fs.Governor.xmiID], found[fs.Dependent.xmiID]))
    said = {
        mark["id"]: (mark["id"], mark["label"], mark.get("attributes", {}).get("type"), tuple(span[2].replace("\r\n", "\n") for span in mark["spans"]))
        for mark in wanted["annotations"] if "orphan" not in mark
    }
    own = [it for it in found.values() if it != "author"]
    assert Counter(own) == Counter(said.values()), (wanted["file"], Counter(own) - Counter(said.values()))
    said["author"] = "author"
    assert Counter(ends) == Counter((r["label"], said[r["from"]], said[r["to"]]) for r in wanted["relations"]), wanted["file"]
    sentences = cas.select(DKPRO + "segmentation.type.Sentence")
    last = 0
    for sentence in sentences:
        inside = [t.get_covered_text() for t in cas.select_covered(DKPRO + "segmentation.type.Token", sentence)]
        assert sentence.begin >= last and "".join("".join(inside).split()) == "".join(sentence.get_covered_text().split())
        last, tokens = sentence.end, tokens + len(inside)
    assert tokens and next(iter(cas.select(DKPRO + "metadata.type.DocumentMetaData"))).documentTitle == wanted["file"]
    documents, marks, links = documents + 1, marks + len(own), links + len(ends)
assert documents and marks and links
print(f"ok: cassis {documents} articles, {marks} marks, {links} links, {tokens} words of {folder.name}")
