"""bioc reads BioC XML, compared with the lossless export: python bioc_xml.py LINES.jsonl FOLDER."""

import json
import sys
from pathlib import Path

import bioc
from bioc.biocxml.decoder import BioCXMLDocumentReader

lines, folder = Path(sys.argv[1]), Path(sys.argv[2])
documents = marks = links = 0
for line in lines.read_text(encoding="utf-8").split("\n"):
    if not line:
        continue
    wanted = json.loads(line)
    path = folder / (wanted["file"].rsplit(".", 1)[0] + ".bioc.xml")
    with open(path, "rb") as file:
        collection = bioc.load(file)
    bioc.validate(collection)
    (document,) = collection.documents
    assert list(BioCXMLDocumentReader(str(path)))[0].id == document.id == wanted["file"], path
    (passage,) = document.passages
    text = passage.text
    # Two articles of ours have line ends of their own; a dataset has LF.
    assert text == wanted["text"].replace("\r\n", "\n").lstrip("\ufeff"), path
    name = lambda mark: mark.get("attributes", {}).get("type", mark["label"])
    said = {mark["id"]: (name(mark), [span[2].replace("\r\n", "\n") for span in mark["spans"]]) for mark in wanted["annotations"]}
    found = {}
    for mark in passage.annotations + document.annotations:
        words = [text[place.offset : place.end] for place in mark.locations]
        found[mark.id] = (mark.infons["type"], words)
        given = next(one for one in wanted["annotations"] if one["id"] == mark.id)
        assert mark.infons.get("pressmark:label", mark.infons["type"]) == given["label"]
        assert mark.infons.get("pressmark:note", "") == given.get("note", "")
        listed = json.loads(mark.infons.get("pressmark:json", "[]"))
        for key, value in given.get("attributes", {}).items():
            if key != "type":
                has = mark.infons[key]
                assert (json.loads(has) if key in listed else has) == value, (path, mark.id, key)
    assert found == said, path
    ends = {}
    for relation in document.relations:
        ends[relation.id] = (relation.infons["type"], [(node.role, node.refid) for node in relation.nodes])
    between = {r["id"]: (r["label"], [("from", r["from"])] + ([("to", r["to"])] if r["to"] != "author" else [])) for r in wanted["relations"]}
    assert ends == between, path
    documents, marks, links = documents + 1, marks + len(found), links + len(ends)
assert documents and marks and links
print(f"ok: bioc {documents} articles, {marks} marks, {links} links of {folder.name}")
