"""Sentences like those of logs, out of freely licensed packages: what their code logs, raises and
says of itself. The token projection and the word table are made from these, and from no real log."""

import ast
import hashlib
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import packages

MESSAGES_PER_PACKAGE = 400
PROSE_PER_PACKAGE = 120
LOG_METHODS = {'debug', 'info', 'warning', 'warn', 'error', 'exception', 'critical', 'fatal', 'msg'}
PLACEHOLDER = re.compile(r'%\(\w+\)[-#0-9.]*[a-z]|%[-#0-9.]*[a-zA-Z]|\{[^{}]*\}')
CAMEL = (re.compile(r'([a-z])([A-Z])'), re.compile(r'([A-Z]+)([A-Z][a-z])'))
DIGITS = re.compile(r'\S*\d\S*')
PUNCTUATION = re.compile(r'[\[\](){}<>,;:=_\-/.|"\'`*~\\]+')
SKIPPED = re.compile(r'/(tests?|_vendor)/')
SENTENCE_END = re.compile(r'(?<=[.!?])\s+|\n\s*\n')


def sentences(work: Path) -> list[str]:
    """Several thousand different sentences, always the same ones in the same order."""
    chosen: dict[str, None] = {}
    for messages, prose in sentences_by_package(work):
        chosen.update(dict.fromkeys(sorted(messages, key=digest)[:MESSAGES_PER_PACKAGE]))
        chosen.update(dict.fromkeys(sorted(prose - messages, key=digest)[:PROSE_PER_PACKAGE]))
    return sorted(chosen, key=digest)


def most_sentences(work: Path, count: int) -> list[str]:
    """So many of all sentences: each package has as large a share of them as it says much."""
    every: set[str] = set()
    for messages, prose in sentences_by_package(work):
        every |= messages | prose
    return sorted(every, key=digest)[:count]


def sentences_by_package(work: Path) -> Iterator[tuple[set[str], set[str]]]:
    """What each package logs and raises, and what it says of itself."""
    for wheel in packages.fetch('corpus.txt', work / 'corpus'):
        messages: set[str] = set()
        prose: set[str] = set()
        for kind, text in strings(wheel):
            words = plain(text)
            if is_sentence(words):
                (messages if kind == 'message' else prose).add(words)
        yield messages, prose


def is_sentence(text: str) -> bool:
    return 3 <= len(text.split()) <= 40


def digest(text: str) -> bytes:
    """Orders texts as if at random, but the same everywhere."""
    return hashlib.sha256(text.encode()).digest()


def plain(text: str) -> str:
    """The text roughly as the model sees a line: words alone, nothing with a digit in it."""
    text = PLACEHOLDER.sub(' ', text)
    for pattern in CAMEL:
        text = pattern.sub(r'\1 \2', text)
    text = DIGITS.sub(' ', text)
    return ' '.join(PUNCTUATION.sub(' ', text).split())


def strings(wheel: Path) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(wheel) as archive:
        for name in sorted(archive.namelist()):
            if name.endswith('.dist-info/METADATA'):
                description = archive.read(name).decode(errors='replace').partition('\n\n')[2]
                for sentence in SENTENCE_END.split(description):
                    yield 'prose', sentence
            elif name.endswith('.py') and not SKIPPED.search(name):
                yield from strings_of_module(archive.read(name))


def strings_of_module(source: bytes) -> Iterator[tuple[str, str]]:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in LOG_METHODS and node.args:
                yield 'message', literal(node.args[0])
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
            yield 'message', literal(node.exc.args[0])
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Module)):
            yield 'prose', SENTENCE_END.split(ast.get_docstring(node) or '')[0]


def literal(node: ast.expr) -> str:
    """The constant text of an expression; what is filled in at run time becomes a space."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return ' '.join(literal(part) for part in node.values)
    if isinstance(node, ast.BinOp):
        return f'{literal(node.left)} {literal(node.right)}'
    return ''
