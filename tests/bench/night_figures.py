#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The figures of a night: one JSON object from what the tests printed.

Usage: night_figures.py LOG...   (build/Testing/Temporary/LastTest.log, or the outputs of single tests)

Tests print their part as lines with {"figure": NAME, ...}; Qt Test prints "Totals: N passed, M failed, ...". Fixed names:

  test_functions    of all Qt tests: played, passed, skipped
  attack_scenarios  of the tests that judge by Bitcoin's blocks: played, passed
  reorg_cells       steps x depths x fates: played, passed
  kill_cells        transitions x processes: played, passed
  disk_scenarios    writes cut off: passed (one that fails ends its test, and its function counts as not passed)
  fuzz_executions   for each target, and their sum
  load_deposits     how many, the blocks they took, seconds
  load_transfers    accounts, transfers that waited at first, seconds, transfers a second, the largest batch

What neither counts as played nor as passed is given as it was printed last.
"""

import json
import re
import sys

TOTALS = re.compile(r"^Totals: (\d+) passed, (\d+) failed, (\d+) skipped")
FIGURE = re.compile(r'\{"figure".*\}')


def collect(lines):
    out = {"test_functions": {"played": 0, "passed": 0, "skipped": 0}}
    fuzz = {}
    for line in lines:
        totals = TOTALS.match(line)
        if totals:
            passed, failed, skipped = (int(n) for n in totals.groups())
            functions = out["test_functions"]
            functions["played"] += passed + failed
            functions["passed"] += passed
            functions["skipped"] += skipped
        found = FIGURE.search(line)
        if not found:
            continue
        try:
            part = json.loads(found.group(0))
        except json.JSONDecodeError:
            sys.exit(f"night_figures.py: not JSON: {line.strip()}")
        name = part["figure"]
        if name == "fuzz_executions":
            fuzz[part["target"]] = fuzz.get(part["target"], 0) + part["executions"]
            continue
        sums = out.setdefault(name, {})
        if not {"played", "passed"} & part.keys():
            sums.update({key: value for key, value in part.items() if key != "figure"})
        for key in ("played", "passed"):
            if key in part:
                sums[key] = sums.get(key, 0) + part[key]
    if fuzz:
        out["fuzz_executions"] = {"all": sum(fuzz.values()), **dict(sorted(fuzz.items()))}
    return out


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    lines = []
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8", errors="replace") as log:
            lines.extend(log)
    print(json.dumps(collect(lines), indent=2))


if __name__ == "__main__":
    main()
