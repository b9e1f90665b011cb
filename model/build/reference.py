"""The float model: the yardstick of the quantised one, in torch and as an ONNX file."""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import BertModel

MAX_TOKENS = 256
"""The longest input the model was trained for: max_seq_length of sentence_bert_config.json."""


@dataclass(frozen=True)
class Batch:
    input_ids: np.ndarray
    attention_mask: np.ndarray

    def feed(self) -> dict[str, np.ndarray]:
        return {'input_ids': self.input_ids, 'attention_mask': self.attention_mask}


def load_tokenizer(folder: Path) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(folder / 'tokenizer.json'))
    tokenizer.no_padding()  # The file pads every text to 128 tokens.
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer


def load_model(folder: Path) -> BertModel:
    torch.set_num_threads(1)  # Sums in one order, so that a second build gives the same bytes.
    model = BertModel.from_pretrained(
        folder, attn_implementation='eager', add_pooling_layer=False, dtype=torch.float32
    )
    return model.eval()


def encode(tokenizer: Tokenizer, texts: list[str]) -> Batch:
    encodings = [tokenizer.encode(text) for text in texts]
    longest = max(len(encoding.ids) for encoding in encodings)
    input_ids = np.zeros((len(texts), longest), dtype=np.int64)
    attention_mask = np.zeros_like(input_ids)
    for row, encoding in enumerate(encodings):
        input_ids[row, : len(encoding.ids)] = encoding.ids
        attention_mask[row, : len(encoding.ids)] = 1
    return Batch(input_ids, attention_mask)


def batches(tokenizer: Tokenizer, texts: list[str]) -> Iterator[Batch]:
    """All texts in batches of one length, without padding, shortest first."""
    ids = sorted((tokenizer.encode(text).ids for text in texts), key=len)
    for _, same in groupby(ids, key=len):
        rows = np.array(list(same), dtype=np.int64)
        for start in range(0, len(rows), 64):
            part = rows[start : start + 64]
            yield Batch(part, np.ones_like(part))


def hidden_states(model: BertModel, batch: Batch) -> np.ndarray:
    with torch.no_grad():
        output = model(
            input_ids=torch.from_numpy(batch.input_ids),
            attention_mask=torch.from_numpy(batch.attention_mask),
        )
    return output.last_hidden_state.numpy()


def pooled(hidden: np.ndarray, attention_mask: np.ndarray) -> np.ndarray:
    """Mean of the hidden states of real tokens, L2-normalised: float32 [batch, dimensions]."""
    sums = (hidden * attention_mask[:, :, None]).sum(axis=1)
    return sums / np.linalg.norm(sums, axis=1, keepdims=True)


def sentence_embeddings(model: BertModel, tokenizer: Tokenizer, texts: list[str]) -> np.ndarray:
    """Each text by itself, so that nothing depends on its neighbours."""
    rows = []
    for text in texts:
        batch = encode(tokenizer, [text])
        rows.append(pooled(hidden_states(model, batch), batch.attention_mask)[0])
    return np.stack(rows)


class LastHiddenState(torch.nn.Module):
    def __init__(self, model: BertModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask, token_type_ids=None):
        return self.model(input_ids, attention_mask, token_type_ids).last_hidden_state


def export_onnx(model: BertModel, path: Path, *, token_type_ids: bool) -> None:
    """Writes the float model with the one output `last_hidden_state`, as exporters usually do."""
    names = ['input_ids', 'attention_mask'] + (['token_type_ids'] if token_type_ids else [])
    # Two rows of three tokens, one of them padded: any small batch will do for tracing.
    ids = torch.tensor([[101, 7, 102], [101, 102, 0]])
    example = [ids, (ids > 0).long(), torch.zeros_like(ids)][: len(names)]
    axes = {0: 'batch', 1: 'sequence'}
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')  # Tracing warns of Python branches that don't matter here.
        torch.onnx.export(
            LastHiddenState(model),
            tuple(example),
            str(path),
            dynamo=False,
            opset_version=17,
            input_names=names,
            output_names=['last_hidden_state'],
            dynamic_axes={name: axes for name in [*names, 'last_hidden_state']},
        )
