"""Fetches pinned packages from PyPI and npm, without installing them."""

import base64
import hashlib
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def fetch(pins: str, folder: Path) -> list[Path]:
    """Downloads the wheels of `pins` (a requirements file with hashes, beside this module)."""
    folder.mkdir(parents=True, exist_ok=True)
    pip = [sys.executable, '-m', 'pip', 'download', '--quiet', '--no-deps', '--require-hashes']
    # The same files whatever interpreter and machine run this.
    same = ['--only-binary', ':all:', '--platform', 'any', '--python-version', '3.11']
    subprocess.run([*pip, *same, '--dest', str(folder), '-r', str(HERE / pins)], check=True)
    return sorted(folder.glob('*.whl'), key=lambda path: path.name.lower())


def fetch_npm(pins: str, folder: Path) -> list[Path]:
    """Downloads the archives of `pins`: a line for each, name@version and npm's integrity."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = (HERE / pins).read_text(encoding='utf-8').splitlines()
    return [
        fetch_npm_package(*line.split(), folder) for line in lines if not line.startswith('#')
    ]


def fetch_npm_package(name: str, integrity: str, folder: Path) -> Path:
    npm = ['npm', 'pack', '--silent', '--ignore-scripts', '--pack-destination', str(folder)]
    packed = subprocess.run([*npm, name], check=True, stdout=subprocess.PIPE, text=True)
    path = folder / packed.stdout.split()[-1]
    digest = base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()
    assert f'sha512-{digest}' == integrity, f'{path} is not the {name} that is pinned'
    return path
