"""dkpro-cassis: a CAS with words, marks and links for each article, and ours loaded; JSON or XMI by the name of FOLDER."""

import re

import cassis
from peer import folder, layers, name, out, timed

xmi = folder.name.endswith("xmi")
types = cassis.TypeSystem()
Token = types.create_type("Token")
Mark = types.create_type("Mark")
types.create_feature(Mark, "value", "uima.cas.String")
types.create_feature(Mark, "identifier", "uima.cas.String")
Link = types.create_type("Link")
types.create_feature(Link, "value", "uima.cas.String")
types.create_feature(Link, "source", "Mark")
types.create_feature(Link, "target", "Mark")
WORD = re.compile(r"\w+|[^\w\s]")


def write():
    for number, layer in enumerate(layers()):
        cas = cassis.Cas(typesystem=types)
        cas.sofa_string, cas.sofa_mime = layer["text"], "text"
        cas.add_all([Token(begin=word.start(), end=word.end()) for word in WORD.finditer(layer["text"])])
        marks = {}
        for mark in layer["annotations"]:
            start, end = mark["spans"][0][0], mark["spans"][-1][1]
            marks[mark["id"]] = Mark(begin=start, end=end, value=name(mark), identifier=mark["id"])
        cas.add_all(list(marks.values()))
        for link in layer["relations"]:
            source, target = marks[link["from"]], marks[link["to"]]
            cas.add(Link(begin=target.begin, end=target.end, value=link["label"], source=source, target=target))
        if xmi:
            cas.to_xmi(out / f"{number}.xmi")
        else:
            cas.to_json(out / f"{number}.json")


def read():
    marks = 0
    if xmi:
        with open(next(folder.rglob("TypeSystem.xml")), "rb") as file:
            known = cassis.load_typesystem(file)
    for file in sorted(folder.rglob("*.xmi" if xmi else "*.json")):
        with open(file, "rb") as opened:
            cas = cassis.load_cas_from_xmi(opened, typesystem=known) if xmi else cassis.load_cas_from_json(opened)
        for annotation in cas.select_all():
            if annotation.type.get_feature("pressmark_id") is not None and annotation.type.get_feature("Governor") is None:
                marks += 1
    return marks


timed("write", write)
timed("read", read)
