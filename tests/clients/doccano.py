"""doccano's own importer on our lines against the lossless export: python doccano.py LINES.jsonl FILE.

Runs the pipeline of doccano's server on a database in memory, in a relation project that allows overlaps.
"""

import json
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path

lines, file = Path(sys.argv[1]), Path(sys.argv[2])
os.environ.update(DATABASE_URL=f"sqlite:///{tempfile.mkdtemp()}/db.sqlite3", DJANGO_SETTINGS_MODULE="config.settings.development", DEBUG="False")
import backend

sys.path.insert(0, str(Path(backend.__file__).parent))
import django

django.setup()
from django.contrib.auth import get_user_model
from django.core.management import call_command

call_command("migrate", verbosity=0)
from data_import.datasets import load_dataset
from data_import.pipeline.catalog import create_file_format
from data_import.pipeline.readers import FileName
from examples.models import Example
from projects.models import ProjectType, SequenceLabelingProject

user = get_user_model().objects.create_user(username="ada", password="ada")
project = SequenceLabelingProject.objects.create(
    name="set", description="", project_type=ProjectType.SEQUENCE_LABELING, created_by=user, allow_overlapping=True, use_relation=True
)
name = FileName(full_path=str(file), generated_name=file.name, upload_name=file.name)
dataset = load_dataset("RelationExtraction", create_file_format("JSONL"), [name], project, encoding="Auto")
dataset.save(user, batch_size=100)
assert not dataset.errors, [error.dict() for error in dataset.errors][:3]
wanted = {}
for line in lines.read_text(encoding="utf-8").splitlines():
    layer = json.loads(line)
    wanted[layer["file"]] = layer
documents = marks = links = 0
for example in Example.objects.filter(project=project):
    layer = wanted.pop(example.meta["file"])
    text = layer["text"].replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff") if sys.version_info >= (3, 9) else layer["text"]
    assert example.text == text, layer["file"]
    letters = lambda text: " ".join(text.split())
    kind = lambda mark: mark.get("attributes", {}).get("type", mark["label"])
    said = Counter((kind(m), letters(s[2])) for m in layer["annotations"] for s in m["spans"])
    found = Counter((span.label.text, letters(text[span.start_offset : span.end_offset])) for span in example.spans.all())
    assert found == said, (layer["file"], (found - said).most_common(3), (said - found).most_common(3))
    between = [r for r in layer["relations"] if r["to"] != "author"]
    assert example.relations.count() == len(between), layer["file"]
    documents, marks, links = documents + 1, marks + sum(found.values()), links + len(between)
assert not wanted and marks
print(f"ok: doccano {documents} articles, {marks} marks, {links} links")
