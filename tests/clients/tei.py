"""lxml validates TEI, and what stands in it is what the lossless export says: python tei.py tei_all.rng LINES.jsonl FOLDER."""

import json
import re
import sys
from collections import Counter
from pathlib import Path

from lxml import etree

schema, lines, folder = etree.RelaxNG(etree.parse(sys.argv[1])), Path(sys.argv[2]), Path(sys.argv[3])
TEI, XML = "{http://www.tei-c.org/ns/1.0}", "{http://www.w3.org/XML/1998/namespace}"
ELEMENTS = {"person": "persName", "organization": "orgName", "place": "placeName", "quote": "said"}
documents = marks = links = inside = 0
for line in lines.read_text(encoding="utf-8").split("\n"):
    if not line:
        continue
    wanted = json.loads(line)
    path = folder / (wanted["file"].rsplit(".", 1)[0] + ".tei.xml")
    tree = etree.parse(str(path))
    assert schema.validate(tree), (path, schema.error_log.last_error)
    ids = {element.get(XML + "id"): element for element in tree.iter() if element.get(XML + "id")}
    body = ids["body"]
    text = "".join(body.itertext())
    assert text == wanted["text"].replace("\r\n", "\n").lstrip("\ufeff"), path
    found, at = {}, 0

    def walk(element):
        global at
        start = at
        at += len(element.text or "")
        for child in element:
            walk(child)
            at += len(child.tail or "")
        if element.get("ana"):
            found[element.get(XML + "id")] = (element, [(start, at)])

    walk(body)
    inside += len(found)
    for span in tree.iter(TEI + "span"):
        numbers = [int(number) for number in re.fullmatch(r"#string-range\(body,([\d,]+)\)", span.get("target"))[1].split(",")]
        found[span.get(XML + "id")] = (span, [(start, start + length) for start, length in zip(numbers[::2], numbers[1::2])])
    assert all(pointer[1:] in ids for e in tree.iter() for a in ("ana", "who", "active", "passive") for pointer in e.get(a, "").split())
    value = lambda f: {"string": lambda e: e.text or "", "binary": lambda e: e.get("value") == "true", "numeric": lambda e: float(e.get("value")), "vColl": lambda e: [s.text for s in e]}[etree.QName(f).localname](f)
    for mark in wanted["annotations"]:
        element, places = found.pop("m-" + mark["id"])
        assert [text[start:end] for start, end in places] == [span[2].replace("\r\n", "\n") for span in mark["spans"]], (path, mark["id"])
        category, *features = [ids[pointer[1:]] for pointer in element.get("ana").split()]
        name = mark.get("attributes", {}).get("type", mark["label"])
        assert category.get("n") == name, (path, mark["id"])
        assert etree.QName(element).localname in ("span", ELEMENTS.get(name, "seg")), (path, mark["id"])
        has = {f.get("name"): value(f[0]) for fs in features for f in fs}
        assert has == {key: given for key, given in mark.get("attributes", {}).items() if key != "type"}, (path, mark["id"], has)
        notes = [note.text for note in tree.iter(TEI + "note") if note.get("target") == "#m-" + mark["id"]]
        assert notes == ([mark["note"]] if mark.get("note") else []), (path, mark["id"])
        marks += 1
    assert not found, (path, found)
    end = lambda id: "#author" if id == "author" else "#m-" + id
    said = Counter((r["label"], end(r["from"]), end(r["to"])) for r in wanted["relations"])
    has = Counter((r.get("name"), r.get("active"), r.get("passive")) for r in tree.iter(TEI + "relation"))
    assert has == said, path
    documents, links = documents + 1, links + sum(has.values())
assert documents and marks and links and inside
print(f"ok: lxml {documents} valid articles, {marks} marks ({inside} in the text), {links} links of {folder.name}")
