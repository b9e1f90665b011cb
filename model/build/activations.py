"""What flows through the float model as it reads the corpus: ranges, and the token vectors."""

from dataclasses import dataclass, field

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import BertModel

import reference

CALIBRATED = ('LayerNorm', 'attention.self')
"""Ends of the names of the modules whose results are quantised with fixed steps."""


@dataclass
class Activations:
    largest: dict[str, np.ndarray] = field(default_factory=dict)
    """The largest magnitude in each column, by module: float32 [columns]."""

    moment: np.ndarray = field(default_factory=lambda: np.zeros(()))
    """Sum of x·xᵀ over the L2-normalised token vectors, without [CLS] and [SEP]."""

    tokens: int = 0

    def watch(self, name: str, values: torch.Tensor) -> None:
        seen = values.detach().abs().flatten(0, -2).amax(dim=0).numpy()
        self.largest[name] = np.maximum(self.largest.get(name, seen), seen)

    def add_tokens(self, hidden: np.ndarray) -> None:
        hidden = hidden.reshape(-1, hidden.shape[-1]).astype(np.float64)
        hidden /= np.linalg.norm(hidden, axis=1, keepdims=True)
        self.moment = self.moment + hidden.T @ hidden
        self.tokens += len(hidden)


def observe(model: BertModel, tokenizer: Tokenizer, texts: list[str]) -> Activations:
    activations = Activations()

    def hook(name: str):
        # The attention answers with a tuple of its result and its weights.
        def watch(module, inputs, output):
            activations.watch(name, output[0] if isinstance(output, tuple) else output)

        return watch

    handles = [
        module.register_forward_hook(hook(name))
        for name, module in model.named_modules()
        if name.endswith(CALIBRATED)
    ]
    for batch in reference.batches(tokenizer, texts):
        activations.add_tokens(reference.hidden_states(model, batch)[:, 1:-1])
    for handle in handles:
        handle.remove()
    return activations
