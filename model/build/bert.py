"""The embedded model: BERT with int8 weights and two outputs.

Written for ONNX Runtime's CPU kernels: few nodes, each matrix product one node with its bias and
the step back to float in it. Rows are ordered [sequence, batch] inside, so that the products of the
attention can read the heads in place and only their result needs a transposition.
"""

import math

import numpy as np
import onnx
from onnx import TensorProto

import dense
import quantise
from graph import Graph, float32_value, int64_value

MASKED = -10_000
"""Added to the attention scores of padding: exp() of it is exactly 0 in float32."""


class Bert:
    def __init__(
        self,
        weights: dict[str, np.ndarray],
        config,
        largest: dict[str, np.ndarray],
        projection: np.ndarray,
    ) -> None:
        """`largest`: the largest magnitude seen in each column of an activation, by module."""
        self.weights = weights
        self.config = config
        self.largest = largest
        self.projection = projection
        self.graph = Graph()

    def build(self) -> onnx.ModelProto:
        graph = self.graph
        graph.node('Cast', ['attention_mask'], 'mask', to=TensorProto.FLOAT)
        graph.node('Transpose', ['input_ids'], 'ids', perm=(1, 0))
        self.sizes()
        self.attention_bias()
        hidden = self.embeddings()
        for layer in range(self.config.num_hidden_layers):
            hidden = self.layer(layer, hidden)
        hidden = graph.node('Reshape', [hidden, 'rows.apart'], 'last_hidden_state')
        self.sentence_embedding(hidden)
        self.token_embeddings(hidden)
        sizes = ['batch', 'sequence']
        return graph.model(
            [int64_value('input_ids', sizes), int64_value('attention_mask', sizes)],
            [
                float32_value('sentence_embedding', ['batch', self.config.hidden_size]),
                float32_value('token_embeddings', [*sizes, self.projection.shape[1]]),
            ],
            'all-MiniLM-L6-v2 (Apache-2.0) as int8, with a projection of its token vectors',
        )

    def sizes(self) -> None:
        """Shapes that depend on the input: [sequence, batch, hidden] and the same by heads."""
        graph, heads = self.graph, self.config.num_attention_heads
        graph.node('Shape', ['ids'], 'sizes')
        graph.node('Shape', ['ids'], 'length', end=1)
        graph.node('Concat', ['sizes', graph.int64(-1)], 'rows.apart', axis=0)
        by_head = graph.int64(heads, self.config.hidden_size // heads)
        graph.node('Concat', ['sizes', by_head], 'heads.apart', axis=0)
        self.rows_joined = graph.int64(-1, self.config.hidden_size)

    def attention_bias(self) -> None:
        """0 for a real token, MASKED for padding: [batch, 1, 1, sequence]."""
        graph = self.graph
        wide = graph.node('Unsqueeze', ['mask', graph.int64(1, 2)], 'mask.wide')
        less = graph.node('Sub', [wide, graph.number(1)], 'mask.padding')
        graph.node('Mul', [less, graph.number(-MASKED)], 'attention.bias')

    def embeddings(self) -> str:
        graph, weights, name = self.graph, self.weights, 'embeddings'
        words, word_scales = self.table('words', weights[f'{name}.word_embeddings.weight'])
        # Every token is of the first segment, so that its vector belongs to the positions.
        first = weights[f'{name}.token_type_embeddings.weight'][0]
        positions = weights[f'{name}.position_embeddings.weight'] + first
        positions, position_scales = self.table('positions', positions)
        found = [
            graph.node('Gather', [table, 'ids'], f'{table}.found') for table in (words, word_scales)
        ]
        bounds = [graph.int64(0), 'length', graph.int64(0)]
        used = [
            graph.node('Slice', [table, *bounds], f'{table}.used')
            for table in (positions, position_scales)
        ]
        word = self.scaled('words.float', *found)
        position = self.scaled('positions.float', *used)
        position = graph.node('Unsqueeze', [position, graph.int64(1)], 'positions.wide')
        both = graph.node('Add', [word, position], f'{name}.sum')
        rows = graph.node('Reshape', [both, self.rows_joined], f'{name}.rows')
        count = graph.node('Shape', [rows], 'rows.count', end=1)
        zero = graph.constant('zero.gelu', np.array([dense.GELU_ZERO], dtype=np.uint8))
        graph.node('Expand', [zero, count], 'rows.zeros')
        return self.normalised(f'{name}.LayerNorm', rows, self.bias_after_attention(0))

    def table(self, name: str, values: np.ndarray) -> tuple[str, str]:
        whole, scales = quantise.rows(values)
        return self.graph.constant(name, whole), self.graph.constant(f'{name}.scale', scales)

    def scaled(self, name: str, whole: str, scales: str) -> str:
        cast = self.graph.node('Cast', [whole], f'{name}.cast', to=TensorProto.FLOAT)
        return self.graph.node('Mul', [cast, scales], name)

    def layer(self, index: int, hidden: str) -> str:
        """`hidden` and the value in the middle hold the bias of the product added to them next."""
        graph, name = self.graph, f'encoder.layer.{index}'
        before = self.normalisation_before(index)
        shift = self.bias_after_attention(index)
        attended = self.attention(f'{name}.attention', before, hidden, shift)
        residual = graph.node('Add', [attended, hidden], f'{name}.attention.residual')
        shift = self.weights[f'{name}.output.dense.bias']
        middle = self.normalised(f'{name}.attention.output.LayerNorm', residual, shift)
        inner = self.feed_forward(name, middle, shift)
        residual = graph.node('Add', [inner, middle], f'{name}.residual')
        return self.normalised(
            f'{name}.output.LayerNorm', residual, self.bias_after_attention(index + 1)
        )

    def attention(self, name: str, before: str, hidden: str, shift: np.ndarray) -> str:
        graph = self.graph
        size = self.config.hidden_size // self.config.num_attention_heads
        weights, biases = self.joined(name, [1 / math.sqrt(size), 1, 1])
        # The steps of the attention's result are those of the values: no node is needed for them.
        output = self.weights[f'{name}.output.dense.weight'].T
        output_steps = quantise.activation_steps(self.largest[f'{name}.self'], output)
        weights[2], biases[2] = weights[2] / output_steps, biases[2] / output_steps

        joined = np.concatenate(weights, axis=1)
        steps = quantise.activation_steps(self.largest[before] + np.abs(shift), joined)
        rows = dense.calibrated(graph, f'{name}.input', hidden, steps)
        heads = []
        for part, weight, bias in zip(('query', 'key', 'value'), weights, biases, strict=True):
            value = dense.product(
                graph,
                f'{name}.{part}',
                rows,
                weight * steps[:, None],
                zero=dense.ZERO,
                bias=bias - shift @ weight,
            )
            heads.append(graph.node('Reshape', [value, 'heads.apart'], f'{name}.{part}.heads'))
        mixed = self.mixed(name, *heads)
        inputs = [mixed, graph.number(1), dense.zero_point(graph, dense.ZERO)]
        rows = graph.node('QuantizeLinear', inputs, f'{name}.uint8')
        output = output * output_steps[:, None]
        return dense.product(graph, f'{name}.output', rows, output, zero=dense.ZERO, bias=None)

    def joined(self, name: str, factors: list[float]) -> tuple[list, list]:
        """Weights [inputs, outputs] and biases of query, key and value, times their factors."""
        names = [f'{name}.self.{part}' for part in ('query', 'key', 'value')]
        pairs = list(zip(names, factors, strict=True))
        return (
            [self.weights[f'{part}.weight'].T * factor for part, factor in pairs],
            [self.weights[f'{part}.bias'] * factor for part, factor in pairs],
        )

    def mixed(self, name: str, query: str, key: str, value: str) -> str:
        """Softmax(query · key) · value for each head. `transBatch` reads [sequence, batch, heads,
        size] as [batch, heads, sequence, size] in place."""
        graph = self.graph
        turned = {'transBatchA': 1, 'transBatchB': 1, 'transB': 1}
        scores = graph.contrib('FusedMatMul', [query, key], f'{name}.scores', **turned)
        scores = graph.node('Add', [scores, 'attention.bias'], f'{name}.masked')
        shares = graph.node('Softmax', [scores], f'{name}.shares', axis=-1)
        mixed = graph.contrib('FusedMatMul', [shares, value], f'{name}.mixed', transBatchB=1)
        mixed = graph.node('Transpose', [mixed], f'{name}.turned', perm=(2, 0, 1, 3))
        return graph.node('Reshape', [mixed, self.rows_joined], f'{name}.joined')

    def feed_forward(self, name: str, middle: str, shift: np.ndarray) -> str:
        graph = self.graph
        weight = self.weights[f'{name}.intermediate.dense.weight'].T
        bias = self.weights[f'{name}.intermediate.dense.bias'] - shift @ weight
        largest = self.largest[f'{name}.attention.output.LayerNorm'] + np.abs(shift)
        steps = quantise.activation_steps(largest, weight)
        rows = dense.calibrated(graph, f'{name}.intermediate.input', middle, steps)
        weight = weight * steps[:, None]
        inner = dense.product(
            graph, f'{name}.intermediate', rows, weight, zero=dense.ZERO, bias=bias
        )
        inner = graph.contrib('FastGelu', [inner], f'{name}.gelu')
        weight = self.weights[f'{name}.output.dense.weight'].T
        return dense.product_by_row(graph, f'{name}.output', inner, 'rows.zeros', weight)

    def normalisation_before(self, index: int) -> str:
        return f'encoder.layer.{index - 1}.output.LayerNorm' if index else 'embeddings.LayerNorm'

    def bias_after_attention(self, index: int) -> np.ndarray:
        """The bias that layer `index` adds to its input; nothing after the last layer."""
        name = f'encoder.layer.{index}.attention.output.dense.bias'
        return self.weights.get(name, np.zeros(self.config.hidden_size, dtype=np.float32))

    def normalised(self, name: str, value: str, shift: np.ndarray) -> str:
        """LayerNorm, plus a bias that is due later and costs nothing here."""
        graph = self.graph
        weight = graph.float32(f'{name}.weight', self.weights[f'{name}.weight'])
        bias = graph.float32(f'{name}.bias', self.weights[f'{name}.bias'] + shift)
        epsilon = self.config.layer_norm_eps
        inputs = [value, weight, bias]
        return graph.node('LayerNormalization', inputs, name, axis=-1, epsilon=epsilon)

    def sentence_embedding(self, hidden: str) -> None:
        """The mean over real tokens, L2-normalised: the count of tokens cancels out."""
        graph = self.graph
        wide = graph.node('Unsqueeze', ['mask', graph.int64(1)], 'pool.mask')
        sums = graph.contrib('FusedMatMul', [wide, hidden], 'pool.sums', transBatchB=1)
        flat = graph.node('Squeeze', [sums, graph.int64(1)], 'pool.flat')
        graph.node('LpNormalization', [flat], 'sentence_embedding', axis=-1, p=2)

    def token_embeddings(self, hidden: str) -> None:
        """Normalised once, at the end: the norm before a linear projection cancels out."""
        graph = self.graph
        inputs = [hidden, graph.float32('projection', self.projection)]
        projected = graph.node('MatMul', inputs, 'projected')
        unit = graph.node('LpNormalization', [projected], 'projected.unit', axis=-1, p=2)
        graph.node('Transpose', [unit], 'token_embeddings', perm=(1, 0, 2))
