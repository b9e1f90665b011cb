"""Scores texts for phrases with a peer: one JSON object on stdout for the peer that is named.

TASKS is a file with a list of {"texts": […], "phrases": […]}; the answer has for each of them a row
for each phrase, with the cosine of each text.
"""

import argparse
import json
from pathlib import Path

BATCH = 32


def rust(options):
    """Its own search, over a store in which all texts have room."""
    from imesde import PyImesde

    def score(texts, phrases):
        different = list(dict.fromkeys(texts))
        model, tokenizer = options.model / 'model.onnx', options.model / 'tokenizer.json'
        engine = PyImesde(str(model), str(tokenizer), num_shards=1, shard_size=len(different))
        for start in range(0, len(different), BATCH):
            engine.ingest_batch(different[start : start + BATCH])
        rows = []
        for phrase in phrases:
            found = dict(engine.search(phrase, len(different)))
            assert len(found) == len(different)
            rows.append([found[text] for text in texts])
        return rows

    return score


def sentence_transformers(options):
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(options.threads)
    model = SentenceTransformer(str(options.model), device='cpu')
    return cosines(lambda texts: model.encode(texts, batch_size=BATCH, show_progress_bar=False))


def model2vec(options):
    from model2vec import StaticModel

    return cosines(StaticModel.from_pretrained(str(options.model)).encode)


def cosines(encode):
    import numpy as np

    def unit(texts):
        vectors = np.asarray(encode(texts), dtype=np.float32)
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)

    return lambda texts, phrases: (unit(phrases) @ unit(texts).T).tolist()


PEERS = {'rust': rust, 'sentence-transformers': sentence_transformers, 'model2vec': model2vec}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('peer', choices=list(PEERS))
    parser.add_argument('--model', type=Path, required=True)
    parser.add_argument('--tasks', type=Path, required=True)
    parser.add_argument('--threads', type=int, default=2)
    options = parser.parse_args()
    score = PEERS[options.peer](options)
    tasks = json.loads(options.tasks.read_text(encoding='utf-8'))
    print(json.dumps([score(task['texts'], task['phrases']) for task in tasks]))


main()
