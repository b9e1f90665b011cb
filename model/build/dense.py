"""Matrix products with int8 weights: what a value is multiplied by never depends on other texts."""

import numpy as np

import quantise
from graph import Graph

ZERO = 128
"""The uint8 that stands for 0 in activations of both signs."""

GELU_ZERO = 32
"""The same for GELU's results, which are hardly ever negative."""

GELU_MIN = -0.17005
"""Just below GELU's minimum, -0.16997."""


def calibrated(graph: Graph, name: str, value: str, steps: np.ndarray) -> str:
    """The value as uint8, each column with the step that calibration gave it.

    What exceeds the range that calibration saw is cut off at the range.
    """
    inverse = graph.float32(f'{name}.inverse', 1 / steps)
    scaled = graph.node('Mul', [value, inverse], f'{name}.scaled')
    inputs = [scaled, graph.number(1), zero_point(graph, ZERO)]
    return graph.node('QuantizeLinear', inputs, f'{name}.uint8')


def product(
    graph: Graph, name: str, whole: str, weight: np.ndarray, *, zero: int, bias: np.ndarray | None
) -> str:
    """uint8 rows · weight + bias as float32; `weight` has taken the activations' steps on."""
    whole_weight, scales = quantise.columns(weight)
    inputs = [
        whole,
        graph.constant(f'{name}.weight', whole_weight),
        graph.number(1),
        graph.float32(f'{name}.scales', scales),
        zero_point(graph, zero),
    ]
    if bias is not None:
        inputs += ['', graph.float32(f'{name}.bias', bias)]
    return graph.contrib('MatMulIntegerToFloat', inputs, name)


def product_by_row(graph: Graph, name: str, value: str, zeros: str, weight: np.ndarray) -> str:
    """GELU's results · weight, each row quantised with a step of its own.

    Single neurons answer the special tokens ten times as loud as anything else, so that one step
    for all rows would be too coarse for the rest, and GELU can't take factors on for its columns.

    :param value: float32 [rows, inputs], none below GELU_MIN
    :param zeros: uint8 [rows], GELU_ZERO everywhere
    """
    largest = graph.node('ReduceMax', [value], f'{name}.largest', axes=[-1], keepdims=1)
    upper = graph.node('Mul', [largest, graph.number(1 / (255 - GELU_ZERO))], f'{name}.upper')
    # No step is so small that the minimum would leave the range, nor is it ever 0.
    lower = graph.number(-GELU_MIN / GELU_ZERO)
    steps = graph.node('Max', [upper, lower], f'{name}.steps')
    flat = graph.node('Reshape', [steps, graph.int64(-1)], f'{name}.steps.flat')
    whole = graph.node('QuantizeLinear', [value, flat, zeros], f'{name}.uint8', axis=0)
    sums = product(graph, f'{name}.sums', whole, weight, zero=GELU_ZERO, bias=None)
    return graph.node('Mul', [sums, steps], name)


def zero_point(graph: Graph, zero: int) -> str:
    return graph.constant(f'zero.{zero}', np.uint8(zero))
