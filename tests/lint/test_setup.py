# SPDX-License-Identifier: MIT
"""Single functions of tools/setup/setup.sh: reading apt sources, package lists, stamps and versions."""

import os
import subprocess
import unittest

from support import ROOT, TreeTest

SETUP = ROOT / "tools/setup/setup.sh"


class SetupTest(TreeTest):
    def call(self, command, **environment):
        """Runs one shell command in a shell that has sourced setup.sh."""
        done = subprocess.run(["bash", "-c", f'. "{SETUP}"; deps="{self.root}/deps"; {command}'],
                              capture_output=True, text=True, env={**os.environ, **environment})
        self.assertEqual(done.stderr, "")
        return done.returncode, done.stdout

    def entries(self):
        code, output = self.call("apt_entries bookworm", BOWLINE_SETUP_APT_ETC=str(self.root))
        self.assertEqual(code, 0)
        return [tuple(line.split("\t")) for line in output.splitlines()]

    def test_one_line_sources(self):
        self.put("sources.list", "# deb http://commented.invalid bookworm main\n"
                 "deb http://plain.invalid/debian bookworm main contrib # note\n"
                 "deb [arch=amd64 signed-by=/k/one.gpg] http://options.invalid bookworm contrib main\n"
                 "deb http://security.invalid bookworm-security main\n"
                 "deb http://contrib.invalid bookworm contrib\n"
                 "deb-src http://source.invalid bookworm main\n")
        self.put("sources.list.d/more.list", "deb http://more.invalid stable main\n")
        self.put("sources.list.d/off.list.disabled", "deb http://off.invalid bookworm main\n")
        self.assertEqual(self.entries(), [("http://plain.invalid/debian", ""), ("http://options.invalid", "/k/one.gpg"),
                                          ("http://more.invalid", "")])

    def test_deb822_sources(self):
        self.put("sources.list.d/debian.sources",
                 "# comment\nTypes: deb deb-src\nURIs: http://a.invalid http://b.invalid\n"
                 "Suites: bookworm bookworm-updates\nComponents: main\nSigned-By: /k/two.gpg\n\n"
                 "Types: deb\nURIs: http://security.invalid\nSuites: bookworm-security\nComponents: main\n\n"
                 "Types: deb\nURIs: http://disabled.invalid\nSuites: bookworm\nComponents: main\nEnabled: no\n\n"
                 "Types: deb-src\nURIs: http://source.invalid\nSuites: bookworm\nComponents: main\n\n"
                 "Types: deb\nURIs:\n http://folded.invalid\nSuites: bookworm\nComponents: contrib main\n"
                 "Signed-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abc\n")
        self.assertEqual(self.entries(), [("http://a.invalid", "/k/two.gpg"), ("http://b.invalid", "/k/two.gpg"),
                                          ("http://folded.invalid", "")])

    def test_no_sources_at_all(self):
        self.assertEqual(self.entries(), [])

    def test_missing_packages_are_named_and_installed_ones_are_not(self):
        code, output = self.call("missing_packages dpkg no-such-package-of-ours bash")
        self.assertEqual((code, output), (0, "no-such-package-of-ours\n"))

    def test_package_lists_hold_names_only(self):
        for name in ("packages.txt", "packages-dev.txt"):
            _, output = self.call(f'package_list "{ROOT}/tools/setup/{name}"')
            names = output.split()
            self.assertEqual(output.splitlines(), names)
            self.assertEqual(len(names), len(set(names)))
            self.assertGreater(len(names), 3)
            for line in (ROOT / "tools/setup" / name).read_text().splitlines():
                if line and not line.startswith("#"):
                    self.assertRegex(line, r"^[a-z0-9.+-]+\s+# \S", "each package says what it is for")

    def test_versions(self):
        for have, least, enough in (("0.7.1-2", "0.6.0", True), ("0.2.0-1", "0.6.0", False), ("0.6.0", "0.6.0", True),
                                    ("29.4.knots1-1", "28", True), ("9.1", "28", False), ("0.10.0", "0.6.0", True)):
            with self.subTest(have=have):
                self.assertEqual(self.call(f"version_at_least {have} {least}")[0] == 0, enough)

    def test_a_stamp_counts_only_with_its_files_and_its_recipe(self):
        self.put("deps/bin/x", "")
        self.assertNotEqual(self.call("stamped thing 1 bin/x")[0], 0)
        self.assertEqual(self.call("stamp thing 1 note && stamped thing 1 bin/x")[0], 0)
        self.assertNotEqual(self.call("stamped thing 2 bin/x")[0], 0)
        self.assertNotEqual(self.call("stamped thing 1 bin/x bin/gone")[0], 0)

    def test_of_go_only_what_compiles_is_kept(self):
        for name in ("VERSION", "go.env", "bin/go", "bin/gofmt", "pkg/include/a.h", "pkg/tool/x_y/asm", "pkg/tool/x_y/compile",
                     "pkg/tool/x_y/link", "pkg/tool/x_y/vet", "src/go.mod", "src/os/os.go", "src/os/os_test.go",
                     "src/os/testdata/t", "src/cmd/go/main.go", "src/internal/cmd/c.go"):
            self.put("from/" + name, "")
        self.assertEqual(self.call(f'keep_go "{self.root}/from" "{self.root}/to"')[0], 0)
        kept = sorted(str(path.relative_to(self.root / "to")) for path in (self.root / "to").rglob("*") if path.is_file())
        self.assertEqual(kept, ["VERSION", "bin/go", "go.env", "pkg/include/a.h", "pkg/tool/x_y/asm",
                                "pkg/tool/x_y/compile", "pkg/tool/x_y/link", "src/go.mod", "src/internal/cmd/c.go",
                                "src/os/os.go"])

    def test_the_version_of_go_is_read(self):
        self.put("go", "#!/bin/sh\necho go version go1.27.3 linux/amd64\n")
        self.assertEqual(self.call(f'chmod +x "{self.root}/go"; go_version "{self.root}/go"'), (0, "1.27.3\n"))


if __name__ == "__main__":
    unittest.main()
