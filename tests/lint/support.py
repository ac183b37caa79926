# SPDX-License-Identifier: MIT
"""A small throw-away source tree, so that a lint can be shown to find what was planted in it."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools/lint"))
sys.dont_write_bytecode = True

SPDX = "// SPDX-License-Identifier: MIT\n"


class TreeTest(unittest.TestCase):
    """Gives each test an empty folder as the tree."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def put(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode("utf-8"))

    def run_program(self, lint):
        """The lint as the build runs it: exit code and output."""
        done = subprocess.run([sys.executable, str(ROOT / "tools/lint" / lint), "--root", str(self.root)],
                              capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr
