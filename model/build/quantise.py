"""Weights as int8."""

import numpy as np

WEIGHT_MAX = 63
"""A CPU without VNNI adds two products of uint8 and int8 in 16 bits: 2 · 255 · 63 < 2¹⁵ can't
saturate there, so that every CPU computes the same sums."""

TABLE_MAX = 127


def columns(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """int8 [inputs, outputs] within ±63, and a float32 scale for each column."""
    return _quantise(weight, axis=0, largest=WEIGHT_MAX)


def rows(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """int8 [rows, dimensions] within ±127, and a float32 scale for each row, as [rows, 1]."""
    return _quantise(table, axis=1, largest=TABLE_MAX)


def _quantise(values: np.ndarray, *, axis: int, largest: int) -> tuple[np.ndarray, np.ndarray]:
    scale = np.abs(values).max(axis=axis, keepdims=True).astype(np.float32) / np.float32(largest)
    scale[scale == 0] = 1
    whole = np.rint(values / scale).astype(np.int8)
    return whole, scale[0] if axis == 0 else scale
