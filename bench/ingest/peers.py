"""Lines a second of the peers, on a sample: one JSON object on stdout for the peer that is named."""

import argparse
import json
import time
from pathlib import Path

BATCH = 32
STATIC_BATCH = 1024
"""The default of the package: a batch costs it little beside the lines."""


def peak_mib() -> float:
    status = Path('/proc/self/status').read_text()
    return int(status.split('VmHWM:')[1].split()[0]) / 1024


def rust(options, lines):
    from imesde import PyImesde

    engine = PyImesde(f'{options.model}/model.onnx', f'{options.model}/tokenizer.json')
    engine.ingest_batch(lines[:BATCH])
    return engine.ingest_batch


def sentence_transformers(options, lines):
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(options.threads)
    model = SentenceTransformer(str(options.model), device='cpu')
    run = lambda batch: model.encode(batch, batch_size=BATCH, show_progress_bar=False)
    run(lines[:BATCH])
    return run


def model2vec(options, lines):
    from model2vec import StaticModel

    model = StaticModel.from_pretrained(str(options.model))
    model.encode(lines[:BATCH])
    return model.encode


PEERS = {
    'rust': (rust, BATCH),
    'sentence-transformers': (sentence_transformers, BATCH),
    'model2vec': (model2vec, STATIC_BATCH),
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('peer', choices=list(PEERS))
    parser.add_argument('--model', type=Path, required=True)
    parser.add_argument('--lines', type=Path, required=True)
    parser.add_argument('--threads', type=int, default=2)
    options = parser.parse_args()
    lines = options.lines.read_text(encoding='utf-8').split('\n')
    started = time.monotonic()
    make, size = PEERS[options.peer]
    ingest = make(options, lines)
    loaded = time.monotonic()
    for start in range(0, len(lines), size):
        ingest(lines[start : start + size])
    seconds = time.monotonic() - loaded
    print(json.dumps({
        'lines': len(lines),
        'seconds': seconds,
        'linesPerSecond': len(lines) / seconds,
        'startSeconds': loaded - started,
        'peakMib': peak_mib(),
    }))


main()
