#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs tests that take hours, and remembers which of them passed: a night that was cut off goes on where it was.

Usage: night.py BUILD [CTEST OPTION...]

BUILD/night.json holds for each test that passed a digest of what it ran: its program, the files and folders named in its
command, its variables and our own, and for all but the fuzz targets the programs and guests beside which it ran. A test is
left out only while that digest is the same. Lints and Go's tests read the sources themselves and are never left out. The
last thing printed are the figures of all that passed (tests/bench/night_figures.py). `rm BUILD/night.json` forgets.
"""

import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/bench"))
import night_figures  # noqa: E402

RESULT = re.compile(r"^\s*\d+/\d+ Test\s+#(\d+): (\S+) \.*\s*(\S.*?)\s+([\d.]+) sec$")
LINE = re.compile(r"^(\d+): ?(.*)$")


class Digests:
    """Of files and folders, each read once."""

    def __init__(self, build):
        self._build = build
        self._known = {}
        self._beside = None

    def of(self, path):
        path = pathlib.Path(path)
        if path not in self._known:
            digest = hashlib.sha256()
            for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
                if file.is_file():
                    digest.update(str(file.relative_to(path)).encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
            self._known[path] = digest.hexdigest()
        return self._known[path]

    def beside(self):
        """The programs and guests that tests of processes and of the machine start."""
        if self._beside is None:
            programs = [p for p in sorted((self._build / "bin").glob("*")) if not p.name.startswith("bench_")]
            self._beside = {str(p): self.of(p) for p in [*programs, self._build / "guests"]}
        return self._beside

    def of_test(self, test):
        """None: never left out."""
        properties = {entry["name"]: entry["value"] for entry in test.get("properties", [])}
        labels = properties.get("LABELS", [])
        command = test["command"]
        if "lint" in labels or not any(str(self._build) in argument for argument in command):
            return None
        own = {name: value for name, value in os.environ.items() if name.startswith("BOWLINE_")}
        parts = [command, properties.get("ENVIRONMENT", []), sorted(own.items()),
                 [self.of(argument) for argument in command if os.path.isabs(argument) and os.path.exists(argument)]]
        if "fuzz" not in labels:
            parts.append(self.beside())
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


class Ledger:
    def __init__(self, path):
        self._path = path
        self.entries = json.loads(path.read_text()) if path.exists() else {}

    def holds(self, name, digest):
        return digest is not None and self.entries.get(name, {}).get("digest") == digest

    def put(self, name, digest, seconds, figures):
        self.entries[name] = {"digest": digest, "seconds": seconds, "figures": figures}
        beside = self._path.with_suffix(".new")
        beside.write_text(json.dumps(self.entries, indent=1, sort_keys=True))
        beside.replace(self._path)


def run(options, wanted, digests, ledger):
    """True when all of the wanted tests passed. The output of one that did not is printed, of the others their figures kept."""
    names = "^(" + "|".join(re.escape(name) for name in wanted) + ")$"
    process = subprocess.Popen(["ctest", "-V", *options, "-R", names], stdout=subprocess.PIPE, text=True, errors="replace")
    outputs = {}
    passed = set()
    for line in process.stdout:
        line = line.rstrip("\n")
        result = RESULT.match(line)
        if result:
            number, name, outcome, seconds = result.groups()
            output = outputs.pop(number, [])
            print(line, flush=True)
            if outcome == "Passed":
                passed.add(name)
                figures = [text for text in output if night_figures.TOTALS.match(text) or night_figures.FIGURE.search(text)]
                ledger.put(name, digests[name], float(seconds), figures)
            else:
                print("\n".join(output), flush=True)
            continue
        inner = LINE.match(line)
        if inner:
            outputs.setdefault(inner.group(1), []).append(inner.group(2))
    return process.wait() == 0 and passed == set(wanted)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    build = pathlib.Path(sys.argv[1]).resolve()
    options = ["--test-dir", str(build), "--no-tests=error", *sys.argv[2:]]
    listed = subprocess.run(["ctest", *options, "--show-only=json-v1"], check=True, capture_output=True, text=True)
    tests = json.loads(listed.stdout)["tests"]
    reader = Digests(build)
    digests = {test["name"]: reader.of_test(test) for test in tests}
    ledger = Ledger(build / "night.json")
    wanted = [name for name, digest in digests.items() if not ledger.holds(name, digest)]
    print(f"night.py: {len(tests) - len(wanted)} of {len(tests)} tests passed before with the same programs", flush=True)
    good = not wanted or run(options, wanted, digests, ledger)
    held = [ledger.entries[name] for name in digests if name in wanted or ledger.holds(name, digests[name])
            if name in ledger.entries and ledger.entries[name]["digest"] == digests[name]]
    figures = night_figures.collect(text for entry in held for text in entry["figures"])
    figures["tests"] = {"played": len(tests), "passed": len(held), "seconds": round(sum(e["seconds"] for e in held))}
    print(json.dumps(figures, indent=2))
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
