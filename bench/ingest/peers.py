"""Lines a second of the peers, on a sample: one JSON object on stdout for the peer that is named."""

import argparse
import json
import time
from pathlib import Path

BATCH = 32


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


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('peer', choices=['rust', 'sentence-transformers'])
    parser.add_argument('--model', type=Path, required=True)
    parser.add_argument('--lines', type=Path, required=True)
    parser.add_argument('--threads', type=int, default=2)
    options = parser.parse_args()
    lines = options.lines.read_text(encoding='utf-8').split('\n')
    started = time.monotonic()
    ingest = {'rust': rust, 'sentence-transformers': sentence_transformers}[options.peer](options, lines)
    loaded = time.monotonic()
    for start in range(0, len(lines), BATCH):
        ingest(lines[start : start + BATCH])
    seconds = time.monotonic() - loaded
    print(json.dumps({
        'lines': len(lines),
        'seconds': seconds,
        'linesPerSecond': len(lines) / seconds,
        'startSeconds': loaded - started,
        'peakMib': peak_mib(),
    }))


main()
