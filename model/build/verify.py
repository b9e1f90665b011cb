"""Holds the finished model against the float model, and each text alone against any batch."""

from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

import reference

COSINE_MEAN_MIN = 0.99
BATCH_DIFFERENCE_MAX = 1e-5


def session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(
        str(path), options, providers=['CPUExecutionProvider']
    )


def verify(path: Path, tokenizer: Tokenizer, texts: list[str], expected: np.ndarray) -> dict:
    """Throws where the model misses a bound; returns what was measured."""
    model = session(path)
    alone = [model.run(None, reference.encode(tokenizer, [text]).feed()) for text in texts]
    cosines = (np.concatenate([outputs[0] for outputs in alone]) * expected).sum(axis=1)
    assert cosines.mean() >= COSINE_MEAN_MIN, f'mean cosine {cosines.mean()}'
    difference = max(
        batch_difference(model, tokenizer, texts, alone, size) for size in (2, 7, 16, 64)
    )
    assert difference <= BATCH_DIFFERENCE_MAX, f'alone and in a batch differ by {difference}'
    return {
        'cosineMean': round(float(cosines.mean()), 5),
        'cosineMin': round(float(cosines.min()), 5),
        'batchDifferenceMax': float(f'{difference:.1e}'),
    }


def batch_difference(model, tokenizer, texts: list[str], alone: list, size: int) -> float:
    """The largest difference of any component, in shuffled batches of texts of all lengths."""
    order = np.random.default_rng(size).permutation(len(texts))
    largest = 0.0
    for start in range(0, len(texts), size):
        chosen = order[start : start + size]
        batch = reference.encode(tokenizer, [texts[index] for index in chosen])
        sentences, tokens = model.run(None, batch.feed())
        for row, index in enumerate(chosen):
            sentence, own = alone[index]
            largest = max(largest, float(np.abs(sentences[row] - sentence[0]).max()))
            largest = max(largest, float(np.abs(tokens[row, : own.shape[1]] - own[0]).max()))
    return largest
