"""The matrix that takes token vectors from 384 to 128 dimensions."""

import numpy as np

TOKEN_DIMENSIONS = 128


def principal_axes(moment: np.ndarray) -> tuple[np.ndarray, float]:
    """Uncentred PCA: the eigenvectors of the second moment with the largest eigenvalues.

    Returns float32 [dimensions, TOKEN_DIMENSIONS] and the share of the energy that they keep.
    """
    values, vectors = np.linalg.eigh(moment)
    axes = vectors[:, ::-1][:, :TOKEN_DIMENSIONS]
    # An eigenvector has no sign of its own: its largest component becomes positive.
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(TOKEN_DIMENSIONS)])
    kept = values[::-1][:TOKEN_DIMENSIONS].sum() / values.sum()
    return axes.astype(np.float32), float(kept)
