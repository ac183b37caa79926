#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the tables of core/keys at build time: the word lists of BIP39 and the decompositions of Unicode's NFKD.

The word lists are the files of Debian's python3-mnemonic. Every list is held against the hash of the list that
BIP39 fixed for good: a changed list would turn seed words into another wallet. The Unicode tables come from the
interpreter's own unicodedata; Unicode's stability policy fixes them for every assigned character.
"""

import argparse
import hashlib
import pathlib
import random
import sys
import unicodedata

# In the order of the C++ enum Language: file name, SHA-256 of the words in NFKD, one a line.
LISTS = [
    ("english", "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda"),
    ("chinese_simplified", "5c5942792bd8340cb8b27cd592f1015edf56a8c5b26276ee18a482428e7c5726"),
    ("chinese_traditional", "417b26b3d8500a4ae3d59717d7011952db6fc2fb84b807f3f94ac734e89c1b5f"),
    ("french", "ebc3959ab7801a1df6bac4fa7d970652f1df76b683cd2f4003c941c63d517e59"),
    ("italian", "d392c49fdb700a24cd1fceb237c1f65dcc128f6b34a8aacb58b59384b5c648c2"),
    ("japanese", "2eed0aef492291e061633d7ad8117f1a2b03eb80a29d0e4e3117ac2528d05ffd"),
    ("korean", "9e95f86c167de88f450f0aaf89e87f6624a57f973c67b516e338e8e8b8897f60"),
    ("spanish", "46846a5a0139d1e3cb77293e521c2865f7bcdb82c44e8d0a06a2cd0ecba48c0b"),
]
HEAD = "// SPDX-License-Identifier: MIT\n// Written by tools/wordlists/generate.py at build time.\n"
HANGUL = range(0xAC00, 0xD7A4)
SURROGATES = range(0xD800, 0xE000)


def read_list(folder, name, expected):
    # utf-8-sig: the package's French list begins with a byte order mark, which is no part of its first word.
    words = (folder / f"{name}.txt").read_text(encoding="utf-8-sig").split()
    words = [unicodedata.normalize("NFKD", word) for word in words]
    found = hashlib.sha256(("\n".join(words) + "\n").encode()).hexdigest()
    if len(words) != 2048 or found != expected:
        sys.exit(f"{folder}/{name}.txt is not the word list of BIP39 (SHA-256 {found})")
    return words


def write_words(folder, out):
    with out.open("w", encoding="utf-8") as file:
        file.write(HEAD + '#include "core/keys/tables.h"\n\nnamespace bowline::keys {\n\n')
        for form, name in (("NFC", "composedWords"), ("NFKD", "decomposedWords")):
            file.write(f"const std::array<std::string_view, {len(LISTS)}>& {name}()\n{{\n")
            file.write(f"    static constexpr std::array<std::string_view, {len(LISTS)}> kLists = {{\n")
            for language, expected in LISTS:
                file.write(f"        // {language}\n")
                for word in read_list(folder, language, expected):
                    escaped = "".join(f"\\{byte:03o}" if byte > 126 else chr(byte)
                                      for byte in unicodedata.normalize(form, word).encode())
                    file.write(f'        "{escaped}\\n"\n')
                file.write("        ,\n")
            file.write("    };\n    return kLists;\n}\n\n")
        file.write("} // namespace bowline::keys\n")


def write_unicode(out):
    entries, pool, classes = [], [], []
    for point in range(sys.maxunicode + 1):
        if point in HANGUL or point in SURROGATES:
            continue
        text = unicodedata.normalize("NFKD", chr(point))
        if text != chr(point):
            entries.append((point, len(pool), len(text)))
            pool += map(ord, text)
        combining = unicodedata.combining(chr(point))
        if combining:
            if classes and classes[-1][1] == point - 1 and classes[-1][2] == combining:
                classes[-1][1] = point
            else:
                classes.append([point, point, combining])
    assert len(pool) < 0x10000
    with out.open("w", encoding="utf-8") as file:
        file.write(HEAD + f"// Unicode {unicodedata.unidata_version}\n")
        file.write('#include "core/keys/tables.h"\n\nnamespace bowline::keys {\n\n')
        write_table(file, "Decomposition", "decompositions", [f"{{{a:#x}, {b}, {c}}}" for a, b, c in entries])
        write_table(file, "char32_t", "decompositionPool", [f"{point:#x}" for point in pool])
        write_table(file, "CombiningRange", "combiningRanges", [f"{{{a:#x}, {b:#x}, {c}}}" for a, b, c in classes])
        file.write("} // namespace bowline::keys\n")


def write_table(file, element, name, items):
    file.write(f"std::span<const {element}> {name}()\n{{\n    static constexpr {element} kTable[] = {{\n")
    for start in range(0, len(items), 12):
        file.write("        " + ", ".join(items[start:start + 12]) + ",\n")
    file.write("    };\n    return kTable;\n}\n\n")


def write_samples(out):
    """Random strings and their NFKD, hexadecimal, for the test: every decomposing character occurs."""
    rng = random.Random(39)
    marks = [p for p in range(sys.maxunicode + 1) if unicodedata.combining(chr(p))]
    special = [p for p in range(sys.maxunicode + 1)
               if p not in SURROGATES and unicodedata.normalize("NFKD", chr(p)) != chr(p)]
    rng.shuffle(special)
    with out.open("w", encoding="ascii") as file:
        while special:
            text = ""
            for _ in range(rng.randrange(1, 24)):
                kind = rng.randrange(5)
                if kind == 0 and special:
                    text += chr(special.pop())
                elif kind == 1:
                    text += "".join(chr(rng.choice(marks)) for _ in range(rng.randrange(1, 6)))
                elif kind == 2:
                    text += chr(rng.choice(HANGUL))
                elif kind == 3:
                    point = rng.randrange(sys.maxunicode + 1)
                    text += chr(point) if point not in SURROGATES else ""
                else:
                    text += chr(rng.randrange(0x20, 0x250))
            file.write(f"{text.encode().hex()} {unicodedata.normalize('NFKD', text).encode().hex()}\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--words", type=pathlib.Path, required=True, help="folder with english.txt and the others")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="folder to write to")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    write_words(arguments.words, arguments.out / "word_lists.cpp")
    write_unicode(arguments.out / "unicode_tables.cpp")
    write_samples(arguments.out / "nfkd_samples.txt")


if __name__ == "__main__":
    main()
