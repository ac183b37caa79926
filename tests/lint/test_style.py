# SPDX-License-Identifier: MIT
"""Every rule of style.py finds what it is for, and stays silent about what merely looks like it."""

import unittest

from support import SPDX, TreeTest

import style


def body(lines):
    return "{\n" + "    ++a;\n" * (lines - 2) + "}\n"


# rule -> (path, text) pairs of which each breaks exactly that rule. Words that the rules would find in this
# very file are put together from pieces.
PLANTED = {
    "file-length": [("core/base/a.cpp", SPDX + "int a;\n" * 800),
                    ("guest/a.go", SPDX + "var a int\n" * 800)],
    "function-length": [
        ("core/base/a.cpp", SPDX + "void f(int a)\n" + body(80)),
        ("core/base/b.cpp", SPDX + "namespace x {\nstruct S {\n    int a = 0;\npublic:\n    void f() const noexcept\n" + body(80) + "};\n}\n"),
        ("core/base/c.cpp", SPDX + "S::S(int a) : b_{a}, c_{1}\n" + body(80)),
        ("core/base/d.cpp", SPDX + "template <class T>\nauto f(T a) -> std::vector<T>\n" + body(80)),
        ("core/base/e.cpp", SPDX + "const char* s = R\"({)\";\nchar q = '{';\nint n = 1'000; // {\nbool operator==(int a, S b)\n" + body(80)),
        ("core/base/f.cpp", SPDX + "Task<void> f(struct addrinfo* a, std::array<int, 2> b = {1, 2})\n" + body(80)),
        ("guest/a.go", SPDX + "func (s *S) f(a interface{}) error {\n" + "\ta++\n" * 80 + "}\n"),
        ("tools/a.py", "# SPDX-License-Identifier: MIT\ndef f():\n" + "    a = 1\n" * 80)],
    "cmake-glob": [("core/CMakeLists.txt", "# SPDX-License-Identifier: MIT\nfile(GLOB all *.cpp)\n"),
                   ("tools/cmake/a.cmake", "# SPDX-License-Identifier: MIT\nFILE ( glob_recurse all *.cpp)\n")],
    "nested-event-loop": [("ui/a.cpp", SPDX + "void f() { dialog.exec(); }\n"),
                          ("ui/b.cpp", SPDX + "void f() { menu()->exec(pos); }\n"),
                          ("ui/c.cpp", SPDX + "void f() { QMessageBox::question(this, t, t); }\n"),
                          ("ui/d.cpp", SPDX + "void f() { QFileDialog::getSaveFileName(this); }\n")],
    "process-events": [("ui/a.cpp", SPDX + "void f() { QCoreApplication::processEvents(); }\n"),
                       ("app/bowline/a.cpp", SPDX + "void f() { app.processEvents (); }\n")],
    "resize-rows": [("ui/a.cpp", SPDX + "void f() { view->resizeRowsToContents(); }\n")],
    "released-in-loop": [("app/a.cpp", SPDX + "void f() { for (const P& p : m_b->status()->peers) g(p); }\n"),
                         ("tests/a.h", SPDX + "#pragma once\nvoid f() {\n    for (auto& p : now()->all)\n        g(p);\n}\n")],
    "floating-money": [("core/base/a.h", SPDX + "#pragma once\ndouble toDisplay(Amount amount);\n"),
                       ("ui/a.cpp", SPDX + "void f() { const double shown =\n    fee.sats / 1e8; }\n"),
                       ("app/cli/a.cpp", SPDX + "void f() { send(parseAmount(text.toDouble())); }\n")],
    "unfinished": [("core/base/a.cpp", SPDX + "// TO" + "DO later\n"),
                   ("tools/a.sh", "#!/bin/sh\n# SPDX-License-Identifier: MIT\n# FIX" + "ME: later\n")],
    "raw-colour": [("ui/a.cpp", SPDX + 'auto c = QColor("#ff0000");\n'),
                   ("ui/b.cpp", SPDX + "auto c = QColor(12, 13, 14);\n"),
                   ("ui/c.cpp", SPDX + "auto c = Qt::darkGray;\n"),
                   ("ui/d.cpp", SPDX + 'auto s = "color: #abc;";\n'),
                   ("ui/a.qss", "/* SPDX-License-Identifier: MIT */\nQLabel { color: rgb(1, 2, 3); }\n")],
    "spdx": [("core/base/a.cpp", "int a;\n"), ("core/base/CMakeLists.txt", "project(a)\n"),
             ("tools/a.py", "#!/usr/bin/env python3\nimport sys\n"), (".ci/run", "#!/bin/sh\ntrue\n")],
    "pragma-once": [("core/base/a.h", SPDX + "int a;\n"),
                    ("core/base/b.h", SPDX + "#ifndef B_H\n#define B_H\n#pragma once\n#endif\n")],
    "whitespace": [("core/base/a.cpp", SPDX + "int a; \n"), ("core/base/b.cpp", SPDX + "int a;\r\n"),
                   ("core/base/c.cpp", SPDX + "\tint a;\n"), ("core/base/d.cpp", SPDX + "int a;")],
    "characters": [
        ("core/base/a.cpp", SPDX + "// \u202eright to left override\n"),
        ("core/base/b.cpp", SPDX + "int \u0430;\n"),
        ("core/base/c.cpp", SPDX + "const char* t = \"p\u0430ypal\";\n"),
        ("core/base/d.cpp", SPDX + "const char* t = \"\u0440\u0430\u0443\";\n"),
        ("core/base/e.cpp", SPDX + "// zero\u200bwidth\n"),
        ("core/base/f.cpp", SPDX + "// a semicolon\u037e\n"),
        ("tools/a.py", "# SPDX-License-Identifier: MIT\n\u0430b = 1\n"),
        ("core/base/g.cpp", SPDX + "// no-break\u00a0space\n"),
        ("core/base/h.cpp", SPDX + "// isolate \u2066 hidden\n")],
    "mirror-address": [("tools/a.sh", "#!/bin/sh\n# SPDX-License-Identifier: MIT\ncurl http://deb." + "debian.org/x\n"),
                       ("README.md", "see https://ftp.de." + "debian.org/" + "debian\n"),
                       ("docs/a.md", "set GOPROXY" + "=https://somewhere\n")],
    "machine-path": [("docs/a.md", "cd /" + "home/someone/tree\n"), ("core/base/a.cpp", SPDX + '// "/' + 'root/x"\n'),
                     ("Makefile", "# SPDX-License-Identifier: MIT\nall:\n\t/" + "tmp/tool x\n")],
}

# What each rule must leave alone.
INNOCENT = [
    ("core/base/long.cpp", SPDX + "int a;\n" * 799),
    ("core/base/whole.cpp", SPDX + "void f(int a)\n" + body(79)),
    ("core/base/namespace.cpp", SPDX + "namespace a {\n" + "int f(int b) { return b; }\n" * 90 + "}\n"),
    ("core/base/table.cpp", SPDX + "const int t[] = {\n" + "    1,\n" * 90 + "};\n"),
    ("core/base/class.h", SPDX + "#pragma once\nclass A : public B<int> {\n" + "    void f(int a);\n" * 90 + "};\n"),
    ("core/base/enum.h", SPDX + "#pragma once\nenum class A : int {\n" + "    b,\n" * 90 + "};\n"),
    ("ui/a.cpp", SPDX + "void f() { drag->exec(Qt::CopyAction); statement.open(); }\n"),
    ("ui/b.cpp", SPDX + "// dialog.exec() is forbidden, says \"processEvents()\"\nauto s = \"exec()\";\n"),
    ("ui/c.cpp", SPDX + "auto c = Qt::transparent; auto w = Qt::WA_DeleteOnClose; auto t = QString(\"#%1\");\n"),
    ("ui/design/palette.cpp", SPDX + 'auto c = QColor("#ff0000");\n'),
    ("app/cli/a.cpp", SPDX + "int f() { return db.exec(sql); }\n"),
    ("tests/gui/a.cpp", SPDX + "void f() { QCoreApplication::processEvents(); }\n"),
    ("core/base/money.cpp", SPDX + "void f() { double ratio = 0.5; use(ratio); Amount amount(1); }\n"),
    ("core/base/words.cpp", SPDX + "int toDoList; // todos are kept elsewhere\n"),
    ("core/base/letters.cpp", SPDX + "// \u201cquoted\u201d \u2014 Z\u00fcrich, \u0420\u0443\u0441\u0441\u043a\u0438\u0439, \u65e5\u672c\u8a9e, \u03bb\nauto s = \"\u20bf \u2026\";\n"),
    ("core/base/digits.cpp", SPDX + "auto n = 1'000'000; auto c = '\\''; auto d = '\"'; int e;\n"),
    ("translations/bowline_fa.ts", "<TS>\u202b</TS>\n"),
    ("docs/a.md", "Debian 12 packages; a network/working tree; see the Debian wiki and ${HOME}/root/x\n"),
    ("data/blob.bin", "\0\0 \t \r\n"),
]


class StyleTest(TreeTest):
    def found(self):
        return [(finding.path, finding.rule) for finding in style.check(self.root)]

    def test_every_rule_has_a_planted_violation(self):
        self.assertEqual(set(PLANTED), set(style.RULES))

    def test_each_planted_violation_is_found_and_nothing_else(self):
        for rule, plants in PLANTED.items():
            for path, text in plants:
                with self.subTest(rule=rule, path=path, text=text[32:90]):
                    self.put(path, text)
                    self.assertEqual(set(self.found()), {(path, rule)})
                    (self.root / path).unlink()

    def test_innocent_files_pass(self):
        for path, text in INNOCENT:
            self.put(path, text)
        self.assertEqual([str(f) for f in style.check(self.root)], [])
        self.assertEqual(self.run_program("style.py")[0], 0)

    def test_the_program_fails_and_names_file_and_line(self):
        self.put("core/base/a.cpp", SPDX + "int a;\nint b; \n")
        code, output = self.run_program("style.py")
        self.assertEqual(code, 1)
        self.assertIn("core/base/a.cpp:3: whitespace: trailing whitespace", output)

    def test_function_ends_are_exact(self):
        code = "namespace x {\nint a(int b)\n{\n    return b;\n}\n\nS::S() : m{1} {\n}\n}\n"
        self.assertEqual(list(style.cpp_functions(code)), [("a", 2, 5), ("S::S", 7, 8)])

    def test_the_exception_list_is_empty_and_stale_entries_are_reported(self):
        self.assertEqual(style.FUNCTION_LENGTH_EXCEPTIONS, {})
        style.FUNCTION_LENGTH_EXCEPTIONS["core/base/a.cpp:f"] = "planted"
        try:
            self.put("core/base/a.cpp", SPDX + "void f(int a)\n" + body(80))
            self.assertEqual(self.found(), [])
            self.put("core/base/a.cpp", SPDX + "void f(int a)\n" + body(20))
            self.assertEqual(self.found(), [("core/base/a.cpp", "function-length")])
        finally:
            style.FUNCTION_LENGTH_EXCEPTIONS.clear()


if __name__ == "__main__":
    unittest.main()
