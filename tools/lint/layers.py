#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds every include, every link dependency and the drawn graph against tools/lint/layers.json.

An arrow that the json does not have would still compile, because all folders share one include root; this
lint is what makes the layers real. Three sources have to agree: the #include lines, the DEPENDS, LIBS and
target_link_libraries of CMake, and the graph in docs/architecture.md.

    layers.py            report disagreements
    layers.py --write    draw the graph into docs/architecture.md
"""

import argparse
import fnmatch
import json
import posixpath
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import common  # noqa: E402

BEGIN = "<!-- layers:begin (drawn by tools/lint/layers.py --write; do not edit) -->"
END = "<!-- layers:end -->"
DRAWING = "docs/architecture.md"
JSON = "tools/lint/layers.json"

# Qt's headers without a window in them. Everything else named <Q...> counts as GUI.
QT_CORE = re.compile(
    r"^(?:QtCore|QtNetwork|QtTest|QtGlobal|Q(?:Object|String\w*|ByteArray\w*|List|Vector|Map|Hash|Set|Variant|Date"
    r"|Time|DateTime|Timer|Thread\w*|Mutex\w*|ReadWriteLock|WaitCondition|Future\w*|Promise|File|FileInfo|Dir"
    r"|DirIterator|SaveFile|LockFile|Temporary\w+|IODevice|Buffer|DataStream|TextStream|Json\w+|Cbor\w+|Settings"
    r"|StandardPaths|CoreApplication|CommandLine\w+|Process\w*|Event|EventLoop|MetaObject|MetaEnum|MetaType"
    r"|Pointer|Scoped\w+|Shared\w+|WeakPointer|Locale|Translator|Url\w*|Uuid|Random\w+|CryptographicHash"
    r"|MessageAuthenticationCode|RegularExpression\w*|ElapsedTimer|DeadlineTimer|Debug|LoggingCategory|Latin1\w*"
    r"|Char|Span|Flags|Pair|BitArray|Cache|Queue|Stack|Point\w*|Size\w*|Rect\w*|Line\w*|Margins\w*|SysInfo"
    r"|Library\w*|Resource|TimeZone|Calendar|VersionNumber|AbstractItemModel|AbstractListModel"
    r"|AbstractTableModel|SortFilterProxyModel|IdentityProxyModel|ItemSelection\w*|SignalSpy|SignalBlocker|SocketNotifier|Test"
    r"|Tcp\w+|Udp\w+|Local\w+|Ssl\w+|Network\w+|Host\w+|AbstractSocket))$")


class Layers:
    """The json, checked for being a graph that points only upwards in its own list."""

    def __init__(self, root):
        data = json.loads((Path(root) / JSON).read_text(encoding="utf-8"))
        self.components = data["components"]
        self.by_name = {c["name"]: c for c in self.components}
        self.folders = data["layered_folders"]
        # The longest path wins: app/services/interfaces is not app/services.
        self.by_path = sorted(self.components, key=lambda c: -len(c["path"]))

    def findings(self):
        seen = set()
        for component in self.components:
            for name in component["may"]:
                if name not in seen:
                    yield common.Finding(JSON, 1, "graph", f"{component['name']} may use {name}, which does not "
                                         "stand before it")
            if component["name"] in seen:
                yield common.Finding(JSON, 1, "graph", f"{component['name']} appears twice")
            seen.add(component["name"])

    def component_of(self, path):
        for component in self.by_path:
            if path.startswith(component["path"] + "/"):
                return component
        return None

    def is_layered(self, path):
        return path.split("/")[0] in self.folders


# --- includes --------------------------------------------------------------------------------------------

_INCLUDE = re.compile(r'(?m)^[ \t]*#[ \t]*include[ \t]*(["<])([^">\n]+)[">]')


def includes(text):
    """(line, is quoted, name) of each include that is not commented out."""
    # The names stand in quotes, so the comments go and the strings stay.
    code = common.code_only(text, keep_strings=True)
    for match in _INCLUDE.finditer(code):
        yield common.line_of(code, match.start(2)), match.group(1) == '"', match.group(2)


def resolve(path, name, known):
    """The included file as a path from the top of the tree, or None when it is none of ours."""
    beside = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
    if beside in known:
        return beside
    return posixpath.normpath(name)


def qt_fault(component, name):
    module_header = name.split("/")
    if not re.match(r"^Q(?:[A-Z]|t[A-Z])", module_header[0]):
        return None
    allowed = component["qt"]
    if allowed == "none":
        return f"{component['name']} is free of Qt, but includes <{name}>"
    if allowed == "core":
        is_core = module_header[0] in ("QtCore", "QtNetwork") if len(module_header) > 1 else \
            QT_CORE.match(module_header[0])
        if not is_core:
            return f"{component['name']} has no window, but includes <{name}>"
    return None


def include_fault(layers, component, target, quoted, name):
    """Why component may not include target, or None."""
    if layers.is_layered(target):
        other = layers.component_of(target)
        if other is None:
            return f"includes {target}, which belongs to no component"
        if other is component:
            return None
        if other["name"] not in component["may"]:
            return f"{component['name']} may not include {other['name']} ({target})"
        only = component.get("only", {}).get(other["name"])
        if only is not None and not any(fnmatch.fnmatchcase(target, pattern) for pattern in only):
            return f"of {other['name']}, {component['name']} may include only {', '.join(only)}, not {target}"
        return None
    if target.split("/")[0] in ("tests", "tools", "guest") and "/" in target:
        return f"{component['name']} may not include {target}"
    return qt_fault(component, name)


def check_includes(layers, root, paths, used):
    known = set(paths)
    for path in paths:
        if not layers.is_layered(path) or Path(path).suffix not in common.CPP_SUFFIXES:
            continue
        component = layers.component_of(path)
        if component is None:
            yield common.Finding(path, 1, "include", "this folder belongs to no component of layers.json")
            continue
        for line, quoted, name in includes(common.read_text(root, path) or ""):
            target = resolve(path, name, known)
            fault = include_fault(layers, component, target, quoted, name)
            if fault:
                yield common.Finding(path, line, "include", fault)
            elif layers.is_layered(target):
                other = layers.component_of(target)
                if other is not component:
                    used.setdefault((component["name"], other["name"]), (path, line))


# --- link dependencies -----------------------------------------------------------------------------------

_COMMAND = re.compile(r"(?i)\b(\w+)\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\)")
_DECLARES = {"bowline_library": "bowline_", "bowline_program": "", "add_library": "", "add_executable": "",
             "qt_add_library": "", "qt_add_executable": "", "bowline_test_library": ""}
_KEYWORDS = {"SOURCES", "DEPENDS", "LINKS", "LIBS", "JSON", "PCH", "LABELS", "TIMEOUT", "SERIAL"}


def commands(text):
    """(line, command, words) of each CMake command; comments are gone, quotes too."""
    code = re.sub(r"#[^\n]*", lambda match: " " * len(match.group(0)), text)
    for match in _COMMAND.finditer(code):
        words = match.group(2).replace('"', " ").split()
        yield common.line_of(code, match.start()), match.group(1).lower(), words


def section(words, name):
    """The words that follow keyword `name` up to the next keyword."""
    found, inside = [], False
    for word in words:
        if word in _KEYWORDS:
            inside = word == name
        elif inside:
            found.append(word)
    return found


def links_of(command, words):
    """(target, the targets of ours it links) of one command, or None when it says nothing about linking."""
    if not words:
        return None
    if command == "bowline_library":
        ours = ["bowline_" + word for word in section(words[1:], "DEPENDS")]
        return "bowline_" + words[0], ours + section(words[1:], "LINKS")
    if command == "bowline_program":
        return words[0], section(words[1:], "LIBS")
    if command == "target_link_libraries":
        return words[0], words[1:]
    return None


def cmake_files(root, paths):
    for path in paths:
        if posixpath.basename(path) == "CMakeLists.txt":
            yield path, list(commands(common.read_text(root, path) or ""))


def owners(layers, files):
    """Which component each target belongs to: the one whose folder its CMakeLists.txt stands in.

    A target of another folder is owned by that folder's name: tools/cmake compiles parts of Boost, which are
    for everyone, and what tests/ declares is for nobody outside of it.
    """
    found = {}
    for path, listed in files:
        component = layers.component_of(path)
        for _, command, words in listed:
            if command in _DECLARES and words:
                owner = component["name"] if component is not None else path.split("/")[0]
                found[_DECLARES[command] + words[0]] = owner
    return found


def check_links(layers, root, paths, used):
    files = list(cmake_files(root, paths))
    owner = owners(layers, files)
    linked = {}
    for path, listed in files:
        for line, command, words in listed:
            links = links_of(command, words)
            if links is None:
                continue
            name = owner.get(links[0])
            if name not in layers.by_name:
                continue
            for target in links[1]:
                other = owner.get(target)
                if other in layers.by_name and other != name:
                    linked[(name, other)] = (path, line)
                fault = link_fault(layers.by_name[name], target, other)
                if fault:
                    yield common.Finding(path, line, "link", fault)
    yield from undeclared(layers, owner, linked, used)
    yield from silent(layers, paths, owner)


def link_fault(component, target, other):
    """Why component may not link target, which belongs to `other`, or None."""
    name = component["name"]
    if target.startswith(("Qt6::", "Qt::")):
        module = target.split("::")[1]
        if component["qt"] == "none" or (component["qt"] == "core" and module not in ("Core", "Network")):
            return f"{name} may not link {target}"
        return None
    if other is None:
        return f"{name} links {target}, which nothing declares" if target.startswith("bowline_") else None
    if other in (name, "tools") or other in component["may"]:
        return None
    return f"{name} may not link {other} ({target})"


def reach(linked, name):
    found, rest = set(), [name]
    while rest:
        at = rest.pop()
        for one, other in linked:
            if one == at and other not in found:
                found.add(other)
                rest.append(other)
    return found


def undeclared(layers, owner, linked, used):
    """Includes without a link. Core libraries name each one they include; programs may rely on what comes along."""
    built = set(owner.values())
    for (name, other), (path, line) in sorted(used.items()):
        if name not in built or other not in built:
            continue
        is_core = layers.by_name[name]["path"].startswith("core/")
        known = {b for a, b in linked if a == name} if is_core else reach(linked, name)
        if other not in known:
            yield common.Finding(path, line, "link", f"{name} includes {other} but its CMakeLists.txt does not "
                                 f"{'name it in DEPENDS' if is_core else 'link it'}")


def silent(layers, paths, owner):
    """A core folder whose CMake says nothing this lint can read would pass unchecked."""
    for component in layers.components:
        listed = component["path"] + "/CMakeLists.txt"
        if component["path"].startswith("core/") and listed in paths and \
                owner.get("bowline_" + component["name"]) != component["name"]:
            yield common.Finding(listed, 1, "link", f"declares no bowline_library({component['name']} ...)")


# --- the drawing -----------------------------------------------------------------------------------------


def drawing(layers):
    """The block between the markers: the graph, and the same as a table for readers without Mermaid."""
    lines = [BEGIN, "", "```mermaid", "graph BT"]
    lines += [f"  {c['name']}[\"{c['path']}\"]" for c in layers.components]
    lines += [f"  {c['name']} --> {name}" for c in layers.components for name in c["may"]]
    lines += ["```", "", "| component | folder | may use | Qt |", "| --- | --- | --- | --- |"]
    for c in layers.components:
        uses = []
        for name in c["may"]:
            only = c.get("only", {}).get(name)
            uses.append(name if only is None else f"{name} (only {', '.join(f'`{p}`' for p in only)})")
        lines.append(f"| {c['name']} | `{c['path']}` | {', '.join(uses) or 'nothing of ours'} | {c['qt']} |")
    return "\n".join(lines + ["", END])


def check_drawing(layers, root):
    path = Path(root) / DRAWING
    hint = "run tools/lint/layers.py --write"
    if not path.is_file():
        yield common.Finding(DRAWING, 1, "drawing", f"is missing; {hint}")
        return
    text = path.read_text(encoding="utf-8")
    start, end = text.find(BEGIN), text.find(END)
    if start < 0 or end < start:
        yield common.Finding(DRAWING, 1, "drawing", f"has no layer graph; {hint}")
    elif text[start:end + len(END)] != drawing(layers):
        yield common.Finding(DRAWING, common.line_of(text, start), "drawing", f"the graph differs from {JSON}; {hint}")


def write_drawing(layers, root):
    """Replaces the block, or appends it under a heading where there is none yet."""
    path = Path(root) / DRAWING
    text = path.read_text(encoding="utf-8") if path.is_file() else "# Architecture\n"
    start, end = text.find(BEGIN), text.find(END)
    if 0 <= start < end:
        text = text[:start] + drawing(layers) + text[end + len(END):]
    else:
        text = text.rstrip("\n") + "\n\n## Layers\n\n" + drawing(layers) + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def check(root):
    layers = Layers(root)
    paths = common.files(root)
    used = {}
    findings = list(layers.findings())
    findings += check_includes(layers, root, paths, used)
    findings += check_links(layers, root, paths, used)
    findings += check_drawing(layers, root)
    return findings


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="layers")
    parser.add_argument("--root", default=str(Path(__file__).resolve().parents[2]))
    parser.add_argument("--write", action="store_true", help="draw the graph into docs/architecture.md")
    arguments = parser.parse_args()
    if arguments.write:
        write_drawing(Layers(arguments.root), arguments.root)
    common.report("layers", check(Path(arguments.root)))
