#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes resources/guests/stf.json: which program is the state transition of each network.

usage: pin.py BUILD [--check]

Takes the image that the build in that folder made. With --check nothing is written, and the exit status says whether the
file already says that. Whoever changes guest/stf, guest/go, guest/kernel or what a program id is made of runs this once
and commits the file; nodes refuse any other image.
"""
import hashlib
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PINS = ROOT / "resources" / "guests" / "stf.json"
# All with the same program as long as all are regtest (rule A1).
NETWORKS = ["regtest"]


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def first_word(text, beginning):
    return next(word for word in text.split() if word.startswith(beginning))


def pins(build):
    image = build / "bin" / "bowline-stf.image"
    ident = json.loads(output(build / "bin" / "bowline-zkvm", "id", image, "--json"))
    pin = {
        "compiler": first_word(output("/usr/lib/go-1.19/bin/go", "version"), "go1"),
        "kernel_compiler": output("mipsel-linux-gnu-gcc", "--version").splitlines()[0],
        "image_sha256": hashlib.sha256(image.read_bytes()).hexdigest(),
        "program_id": ident["id"],
    }
    return {
        "comment": "The state transition (guest/stf) of each network: docs/protocol.md, section 5. Written by "
        "tools/guests/pin.py.",
        "networks": {network: pin for network in NETWORKS},
    }


def main(arguments):
    if len(arguments) not in (1, 2) or arguments[1:] not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    text = json.dumps(pins(pathlib.Path(arguments[0])), indent=2) + "\n"
    if arguments[1:]:
        same = PINS.read_text() == text
        print("the pins are those of this build" if same else f"{PINS} says otherwise; this build has:\n{text}")
        return 0 if same else 1
    PINS.parent.mkdir(parents=True, exist_ok=True)
    PINS.write_text(text)
    print(text, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
