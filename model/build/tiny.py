"""Two tiny models with random weights, laid out as sentence-transformers exports are."""

import json
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

import reference

VOCABULARY = 400
HIDDEN = 32
SEED = 7


def write(folder: Path, tokenizer: Tokenizer) -> None:
    for name, pooling, token_type_ids in (('mean', 'mean', True), ('cls', 'cls', False)):
        out = folder / name
        (out / '1_Pooling').mkdir(parents=True, exist_ok=True)
        vocabulary = cut_tokenizer(tokenizer, out / 'tokenizer.json')
        model = random_model(vocabulary)
        reference.export_onnx(model, out / 'model.onnx', token_type_ids=token_type_ids)
        write_json(out / 'config.json', settings(model.config))
        write_json(
            out / '1_Pooling' / 'config.json',
            {
                'word_embedding_dimension': HIDDEN,
                'pooling_mode_cls_token': pooling == 'cls',
                'pooling_mode_mean_tokens': pooling == 'mean',
                'pooling_mode_max_tokens': False,
                'pooling_mode_mean_sqrt_len_tokens': False,
            },
        )


def random_model(vocabulary: int) -> BertModel:
    torch.manual_seed(SEED)
    config = BertConfig(
        vocab_size=vocabulary,
        hidden_size=HIDDEN,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
        attn_implementation='eager',
    )
    return BertModel(config, add_pooling_layer=False).eval()


def settings(config: BertConfig) -> dict:
    names = ('model_type', 'hidden_size', 'max_position_embeddings', 'vocab_size')
    return {name: getattr(config, name) for name in names}


def cut_tokenizer(tokenizer: Tokenizer, path: Path) -> int:
    """The tokenizer with the special tokens, all single characters and the first whole words."""
    state = json.loads(tokenizer.to_str())
    state['truncation'] = state['padding'] = None
    special = [token['content'] for token in state['added_tokens']]
    words = sorted(state['model']['vocab'], key=state['model']['vocab'].get)
    ascii_words = [word for word in words if word.isascii() and not word.startswith('[')]
    single = [word for word in ascii_words if len(word.removeprefix('##')) == 1]
    longer = [word for word in ascii_words if len(word.removeprefix('##')) > 1]
    kept = [*special, *single, *longer][:VOCABULARY]
    ids = {word: index for index, word in enumerate(kept)}
    state['model']['vocab'] = ids
    for token in state['added_tokens']:
        token['id'] = ids[token['content']]
    for name, token in state['post_processor']['special_tokens'].items():
        token['ids'] = [ids[name]]
    path.write_text(json.dumps(state, ensure_ascii=False), encoding='utf-8')
    return len(kept)


def write_json(path: Path, value: dict) -> None:
    path.write_text(json.dumps(value, indent=2) + '\n', encoding='utf-8')
