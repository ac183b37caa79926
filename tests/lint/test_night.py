# SPDX-License-Identifier: MIT
"""tools/night.py with tests of its own: what passed is left out until its program changes, what failed is not."""

import json
import os
import signal
import subprocess
import time
import unittest

from support import ROOT, TreeTest

NIGHT = ROOT / "tools/night.py"


class NightTest(TreeTest):
    def setUp(self):
        super().setUp()
        self.tests = []
        (self.root / "bin").mkdir()

    def program(self, name, body, labels="unit"):
        self.put(name, f"#!/bin/sh\necho {name} >> {self.root}/ran\n{body}\n")
        os.chmod(self.root / name, 0o755)
        if name not in self.tests:
            self.tests.append(name)
            with open(self.root / "CTestTestfile.cmake", "a", encoding="utf-8") as file:
                file.write(f'add_test({name} "{self.root}/{name}")\nset_tests_properties({name} PROPERTIES LABELS {labels})\n')

    def night(self):
        """Exit code, the tests that ran, the figures."""
        (self.root / "ran").unlink(missing_ok=True)
        done = subprocess.run(["python3", str(NIGHT), str(self.root)], capture_output=True, text=True)
        self.assertNotIn("Traceback", done.stderr)
        ran = (self.root / "ran").read_text().split() if (self.root / "ran").exists() else []
        return done.returncode, sorted(ran), json.loads(done.stdout[done.stdout.index("\n{\n"):])

    def test_what_passed_is_left_out_until_its_program_changes(self):
        self.program("one", "echo 'Totals: 3 passed, 0 failed, 0 skipped, 0 blacklisted, 1ms'")
        self.program("two", "echo 'QINFO: {\"figure\": \"cells\", \"played\": 4, \"passed\": 4}'")
        code, ran, figures = self.night()
        self.assertEqual((code, ran), (0, ["one", "two"]))
        self.assertEqual((figures["test_functions"]["passed"], figures["cells"]["played"]), (3, 4))
        code, ran, again = self.night()
        self.assertEqual((code, ran, again["cells"]), (0, [], figures["cells"]))
        self.program("two", "true")
        self.assertEqual(self.night()[:2], (0, ["two"]))

    def test_figures_that_are_no_counts_are_kept_as_they_are(self):
        self.program("load", "echo '{\"figure\": \"load\", \"deposits\": 50, \"seconds\": 25.2}'")
        for _ in range(2):
            self.assertEqual(self.night()[2]["load"], {"deposits": 50, "seconds": 25.2})

    def test_what_failed_runs_again_and_is_not_counted(self):
        self.program("good", "true")
        self.program("bad", "echo 'Totals: 1 passed, 1 failed, 0 skipped, 0 blacklisted, 1ms'; exit 1")
        for expected in (["bad", "good"], ["bad"]):
            code, ran, figures = self.night()
            self.assertEqual((code, ran), (1, expected))
            self.assertEqual((figures["tests"]["played"], figures["tests"]["passed"]), (2, 1))
            self.assertEqual(figures["test_functions"]["passed"], 0)

    def test_a_program_beside_which_it_ran_counts(self):
        self.program("node_test", "true", "integration")
        self.program("parser", "true", "fuzz")
        self.assertEqual(self.night()[1], ["node_test", "parser"])
        self.put("bin/bowlined", "another")
        self.assertEqual(self.night()[1], ["node_test"])
        self.put("bin/bench_something", "another")
        self.assertEqual(self.night()[1], [])

    def test_lints_are_never_left_out(self):
        self.program("style", "true", "lint")
        for _ in range(2):
            self.assertEqual(self.night()[:2], (0, ["style"]))

    def test_a_night_that_was_killed_goes_on(self):
        self.program("short", "true")
        self.program("long", f"while [ ! -e {self.root}/go ]; do sleep 0.05; done")
        process = subprocess.Popen(["python3", str(NIGHT), str(self.root)], stdout=subprocess.DEVNULL, start_new_session=True)
        deadline = time.monotonic() + 30
        while not (self.root / "night.json").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.put("go", "")
        self.assertEqual(self.night()[:2], (0, ["long"]))


if __name__ == "__main__":
    unittest.main()
