"""Makes the embedded model anew, or, with --peer, the one that others are measured with."""

import argparse
import shutil
import tempfile
from pathlib import Path

import numpy as np
import onnx

import activations
import bert
import corpus
import fixtures
import manifest
import peer
import projection
import reference
import tiny
import verify
import weights
import words

MODEL = Path(__file__).parents[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--out', type=Path, default=MODEL, help='folder of the model')
    parser.add_argument('--peer', type=Path, help='write only the comparison model, in this folder')
    parser.add_argument('--work', type=Path, default=Path(tempfile.gettempdir()) / 'imesde-model')
    options = parser.parse_args()
    published = weights.unpack(options.work)
    if options.peer:
        peer.write(published, options.peer)
    else:
        write_model(published, options.work, options.out)


def write_model(published: Path, work: Path, out: Path) -> None:
    tokenizer = reference.load_tokenizer(published)
    float_model = reference.load_model(published)
    sentences = corpus.sentences(work)
    seen = activations.observe(float_model, tokenizer, sentences)
    axes, energy_kept = projection.principal_axes(seen.moment)
    state = {name: value.numpy() for name, value in float_model.state_dict().items()}
    out.mkdir(parents=True, exist_ok=True)
    model = bert.Bert(state, float_model.config, seen.largest, axes).build()
    onnx.save(model, out / 'model.onnx')
    shutil.copyfile(published / 'tokenizer.json', out / 'tokenizer.json')

    texts = fixtures.sentences()
    expected = reference.sentence_embeddings(float_model, tokenizer, texts)
    measured = verify.verify(out / 'model.onnx', tokenizer, texts, expected)
    measured['projectionEnergyKept'] = round(energy_kept, 4)
    calibration = {'sentences': len(sentences), 'tokens': seen.tokens}
    vector = check_vector(out, tokenizer)
    manifest.write(out, reference.MAX_TOKENS, calibration, measured, vector)
    words.write(work, out)
    fixtures.write(expected)
    tiny.write(fixtures.FOLDER / 'tiny', tokenizer)
    print((out / 'manifest.json').read_text(encoding='utf-8'))


def check_vector(out: Path, tokenizer) -> np.ndarray:
    batch = reference.encode(tokenizer, [manifest.CHECK_SENTENCE])
    return verify.session(out / 'model.onnx').run(None, batch.feed())[0][0]


if __name__ == '__main__':
    main()
