"""The embedded model: BERT with int8 weights, activations quantised row by row, two outputs."""

import math

import numpy as np
import onnx

import quantise
from graph import Graph, float32, int64

MASKED = -10_000.0
"""Added to the attention scores of padding: exp() of it is exactly 0 in float32."""


class Bert:
    def __init__(self, weights: dict[str, np.ndarray], config, projection: np.ndarray) -> None:
        self.weights = weights
        self.config = config
        self.projection = projection
        self.graph = Graph()

    def build(self) -> onnx.ModelProto:
        graph = self.graph
        hidden = self.embeddings()
        mask = graph.node('Cast', ['attention_mask'], 'mask', to=onnx.TensorProto.FLOAT)
        bias = self.attention_bias(mask)
        for layer in range(self.config.num_hidden_layers):
            hidden = self.layer(f'encoder.layer.{layer}', hidden, bias)
        self.sentence_embedding(hidden, mask)
        self.token_embeddings(hidden)
        sizes = ['batch', 'sequence']
        return graph.model(
            [int64('input_ids', sizes), int64('attention_mask', sizes)],
            [
                float32('sentence_embedding', ['batch', self.config.hidden_size]),
                float32('token_embeddings', [*sizes, self.projection.shape[1]]),
            ],
            'all-MiniLM-L6-v2 (Apache-2.0), int8, activations scaled row by row',
        )

    def embeddings(self) -> str:
        graph, weights = self.graph, self.weights
        words = self.table('words', weights['embeddings.word_embeddings.weight'])
        # Every token is of the first segment, so its vector belongs to the positions.
        positions = self.table(
            'positions',
            weights['embeddings.position_embeddings.weight']
            + weights['embeddings.token_type_embeddings.weight'][0],
        )
        graph.node('Shape', ['input_ids'], 'length', start=1, end=2)
        zero = graph.constant('zero', np.array([0], np.int64))
        found = []
        for (table, scales), ids in ((words, 'input_ids'), (positions, None)):
            parts = []
            for name in (table, scales):
                if ids is None:
                    parts.append(graph.node('Slice', [name, zero, 'length', zero], f'{name}.used'))
                else:
                    parts.append(graph.node('Gather', [name, ids], f'{name}.used', axis=0))
            whole = graph.node('Cast', [parts[0]], f'{table}.float', to=onnx.TensorProto.FLOAT)
            found.append(graph.node('Mul', [whole, parts[1]], f'{table}.scaled'))
        both = graph.node('Add', found, 'embeddings.sum')
        return self.normalised('embeddings.LayerNorm', both)

    def table(self, name: str, values: np.ndarray) -> tuple[str, str]:
        whole, scales = quantise.rows(values)
        return self.graph.constant(name, whole), self.graph.constant(f'{name}.scale', scales)

    def attention_bias(self, mask: str) -> str:
        """0 for a real token, MASKED for padding: [batch, 1, 1, sequence]."""
        graph = self.graph
        axes = graph.constant('attention.axes', np.array([1, 2], np.int64))
        wide = graph.node('Unsqueeze', [mask, axes], 'attention.mask')
        less = graph.node('Sub', [wide, graph.scalar(1)], 'attention.padding')
        return graph.node('Mul', [less, graph.scalar(-MASKED)], 'attention.bias')

    def layer(self, name: str, hidden: str, bias: str) -> str:
        graph = self.graph
        attended = self.attention(f'{name}.attention', hidden, bias)
        dense = self.linear(f'{name}.attention.output.dense', self.quantised(attended))
        residual = graph.node('Add', [dense, hidden], f'{name}.attention.residual')
        middle = self.normalised(f'{name}.attention.output.LayerNorm', residual)
        inner = self.gelu(self.linear(f'{name}.intermediate.dense', self.quantised(middle)))
        dense = self.linear(f'{name}.output.dense', self.quantised(inner))
        residual = graph.node('Add', [dense, middle], f'{name}.residual')
        return self.normalised(f'{name}.output.LayerNorm', residual)

    def attention(self, name: str, hidden: str, bias: str) -> str:
        graph = self.graph
        heads = self.config.num_attention_heads
        size = self.config.hidden_size // heads
        split = graph.constant('attention.split', np.array([0, 0, heads, size], np.int64))
        join = graph.constant('attention.join', np.array([0, 0, heads * size], np.int64))
        rows = self.quantised(hidden)
        parts = {}
        for part, order in (('query', (0, 2, 1, 3)), ('key', (0, 2, 3, 1)), ('value', (0, 2, 1, 3))):
            # 1 / sqrt(size) of the attention's scores is folded into the query's weights.
            factor = 1 / math.sqrt(size) if part == 'query' else 1.0
            value = self.linear(f'{name}.self.{part}', rows, factor)
            value = graph.node('Reshape', [value, split], f'{name}.{part}.heads')
            parts[part] = graph.node('Transpose', [value], f'{name}.{part}.turned', perm=order)
        scores = graph.node('MatMul', [parts['query'], parts['key']], f'{name}.scores')
        scores = graph.node('Add', [scores, bias], f'{name}.masked')
        shares = graph.node('Softmax', [scores], f'{name}.shares', axis=-1)
        mixed = graph.node('MatMul', [shares, parts['value']], f'{name}.mixed')
        mixed = graph.node('Transpose', [mixed], f'{name}.mixed.turned', perm=(0, 2, 1, 3))
        return graph.node('Reshape', [mixed, join], f'{name}.joined')

    def quantised(self, value: str) -> tuple[str, str]:
        """The value as uint8 around 128, and a scale for each row (the last axis is one row)."""
        graph = self.graph
        size = graph.node('Abs', [value], f'{value}.abs')
        largest = graph.node('ReduceMax', [size], f'{value}.max', axes=[-1], keepdims=1)
        # A row of zeros would divide by zero.
        some = graph.node('Max', [largest, graph.scalar(1e-30)], f'{value}.some')
        scale = graph.node('Mul', [some, graph.scalar(1 / 127)], f'{value}.scale')
        ratio = graph.node('Div', [value, scale], f'{value}.ratio')
        whole = graph.node('Round', [ratio], f'{value}.round')
        above = graph.node('Add', [whole, graph.scalar(128)], f'{value}.above')
        return graph.node('Cast', [above], f'{value}.uint8', to=onnx.TensorProto.UINT8), scale

    def linear(self, name: str, rows: tuple[str, str], factor: float = 1.0) -> str:
        """rows · weight · factor + bias · factor."""
        graph = self.graph
        weight = self.weights[f'{name}.weight'].T
        whole, scales = quantise.columns(weight * np.float32(factor))
        zero = graph.constant('zero.point', np.uint8(128))
        inputs = [rows[0], graph.constant(f'{name}.weight', whole), zero]
        sums = graph.node('MatMulInteger', inputs, f'{name}.sums')
        sums = graph.node('Cast', [sums], f'{name}.float', to=onnx.TensorProto.FLOAT)
        by_row = graph.node('Mul', [sums, rows[1]], f'{name}.by.row')
        columns = graph.constant(f'{name}.scale', scales)
        by_column = graph.node('Mul', [by_row, columns], f'{name}.by.column')
        bias = self.weights[f'{name}.bias'] * np.float32(factor)
        return graph.node('Add', [by_column, graph.constant(f'{name}.bias', bias)], name)

    def gelu(self, value: str) -> str:
        graph = self.graph
        ratio = graph.node('Div', [value, graph.scalar(math.sqrt(2))], f'{value}.erf.ratio')
        erf = graph.node('Erf', [ratio], f'{value}.erf')
        above = graph.node('Add', [erf, graph.scalar(1)], f'{value}.erf.above')
        twice = graph.node('Mul', [value, above], f'{value}.erf.twice')
        return graph.node('Mul', [twice, graph.scalar(0.5)], f'{value}.gelu')

    def normalised(self, name: str, value: str) -> str:
        inputs = [value]
        for part in ('weight', 'bias'):
            inputs.append(self.graph.constant(f'{name}.{part}', self.weights[f'{name}.{part}']))
        epsilon = self.config.layer_norm_eps
        return self.graph.node('LayerNormalization', inputs, name, axis=-1, epsilon=epsilon)

    def sentence_embedding(self, hidden: str, mask: str) -> None:
        """The mean over real tokens, L2-normalised: the count of tokens cancels out."""
        graph = self.graph
        one = graph.constant('one', np.array([1], np.int64))
        wide = graph.node('Unsqueeze', [mask, one], 'pool.mask')
        sums = graph.node('MatMul', [wide, hidden], 'pool.sums')
        flat = graph.node('Squeeze', [sums, one], 'pool.flat')
        graph.node('LpNormalization', [flat], 'sentence_embedding', axis=-1, p=2)

    def token_embeddings(self, hidden: str) -> None:
        """L2-normalised twice; the first time cancels out, as the projection is linear."""
        graph = self.graph
        inputs = [hidden, graph.constant('projection', self.projection)]
        projected = graph.node('MatMul', inputs, 'projected')
        graph.node('LpNormalization', [projected], 'token_embeddings', axis=-1, p=2)
