# SPDX-License-Identifier: MIT
"""layers.py finds forbidden includes, forbidden and missing links, and a stale drawing."""

import json
import unittest

from support import ROOT, SPDX, TreeTest

import layers


class LayersTest(TreeTest):
    def setUp(self):
        super().setUp()
        # The project's own json: what is tested is what the project is held to.
        self.put(layers.JSON, (ROOT / layers.JSON).read_text(encoding="utf-8"))
        self.put("core/base/bytes.h", SPDX)
        self.put("core/bitcoin/address.h", SPDX)
        self.put("core/wallet/wallet.h", SPDX)
        self.put("app/services/engine.h", SPDX)
        self.put("app/services/interfaces/wallet.h", SPDX)
        self.put("ui/main/window.h", SPDX)
        layers.write_drawing(layers.Layers(self.root), self.root)

    def messages(self):
        return [str(finding) for finding in layers.check(self.root)]

    def include(self, path, line):
        self.put(path, SPDX + line + "\n")
        messages = self.messages()
        (self.root / path).unlink()
        return messages

    def assert_refused(self, path, line, part):
        messages = self.include(path, line)
        self.assertEqual(len(messages), 1, messages)
        self.assertTrue(messages[0].startswith(path + ":2: include: "), messages)
        self.assertIn(part, messages[0])

    def test_the_tree_without_a_violation_passes(self):
        self.assertEqual(self.messages(), [])
        self.assertEqual(self.run_program("layers.py")[0], 0)

    def test_forbidden_includes_are_found(self):
        cases = [
            ("core/base/a.cpp", '#include "core/wallet/wallet.h"', "base may not include wallet"),
            ("core/base/a.cpp", '#  include "../wallet/wallet.h"', "base may not include wallet"),
            ("core/base/a.cpp", "#include <core/wallet/wallet.h>", "base may not include wallet"),
            ("core/bitcoin/a.cpp", '#include "core/chain/headers.h"', "bitcoin may not include chain"),
            ("core/l2/a.cpp", '#include "app/services/engine.h"', "l2 may not include services"),
            ("core/l2/a.cpp", '#include "ui/main/window.h"', "l2 may not include ui"),
            ("core/net/a.cpp", '#include "core/bitcoin/block.h"', "net may not include bitcoin"),
            ("core/base/a.cpp", '#include "tests/support/vectors.h"', "may not include tests/"),
            ("core/base/a.cpp", '#include "core/newcomer/a.h"', "belongs to no component"),
            ("core/base/a.cpp", "#include <QWidget>", "free of Qt"),
            ("core/base/a.cpp", "#include <QString>", "free of Qt"),
            ("core/base/a.cpp", "#include <QtCore/QString>", "free of Qt"),
            ("app/services/a.cpp", "#include <QWidget>", "has no window"),
            ("app/cli/a.cpp", "#include <QtWidgets/QLabel>", "has no window"),
            ("app/cli/a.cpp", '#include "ui/main/window.h"', "cli may not include ui"),
            ("app/services/a.cpp", '#include "ui/main/window.h"', "services may not include ui"),
            ("ui/main/a.cpp", '#include "app/services/engine.h"', "ui may not include services"),
            ("ui/main/a.cpp", '#include "core/wallet/wallet.h"', "ui may not include wallet"),
            ("ui/main/a.cpp", '#include "core/bitcoin/script.h"', "ui may include only core/bitcoin/address.h"),
            ("app/services/interfaces/a.h", '#include "core/wallet/wallet.h"', "interfaces may not include wallet"),
        ]
        for path, line, part in cases:
            with self.subTest(path=path, line=line):
                self.assert_refused(path, line, part)

    def test_allowed_includes_pass(self):
        cases = [
            ("core/wallet/a.cpp", '#include "core/bitcoin/address.h"'),
            ("core/wallet/a.cpp", '#include "wallet.h"'),
            ("ui/main/a.cpp", '#include "app/services/interfaces/wallet.h"'),
            ("ui/main/a.cpp", '#include "core/base/bytes.h"\n#include <QWidget>\n#include "a.moc"'),
            ("app/bowline/a.cpp", '#include "ui/main/window.h"\n#include <QApplication>'),
            ("app/services/a.cpp", "#include <QObject>\n#include <boost/json.hpp>\n#include <queue>"),
            ("core/base/a.cpp", '// #include "core/wallet/wallet.h"\n/*\n#include "ui/main/window.h"\n*/'),
            ("tests/unit/a.cpp", '#include "core/wallet/wallet.h"\n#include "ui/main/window.h"'),
        ]
        for path, text in cases:
            with self.subTest(path=path, text=text):
                self.assertEqual(self.include(path, text), [])

    def test_files_outside_every_component_are_found(self):
        self.put("core/stray.cpp", SPDX)
        self.assertEqual(len(self.messages()), 1)
        self.assertIn("belongs to no component", self.messages()[0])

    def test_only_some_headers_of_a_component(self):
        data = json.loads((self.root / layers.JSON).read_text(encoding="utf-8"))
        for component in data["components"]:
            if component["name"] == "ui":
                component["only"] = {"bitcoin": ["core/bitcoin/address.h"]}
        self.put(layers.JSON, json.dumps(data))
        layers.write_drawing(layers.Layers(self.root), self.root)
        self.assert_refused("ui/a.cpp", '#include "core/bitcoin/script.h"', "may include only core/bitcoin/address.h")
        self.assertEqual(self.include("ui/a.cpp", '#include "core/bitcoin/address.h"'), [])

    def libraries(self, wallet="DEPENDS base bitcoin", extra=""):
        spdx = "# SPDX-License-Identifier: MIT\n"
        self.put("core/base/CMakeLists.txt", spdx + "bowline_library(base SOURCES a.cpp LINKS Threads::Threads)\n")
        self.put("core/bitcoin/CMakeLists.txt", spdx + "bowline_library(bitcoin SOURCES a.cpp DEPENDS base)\n")
        self.put("core/wallet/CMakeLists.txt", spdx + f"bowline_library(wallet\n  SOURCES a.cpp  # DEPENDS l2\n  {wallet})\n" + extra)

    def test_link_dependencies_that_agree_pass(self):
        self.libraries()
        self.put("core/wallet/a.cpp", SPDX + '#include "core/bitcoin/address.h"\n')
        self.assertEqual(self.messages(), [])

    def test_a_forbidden_link_is_found(self):
        self.libraries()
        self.put("core/bitcoin/CMakeLists.txt", "bowline_library(bitcoin SOURCES a.cpp DEPENDS base wallet)\n")
        self.assertEqual(len(self.messages()), 1)
        self.assertIn("core/bitcoin/CMakeLists.txt:1: link: bitcoin may not link wallet", self.messages()[0])

    def test_a_forbidden_link_by_hand_is_found(self):
        self.libraries()
        self.put("core/base/CMakeLists.txt", "bowline_library(base SOURCES a.cpp)\n"
                 'target_link_libraries(bowline_base PRIVATE "bowline_wallet")\n')
        self.assertIn("core/base/CMakeLists.txt:2: link: base may not link wallet", self.messages()[0])

    def test_qt_in_a_core_link_is_found(self):
        self.libraries(wallet="DEPENDS base bitcoin LINKS Qt6::Core")
        self.assertIn("wallet may not link Qt6::Core", self.messages()[0])

    def test_an_include_without_a_link_is_found(self):
        self.libraries(wallet="DEPENDS base")
        self.put("core/wallet/a.cpp", SPDX + '#include "core/bitcoin/address.h"\n')
        self.assertEqual(len(self.messages()), 1)
        self.assertIn("wallet includes bitcoin but its CMakeLists.txt does not name it", self.messages()[0])

    def test_a_link_to_nothing_is_found(self):
        self.libraries(wallet="DEPENDS base bitcoin typo")
        self.assertIn("links bowline_typo, which nothing declares", self.messages()[0])

    def test_targets_of_tools_are_for_all_and_those_of_tests_for_none(self):
        self.libraries(wallet="DEPENDS base bitcoin LINKS bowline_boost_impl")
        self.put("tools/cmake/boost_impl/CMakeLists.txt", "add_library(bowline_boost_impl STATIC a.cpp)\n")
        self.assertEqual(self.messages(), [])
        self.put("core/base/CMakeLists.txt", "bowline_library(base SOURCES a.cpp LINKS bowline_test_support)\n")
        self.put("tests/support/CMakeLists.txt", "add_library(bowline_test_support STATIC a.cpp)\n")
        self.assertEqual(len(self.messages()), 1)
        self.assertIn("base may not link tests (bowline_test_support)", self.messages()[0])

    def test_a_core_folder_that_cannot_be_read_is_found(self):
        self.put("core/base/CMakeLists.txt", "add_library(something STATIC a.cpp)\n")
        self.assertIn("declares no bowline_library(base ...)", self.messages()[0])

    def test_the_order_of_the_json_is_checked(self):
        data = json.loads((self.root / layers.JSON).read_text(encoding="utf-8"))
        data["components"][0]["may"] = ["l2"]
        self.put(layers.JSON, json.dumps(data))
        layers.write_drawing(layers.Layers(self.root), self.root)
        self.assertIn("base may use l2, which does not stand before it", self.messages()[0])

    def test_the_drawing_follows_the_json(self):
        path = self.root / layers.DRAWING
        drawn = path.read_text(encoding="utf-8")
        path.write_text(drawn.replace("  l2 --> field\n", ""), encoding="utf-8")
        self.assertIn("the graph differs", self.messages()[0])
        layers.write_drawing(layers.Layers(self.root), self.root)
        self.assertEqual(path.read_text(encoding="utf-8"), drawn)
        path.write_text("# Architecture\n\nText.\n", encoding="utf-8")
        self.assertIn("has no layer graph", self.messages()[0])
        layers.write_drawing(layers.Layers(self.root), self.root)
        self.assertTrue(path.read_text(encoding="utf-8").startswith("# Architecture\n\nText.\n"))
        self.assertEqual(self.messages(), [])
        path.unlink()
        self.assertIn("is missing", self.messages()[0])

    def test_the_program_fails_on_a_finding(self):
        self.put("core/base/a.cpp", SPDX + '#include "ui/main/window.h"\n')
        code, output = self.run_program("layers.py")
        self.assertEqual(code, 1)
        self.assertIn("core/base/a.cpp:2: include: base may not include ui", output)


if __name__ == "__main__":
    unittest.main()
