#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Looks into the object files of the vector back ends: whatever they define that the linker could take for everybody
(weak symbols: inline functions and templates) must stand in the namespace of their back end. Otherwise a processor
without AVX-512 may be handed an AVX-512 copy of a shared function.

Usage: check_backends.py NM OBJECT..."""

import subprocess
import sys
from pathlib import PurePath


def shared_symbols(nm, path):
    backend = PurePath(path).name.split("_")[-1].split(".")[0]
    lines = subprocess.run([nm, "-C", "--defined-only", path], check=True, capture_output=True, text=True).stdout
    for line in lines.splitlines():
        parts = line.split(maxsplit=2)
        if len(parts) == 3 and parts[1] in "WVuw" and f"::{backend}::" not in parts[2]:
            yield parts[2]


def main():
    nm, objects = sys.argv[1], sys.argv[2:]
    if not objects:
        print("no object files")
        return 1
    found = [(path, symbol) for path in objects for symbol in shared_symbols(nm, path)]
    for path, symbol in found:
        print(f"{path}: {symbol} could be linked into everything")
    print(f"{len(objects)} objects, {len(found)} shared symbols")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
