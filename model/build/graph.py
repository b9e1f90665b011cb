"""Writes ONNX graphs node by node."""

from collections.abc import Sequence

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

CONTRIB = 'com.microsoft'
"""ONNX Runtime's own operators, in every build of it."""


class Graph:
    """A graph under construction. Every method returns the name of the value it adds."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: np.ndarray) -> str:
        if name not in self.constants:
            self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def float32(self, name: str, value: np.ndarray) -> str:
        return self.constant(name, np.asarray(value, dtype=np.float32))

    def int64(self, *values: int) -> str:
        name = 'int64.' + '.'.join(map(str, values))
        return self.constant(name, np.array(values, dtype=np.int64))

    def number(self, value: float) -> str:
        return self.float32(f'number.{value:g}', value)

    def node(self, kind: str, inputs: Sequence[str], output: str, **attributes) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def contrib(self, kind: str, inputs: Sequence[str], output: str, **attributes) -> str:
        return self.node(kind, inputs, output, domain=CONTRIB, **attributes)

    def model(self, inputs: list, outputs: list, description: str) -> onnx.ModelProto:
        constants = list(self.constants.values())
        graph = helper.make_graph(self.nodes, 'embed', inputs, outputs, constants)
        # Opset 17 has LayerNormalization; IR 8 came with it, and every runtime since reads it.
        opsets = [helper.make_opsetid('', 17), helper.make_opsetid(CONTRIB, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=8)
        model.producer_name = 'imesde'
        model.doc_string = description
        onnx.checker.check_model(model)
        return model


def int64_value(name: str, shape: list) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.INT64, shape)


def float32_value(name: str, shape: list) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
