"""Writes ONNX graphs node by node."""

from collections.abc import Sequence

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


class Graph:
    """A graph under construction. Every method returns the name of the value it adds."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: np.ndarray) -> str:
        if name not in self.constants:
            self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def scalar(self, value: float) -> str:
        return self.constant(f'scalar.{value:g}', np.float32(value))

    def node(self, kind: str, inputs: Sequence[str], output: str, **attributes) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def model(self, inputs: list, outputs: list, description: str) -> onnx.ModelProto:
        graph = helper.make_graph(
            self.nodes, 'embed', inputs, outputs, list(self.constants.values())
        )
        # Opset 17 has LayerNormalization; IR 8 came with it, and every runtime since reads it.
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid('', 17)], ir_version=8
        )
        model.producer_name = 'imesde'
        model.doc_string = description
        onnx.checker.check_model(model, full_check=True)
        return model


def int64(name: str, shape: list) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.INT64, shape)


def float32(name: str, shape: list) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
