"""The matrix that takes token vectors from 384 to 128 dimensions."""

from pathlib import Path

import numpy as np
from tokenizers import Tokenizer
from transformers import BertModel

import corpus
import reference

TOKEN_DIMENSIONS = 128


def principal_axes(model: BertModel, tokenizer: Tokenizer, work: Path) -> tuple[np.ndarray, dict]:
    """Uncentred PCA of the L2-normalised last hidden states, without [CLS] and [SEP].

    Returns float32 [dimensions, TOKEN_DIMENSIONS] and what is worth reporting of it.
    """
    texts = corpus.sentences(work)
    dimensions = model.config.hidden_size
    moment = np.zeros((dimensions, dimensions))
    tokens = 0
    for batch in reference.batches(tokenizer, texts):
        hidden = reference.hidden_states(model, batch)[:, 1:-1].reshape(-1, dimensions)
        hidden = (hidden / np.linalg.norm(hidden, axis=1, keepdims=True)).astype(np.float64)
        moment += hidden.T @ hidden
        tokens += len(hidden)
    values, vectors = np.linalg.eigh(moment)
    axes = vectors[:, ::-1][:, :TOKEN_DIMENSIONS]
    # An eigenvector has no sign of its own: its largest component becomes positive.
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(TOKEN_DIMENSIONS)])
    kept = float(values[::-1][:TOKEN_DIMENSIONS].sum() / values.sum())
    report = {'sentences': len(texts), 'tokens': tokens, 'energyKept': round(kept, 4)}
    return axes.astype(np.float32), report
