# SPDX-License-Identifier: MIT
"""What the lints share: which files there are, what of a C++ file is code, and how findings are reported.

A lint never changes a file. It prints one line per finding, `path:line: rule: message`, and exits with 1 when
there was any. All take --root, so that their self-tests can run them on a small tree with a planted violation.
"""

import argparse
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

# Folders that hold results, not sources. Only consulted where git cannot be asked.
SKIPPED_FOLDERS = {".git", ".deps", "build", ".cache", "__pycache__"}
CPP_SUFFIXES = {".h", ".hpp", ".c", ".cc", ".cpp"}


@dataclass(frozen=True, order=True)
class Finding:
    path: str
    line: int
    rule: str
    message: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.rule}: {self.message}"


def files(root):
    """Paths, relative to root and with '/', of every file that is or could be committed."""
    root = Path(root)
    if (root / ".git").exists():
        listed = subprocess.run(
            ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            check=True, capture_output=True).stdout.decode("utf-8", "surrogateescape")
        # A file deleted in the work tree but not yet in the index is still listed.
        return sorted({name for name in listed.split("\0") if name and (root / name).is_file()})
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in SKIPPED_FOLDERS and not name.startswith("build-")]
        found += [(Path(folder) / name).relative_to(root).as_posix() for name in names]
    return sorted(found)


def read_text(root, path):
    """The file's text, or None when it is no text: binary files are nobody's business here."""
    data = (Path(root) / path).read_bytes()
    if b"\0" in data[:8192]:
        return None
    return data.decode("utf-8", "replace")


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


class _Blanker:
    """Walks C-like source and replaces what is not code by spaces; newlines stay, so that offsets do too."""

    def __init__(self, text, keep_strings, raw_backquote):
        self.text = text
        self.out = list(text)
        self.keep_strings = keep_strings
        self.raw_backquote = raw_backquote

    def blank(self, start, end):
        for i in range(start, min(end, len(self.out))):
            if self.out[i] != "\n":
                self.out[i] = " "

    def run(self):
        text, i = self.text, 0
        while i < len(text):
            i = self.step(text, i)
        return "".join(self.out)

    def step(self, text, i):
        c = text[i]
        if text.startswith("//", i):
            return self.until(i, text.find("\n", i), 0)
        if text.startswith("/*", i):
            return self.until(i, text.find("*/", i + 2), 2)
        if c == '"' and i > 0 and text[i - 1] == "R" and not (i > 1 and text[i - 2].isalnum() and
                                                              text[i - 2] not in "uUL8"):
            return self.raw_string(text, i)
        if c == "`" and self.raw_backquote:
            return self.string(i, text.find("`", i + 1), 1)
        # An apostrophe after a digit or letter separates digits (1'000) and opens nothing.
        if c == '"' or (c == "'" and not (i > 0 and text[i - 1].isalnum() and text[i - 1] not in "uUL")):
            return self.quoted(text, i, c)
        return i + 1

    def until(self, start, end, length):
        end = len(self.text) if end < 0 else end + length
        self.blank(start, end)
        return end

    def string(self, start, end, length):
        end = len(self.text) if end < 0 else end + length
        if not self.keep_strings:
            self.blank(start + 1, end - 1)
        return end

    def raw_string(self, text, i):
        opening = text.find("(", i)
        if opening < 0:
            return i + 1
        closing = ")" + text[i + 1:opening] + '"'
        return self.string(i, text.find(closing, opening), len(closing))

    def quoted(self, text, i, quote):
        end = i + 1
        while end < len(text) and text[end] not in (quote, "\n"):
            end += 2 if text[end] == "\\" else 1
        return self.string(i, min(end, len(text) - 1), 1)


def code_only(text, keep_strings=False, raw_backquote=False):
    """The text with comments, and unless kept the insides of strings, replaced by spaces of the same length."""
    return _Blanker(text, keep_strings, raw_backquote).run()


def main(description, check):
    """Runs check(root) -> findings from the command line."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--root", default=str(Path(__file__).resolve().parents[2]), help="the tree to look at")
    report(description, check(Path(parser.parse_args().root)))


def report(name, findings):
    findings = sorted(set(findings))
    for finding in findings:
        print(finding)
    print(f"{name}: {len(findings)} finding{'' if len(findings) == 1 else 's'}")
    sys.exit(1 if findings else 0)
