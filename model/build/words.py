"""Makes the word table anew, with the project's own build and a model that is there already."""

import argparse
import json
import subprocess
import tempfile
from pathlib import Path

import corpus
import english
import manifest

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
CODE_SENTENCES = 12_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--out', type=Path, default=HERE.parent, help='folder of the model')
    parser.add_argument('--work', type=Path, default=Path(tempfile.gettempdir()) / 'imesde-model')
    options = parser.parse_args()
    write(options.work, options.out)


def write(work: Path, out: Path) -> None:
    """Into the folder `out`, which holds the model; its manifest will tell of it."""
    subprocess.run(['npm', 'run', '--silent', 'build'], check=True, cwd=PROJECT)
    corpora = {'code': corpus.most_sentences(work, CODE_SENTENCES), **english.sentences(work)}
    maker = subprocess.run(
        ['node', str(HERE / 'word-table.js'), str(out)],
        check=True,
        input=json.dumps(corpora),
        stdout=subprocess.PIPE,
        text=True,
    )
    manifest.add_words(out, json.loads(maker.stdout))
    print(maker.stdout, end='')


if __name__ == '__main__':
    main()
