#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds each translation in translations/*.ts against its source text.

A translator sees words, not code: a lost %1 hides an amount, a swapped placeholder shows the wrong one, and an
address or link slipped into a translation would be shown to users as ours. None of that is visible to a
reviewer who does not read the language.
"""

import re
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import common  # noqa: E402

_PLACEHOLDER = re.compile(r"%(?:L?\d{1,2}|n|Ln)")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_LINK = re.compile(r"(?i)\b[a-z][a-z0-9+.-]*://|\bwww\.|\b(?:bitcoin|lightning|mailto|javascript|data):|"
                   r"\b[\w.+-]+@[\w-]+\.[a-z]{2,}|\b(?:[\w-]+\.)+(?:com|org|net|io|info|xyz|app|dev|co|me)\b")
_ADDRESS = re.compile(r"\b(?:(?:bc|tb|bcrt|lnbc|lntb|npub)1[02-9ac-hj-np-z]{6,}|[123mn][1-9A-HJ-NP-Za-km-z]{25,34}|"
                      r"[xtuvyz](?:pub|prv)[1-9A-HJ-NP-Za-km-z]{20,}|0x[0-9a-fA-F]{16,}|[0-9a-fA-F]{40,})\b", re.ASCII)
# Marks and isolates are part of writing right-to-left languages; overrides are only good for deceiving.
_OVERRIDE = re.compile("[\u202a-\u202e]")
_DONE = {None, "unfinished"}


def placeholders(text):
    return Counter(_PLACEHOLDER.findall(text))


def faults(source, translated, plural):
    """What is wrong with one translated text."""
    want, have = placeholders(source), placeholders(translated)
    if plural:
        # "one file" needs no number in some languages.
        for number in ("%n", "%Ln"):
            if have[number] == 0:
                del want[number]
                del have[number]
    if want != have:
        yield "placeholder", (f"placeholders differ: {' '.join(sorted(want.elements())) or 'none'} became "
                              f"{' '.join(sorted(have.elements())) or 'none'}")
    if Counter(_TAG.findall(source)) != Counter(_TAG.findall(translated)):
        yield "markup", "markup differs from the source's"
    match = _LINK.search(translated)
    if match:
        yield "link", f"a translation has no links or hosts: {match.group(0)}"
    match = _ADDRESS.search(translated)
    if match:
        yield "address", f"a translation has no addresses, keys or hashes: {match.group(0)}"
    if _OVERRIDE.search(translated):
        yield "override", "a translation has no bidirectional embedding or override"


def line_in(text, source, start):
    """The line of the next message with that source text: ElementTree does not tell."""
    escaped = source.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").split("\n")[0]
    at = text.find("<source>" + escaped, start)
    return (common.line_of(text, at), at + 1) if at >= 0 else (1, start)


def check_file(path, text):
    try:
        tree = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        yield common.Finding(path, error.position[0], "xml", str(error))
        return
    stem = Path(path).stem
    language = tree.get("language", "")
    if not stem.endswith("_" + language):
        yield common.Finding(path, 1, "language", f"the file name does not end in its language, {language or 'none'}")
    position = 0
    for message in tree.iter("message"):
        source = message.findtext("source") or ""
        line, position = line_in(text, source, position)
        translation = message.find("translation")
        # Vanished and obsolete messages are shown to nobody.
        if translation is None or translation.get("type") not in _DONE:
            continue
        forms = translation.findall("numerusform")
        plural = message.get("numerus") == "yes"
        for form in forms or [translation]:
            translated = "".join(form.itertext())
            if translated.strip() == "":
                if translation.get("type") is None:
                    yield common.Finding(path, line, "empty", f"finished but empty: {source!r}")
                continue
            for rule, text_of_fault in faults(source, translated, plural):
                yield common.Finding(path, line, rule, text_of_fault)


def check(root):
    findings = []
    for path in common.files(root):
        if path.startswith("translations/") and path.endswith(".ts"):
            findings += check_file(path, (Path(root) / path).read_text(encoding="utf-8"))
    return findings


if __name__ == "__main__":
    common.main("translations", check)
