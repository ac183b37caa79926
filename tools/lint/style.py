#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The house rules that no compiler checks: sizes, forbidden calls, look-alike characters, licence lines.

Each rule is a function that yields (line, message) for one file; RULES names them all, and the self-test
tests/lint/test_style.py plants a violation of every single one.
"""

import ast
import re
import sys
import unicodedata
from pathlib import Path, PurePosixPath

sys.path.insert(0, str(Path(__file__).resolve().parent))
import common  # noqa: E402

MAX_FILE_LINES = 800
MAX_FUNCTION_LINES = 80

# Functions that may be longer: {"path:name": "the reason, in a sentence"}. Kept empty: the way to pass this
# check is a second function. An entry whose function is short enough is itself reported.
FUNCTION_LENGTH_EXCEPTIONS = {}

SOURCE_SUFFIXES = common.CPP_SUFFIXES | {".go", ".py", ".sh", ".cmake", ".qss", ".js", ".sql", ".s", ".S", ".proto"}
SOURCE_NAMES = {"CMakeLists.txt", "Makefile", ".ci/run", ".clang-tidy", ".clang-format"}
TEXT_SUFFIXES = SOURCE_SUFFIXES | {".md", ".json", ".txt", ".ts", ".qrc", ".svg", ".desktop", ".yml", ".xml", ".mod"}


class File:
    """One file with the forms of its text that the rules need, each made once."""

    def __init__(self, path, text):
        self.path = path
        self.text = text
        self.lines = text.split("\n")
        pure = PurePosixPath(path)
        self.suffix = pure.suffix
        self.is_source = self.suffix in SOURCE_SUFFIXES or pure.name in SOURCE_NAMES or path in SOURCE_NAMES
        self.is_cpp = self.suffix in common.CPP_SUFFIXES
        self.is_header = self.suffix in {".h", ".hpp"}
        self.top = pure.parts[0]
        self._code = None
        self._code_with_strings = None

    @property
    def code(self):
        if self._code is None:
            self._code = common.code_only(self.text, raw_backquote=self.suffix == ".go")
        return self._code

    @property
    def code_with_strings(self):
        if self._code_with_strings is None:
            self._code_with_strings = common.code_only(self.text, keep_strings=True,
                                                       raw_backquote=self.suffix == ".go")
        return self._code_with_strings

    def matches(self, pattern, text, message):
        for match in re.finditer(pattern, text):
            yield common.line_of(text, match.start()), message.format(match.group(0).strip())


# --- sizes -----------------------------------------------------------------------------------------------


def file_length(file):
    count = len(file.text.splitlines())
    if file.is_source and count > MAX_FILE_LINES:
        yield count, f"{count} lines; at most {MAX_FILE_LINES}"


def _without_preprocessor(code):
    """Blanks # lines and their continuations: braces in macros need not balance."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group(0))
    return re.sub(r"(?m)^[ \t]*#(?:[^\n\\]|\\\n|\\[^\n])*", blank, code)


def _matching_brace(code, start):
    depth = 0
    for i in range(start, len(code)):
        if code[i] == "{":
            depth += 1
        elif code[i] == "}":
            depth -= 1
            if depth == 0:
                return i
    return len(code) - 1


_TYPE_HEAD = re.compile(r"\b(class|struct|union|enum)\b")
_NAMESPACE_HEAD = re.compile(r"\bnamespace\b|\bextern\s*\"")
_NAME = re.compile(r"([~\w:]+(?:\s*operator\s*[^\s(]+|operator\s*\(\))?)\s*\(")


def _head_kind(head):
    if _NAMESPACE_HEAD.search(head):
        return "namespace"
    plain = re.sub(r"\btemplate\s*<[^{}]*?>(?=\s*(?:class|struct|union|\w))", " ", head)
    if _TYPE_HEAD.search(plain) and not re.search(r"\)\s*(?:const|noexcept|override|final|->|:|$)", plain.strip()):
        return "type"
    return "function" if "(" in head else "other"


def cpp_functions(code):
    """Yields (name, first line, last line) of each function body at namespace or class scope.

    A heuristic by brace matching. It looks into namespaces and types, takes every other braced block whose
    head has a parameter list for a function, and steps over braced initialisers, those of constructors too.
    """
    code = _without_preprocessor(code)
    i, head_start, parens = 0, 0, 0
    while i < len(code):
        c = code[i]
        if c in "()":
            parens += 1 if c == "(" else -1
        elif c == ";" and parens <= 0:
            head_start = i + 1
        elif c == "}":
            head_start, parens = i + 1, 0
        elif c == "{":
            end = _matching_brace(code, i)
            head = code[head_start:i]
            after = code[end + 1:].lstrip()[:1]
            if parens > 0 or after in (",", "{", ")"):
                i = end + 1
                continue
            kind = _head_kind(head)
            if kind in ("namespace", "type"):
                head_start = i + 1
            else:
                if kind == "function":
                    name = _NAME.search(head)
                    first = head_start + len(head) - len(head.lstrip())
                    yield (name.group(1) if name else "?", common.line_of(code, first),
                           common.line_of(code, end))
                i, head_start = end + 1, end + 1
                continue
        elif c == ":" and re.search(r"\b(public|private|protected|signals|slots)\s*$", code[head_start:i]):
            head_start = i + 1
        i += 1


def go_functions(code):
    for match in re.finditer(r"(?m)^func\s+(?:\([^)]*\)\s*)?(\w+)", code):
        # Parameter and result types may hold braces of their own (interface{}), each closed on its line.
        end = re.compile(r"(?m)^\}").search(code, match.end())
        first_line = code[match.start():code.find("\n", match.start())]
        if first_line.rstrip().endswith("}"):
            continue
        yield (match.group(1), common.line_of(code, match.start()),
               common.line_of(code, end.start() if end else len(code) - 1))


def python_functions(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name, node.lineno, node.end_lineno


def function_length(file):
    if file.is_cpp:
        functions = cpp_functions(file.code)
    elif file.suffix == ".go":
        functions = go_functions(file.code)
    elif file.suffix == ".py":
        try:
            functions = list(python_functions(file.text))
        except SyntaxError as error:
            yield error.lineno or 1, f"not Python: {error.msg}"
            return
    else:
        return
    excepted = {key for key in FUNCTION_LENGTH_EXCEPTIONS if key.startswith(file.path + ":")}
    for name, first, last in functions:
        key = f"{file.path}:{name}"
        if last - first + 1 <= MAX_FUNCTION_LINES:
            continue
        if key in excepted:
            excepted.discard(key)
            continue
        yield first, f"{name} has {last - first + 1} lines; at most {MAX_FUNCTION_LINES}"
    for key in sorted(excepted):
        yield 1, f"the exception {key} is no longer needed"


# --- forbidden constructs --------------------------------------------------------------------------------


def cmake_glob(file):
    if PurePosixPath(file.path).name == "CMakeLists.txt" or file.suffix == ".cmake":
        code = re.sub(r"#[^\n]*", "", file.text)
        yield from file.matches(r"(?i)\bfile\s*\(\s*GLOB(_RECURSE)?\b", code, "name the sources: {0} misses new files")


def nested_event_loop(file):
    if not (file.is_cpp and file.top == "ui"):
        return
    for match in re.finditer(r"(?:\.|->)\s*exec\s*\(", file.code):
        # QDrag has no other way of starting. (Looked for backwards: from its beginning the pattern costs the square of
        # each run of blanks.)
        caller = re.sub(r"\(\s*\)$", "", file.code[:match.start()].rstrip()).rstrip()
        if caller.lower().endswith("drag"):
            continue
        yield common.line_of(file.code, match.start()), "exec() blocks in a nested event loop; use open() or popup()"
    yield from file.matches(
        r"\bQMessageBox::(?:question|warning|information|critical|about)\s*\(|"
        r"\bQInputDialog::get\w+\s*\(|\bQFileDialog::get(?:OpenFileName|OpenFileNames|SaveFileName|"
        r"ExistingDirectory|OpenFileUrl|SaveFileUrl)\s*\(|\bQEventLoop\b",
        file.code, "{0} blocks in a nested event loop; use an object and open()")


def process_events(file):
    if file.is_cpp and file.top != "tests":
        yield from file.matches(r"\bprocessEvents\s*\(", file.code, "re-enters the event loop; only tests may")


def resize_rows(file):
    if file.is_cpp:
        yield from file.matches(r"\bresizeRowsToContents\s*\(", file.code,
                                "measures every row of a table; give the rows a height")


def released_in_loop(file):
    # What the call gives by value is gone when the loop begins, and with the last pointer what the loop reads.
    if file.is_cpp:
        yield from file.matches(r"\bfor\s*\([^;{}()]*[^:;{}()]:[^:;{}][^;{}]*\)\s*->\s*\w+\s*\)", file.code,
                                "loops over a member of what a call gave; keep the pointer in a variable")


_MONEY = re.compile(r"\bAmount\b|[aA]mount|[sS]atoshi|\bsats?\b|\w+Sats?\b|\b(?:to|from|parse|format)Btc\b")
_FLOATING = re.compile(r"\b(?:double|float)\b|\btoDouble\s*\(|\btoFloat\s*\(|\bstd::sto[df]\s*\(")


def floating_money(file):
    if not (file.is_cpp and file.top in ("core", "app", "ui")):
        return
    start = 0
    code = _without_preprocessor(file.code)
    for match in re.finditer(r"[;{}]", code):
        statement = code[start:match.start()]
        floating = _FLOATING.search(statement)
        if floating and _MONEY.search(statement):
            yield common.line_of(code, start + floating.start()), "money is counted in whole satoshis, never in binary fractions"
        start = match.end()


_UNFINISHED = re.compile(r"\b(?:" + "|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK")) + r")\b")


def unfinished(file):
    if file.is_source:
        yield from file.matches(_UNFINISHED, file.text, "{0}: do it, or open an issue")


_COLOUR = re.compile(
    r"#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})\b(?=[\"';\s,)])|\brgba?\s*\(\s*\d|"
    r"\bQColor\s*[({]\s*[\"\d]|\bqRgba?\s*\(\s*\d|\bQColor::fromRgba?\s*\(\s*(?:0x)?\d|"
    r"\bQt::(?:white|black|red|darkRed|green|darkGreen|blue|darkBlue|cyan|darkCyan|magenta|darkMagenta|yellow|"
    r"darkYellow|gray|darkGray|lightGray)\b")


def raw_colour(file):
    if file.top == "ui" and not file.path.startswith("ui/design/") and (file.is_cpp or file.suffix == ".qss"):
        code = file.code_with_strings if file.is_cpp else file.text
        yield from file.matches(_COLOUR, _without_preprocessor(code), "{0}: colours are named in ui/design")


# --- text ------------------------------------------------------------------------------------------------


def spdx(file):
    if not file.is_source:
        return
    first = file.lines[1] if file.lines[0].startswith("#!") and len(file.lines) > 1 else file.lines[0]
    if not re.match(r"^(?://|#|/\*|--|;) SPDX-License-Identifier: MIT\b", first):
        yield 1, "the first line (after #!) is SPDX-License-Identifier: MIT"


def pragma_once(file):
    if not file.is_header:
        return
    if not re.search(r"(?m)^#pragma once\s*$", file.text):
        yield 1, "a header has #pragma once"
    guard = re.search(r"(?m)^#ifndef (\w+_H\w*)\s*\n#define \1\b", file.text)
    if guard:
        yield common.line_of(file.text, guard.start()), "#pragma once instead of a guard macro"


def whitespace(file):
    if not file.is_source:
        return
    for number, line in enumerate(file.lines, 1):
        if line != line.rstrip(" \t\r"):
            yield number, "trailing whitespace" if not line.endswith("\r") else "line ends with a carriage return"
        if file.is_cpp and "\t" in line:
            yield number, "tab"
    if file.text and not file.text.endswith("\n"):
        yield len(file.lines), "no newline at the end"


# Cyrillic and Greek letters that are drawn like Latin ones.
_LOOK_ALIKE = frozenset(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0455\u0456\u0458\u0501\u04bb\u051b\u051d\u0410\u0412\u0415\u041a"
    "\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0423\u0405\u0406\u0408\u03bf\u03bd\u03c5\u03c1\u03b9\u0391\u0392"
    "\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7")
# Punctuation drawn like that of code.
_LOOK_ALIKE_MARKS = frozenset("\u037e\u2044\u2215\u2236\u02d0\u2223\u01c3\u05f3\u05f4\u1427\ua789\u2010\u2011\u2024")
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC")


def _character_fault(c):
    category = unicodedata.category(c)
    code = ord(c)
    if unicodedata.bidirectional(c) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"):
        return "bidirectional control"
    if category in ("Cf", "Co", "Cs", "Cn") or (category == "Cc" and c not in "\n\t\r\f") or \
            (category == "Zs" and c != " ") or category in ("Zl", "Zp"):
        return "invisible character"
    if 0xFF01 <= code <= 0xFFEE or 0x1D400 <= code <= 0x1D7FF or c in _LOOK_ALIKE_MARKS or c == "\ufffd":
        return "look-alike character"
    return None


def _word_fault(word):
    scripts = set()
    for c in word:
        name = unicodedata.name(c, "")
        scripts |= {script for script in _SCRIPTS if name.startswith(script + " ")}
    if len(scripts) > 1:
        return "word of mixed scripts"
    if len(word) > 1 and all(c in _LOOK_ALIKE for c in word):
        return "word of look-alike letters"
    return None


def characters(file):
    if not file.is_source or file.top == "translations" or file.text.isascii():
        return
    for number, line in enumerate(file.lines, 1):
        if line.isascii():
            continue
        for c in line:
            fault = _character_fault(c) if not c.isascii() else None
            if fault:
                yield number, f"{fault} U+{ord(c):04X}"
        for word in re.findall(r"[^\W\d_]+", line):
            fault = None if word.isascii() else _word_fault(word)
            if fault:
                yield number, f"{fault}: {word.encode('ascii', 'backslashreplace').decode()}"
    if file.is_cpp or file.suffix == ".go":
        for match in re.finditer(r"[^\x00-\x7f]", file.code):
            yield common.line_of(file.code, match.start()), f"non-ASCII character U+{ord(match.group(0)):04X} in code"


_MIRROR = re.compile(
    r"(?i)\b(?:[\w-]+\.)*(?:debian|ubuntu)\.(?:org|com|net)/debian|\b(?:deb|ftp|archive|security|snapshot|mirrors?|packages)"
    r"(?:\.[\w-]+)*\.(?:debian|ubuntu)\.(?:org|com)\b|\bpkg\.dev\b|\bartifactregistry\b|\bproxy\.golang\.org\b|"
    r"\bregistry\.npmjs\.org\b|\bfiles\.pythonhosted\.org\b|\bpypi\.org/simple\b|\bGOPROXY\s*[:?]?=\s*https?:")
# Where somebody's files lie: homes, and the folders that build machines check out into.
_MACHINE_PATH = re.compile(r"(?<![\w.$}~-])/(?:root|home/[a-z]\w*|Users/\w+|work|workspace)/")
# What a build takes from a shared temporary folder is on one machine only.
_TEMPORARY_PATH = re.compile(r"(?<![\w.$}~-])/tmp/\w")


def mirror_address(file):
    yield from file.matches(_MIRROR, file.text, "{0}: package mirrors are the machine's own business")


def machine_path(file):
    yield from file.matches(_MACHINE_PATH, file.text, "{0}: a path of one machine")
    name = file.path.rsplit("/", 1)[-1]
    if name in ("Makefile", "CMakeLists.txt", "CMakePresets.json") or name.endswith(".cmake"):
        yield from file.matches(_TEMPORARY_PATH, file.text, "{0}: a path of one machine")


RULES = {
    "file-length": file_length,
    "function-length": function_length,
    "cmake-glob": cmake_glob,
    "nested-event-loop": nested_event_loop,
    "process-events": process_events,
    "resize-rows": resize_rows,
    "released-in-loop": released_in_loop,
    "floating-money": floating_money,
    "unfinished": unfinished,
    "raw-colour": raw_colour,
    "spdx": spdx,
    "pragma-once": pragma_once,
    "whitespace": whitespace,
    "characters": characters,
    "mirror-address": mirror_address,
    "machine-path": machine_path,
}


def check(root):
    findings = []
    for path in common.files(root):
        pure = PurePosixPath(path)
        if pure.suffix not in TEXT_SUFFIXES and pure.name not in SOURCE_NAMES and path not in SOURCE_NAMES \
                and not pure.name.startswith("."):
            continue
        text = common.read_text(root, path)
        if text is None or text == "":
            continue
        file = File(path, text)
        for rule, function in RULES.items():
            findings += [common.Finding(path, line, rule, message) for line, message in function(file)]
    return findings


if __name__ == "__main__":
    common.main("style", check)
