#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs every lint and then their self-tests: what `make lint` does. ctest runs the same ones by label."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINTS = ["layers.py", "style.py", "translations.py"]


def main():
    programs = [ROOT / "tools/lint" / name for name in LINTS]
    programs += sorted((ROOT / "tests/lint").glob("test_*.py"))
    failed = [path.name for path in programs if subprocess.run([sys.executable, str(path)]).returncode != 0]
    print(f"lint: {len(programs) - len(failed)} passed, {len(failed)} failed {' '.join(failed)}".rstrip())
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
