"""What the float model says of the sentences in test/fixtures/model, for the tests."""

from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parents[2] / 'test' / 'fixtures' / 'model'


def sentences() -> list[str]:
    return (FOLDER / 'sentences.txt').read_text(encoding='utf-8').rstrip('\n').split('\n')


def write(embeddings: np.ndarray) -> None:
    """int16 little-endian [sentences, dimensions]: each component times 32,767, rounded."""
    scaled = np.rint(embeddings * 32_767).astype('<i2')
    (FOLDER / 'float-embeddings.i16').write_bytes(scaled.tobytes())
