# SPDX-License-Identifier: MIT
"""translations.py finds lost placeholders, slipped-in links and addresses, and what else would mislead."""

import unittest
from xml.sax.saxutils import escape

from support import TreeTest

import translations


def message(source, translated, kind="", numerus=""):
    inner = "".join(f"<numerusform>{escape(t)}</numerusform>" for t in translated) if numerus else escape(translated)
    return (f"<message{numerus}><source>{escape(source)}</source>"
            f"<translation{kind}>{inner}</translation></message>\n")


class TranslationsTest(TreeTest):
    def rules(self, *messages, name="bowline_de.ts", language="de"):
        self.put("translations/" + name, f'<?xml version="1.0"?>\n<TS version="2.1" language="{language}">\n<context>'
                 f"<name>A</name>\n{''.join(messages)}</context></TS>\n")
        return [finding.rule for finding in translations.check(self.root)]

    def test_planted_violations_are_found(self):
        cases = [
            ("placeholder", "Send %1 to %2", "Sende %1"),
            ("placeholder", "Send %1", "Sende %1 %1"),
            ("placeholder", "Send %1", "Sende %2"),
            ("placeholder", "%L1 blocks", "%1 Bl\u00f6cke"),
            ("placeholder", "Block", "Block %n"),
            ("markup", "<b>Send</b>", "<b>Sende"),
            ("markup", "Send", "<img src='x'>Sende"),
            ("link", "Help", "Hilfe: https://example.org"),
            ("link", "Help", "Hilfe: www.hilfe"),
            ("link", "Help", "hilfe@example.org"),
            ("link", "Help", "bowline-wallet.com"),
            ("link", "Pay", "bitcoin:xyz"),
            ("address", "Donate", "Spende bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
            ("address", "Donate", "Spende 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"),
            ("address", "Donate", "Spende bcrt1qqqqqqqqqqqq"),
            ("override", "Amount", "\u202eBetrag"),
            ("empty", "Amount", ""),
        ]
        for rule, source, translated in cases:
            with self.subTest(rule=rule, translated=translated):
                self.assertEqual(self.rules(message(source, translated)), [rule])

    def test_good_translations_pass(self):
        self.assertEqual(self.rules(
            message("Send %1 to %2", "An %2 wird %1 gesendet"),
            message("100% done", "100% fertig"),
            message("Amount", "", kind=' type="unfinished"'),
            message("Old %1", "Alt", kind=' type="vanished"'),
            message("%n block(s)", ["ein Block", "%n Bl\u00f6cke"], numerus=' numerus="yes"'),
            message("<b>%1</b>", "<b>%1</b>"),
            message("Data", "z. B. Daten usw. (BIP 39)")), [])

    def test_a_plural_form_keeps_its_other_placeholders(self):
        self.assertEqual(self.rules(message("%n of %1", ["eins", "%n von %1"], numerus=' numerus="yes"')),
                         ["placeholder"])

    def test_an_unfinished_text_is_checked_too(self):
        self.assertEqual(self.rules(message("Send %1", "Sende", kind=' type="unfinished"')), ["placeholder"])

    def test_broken_and_misnamed_files_are_found(self):
        self.assertEqual(self.rules(message("a", "b"), language="fr"), ["language"])
        self.put("translations/bowline_de.ts", "<TS><context>")
        self.assertEqual([finding.rule for finding in translations.check(self.root)], ["xml"])

    def test_the_program_fails_and_names_the_line(self):
        self.rules(message("Send", "Sende"), message("Send %1", "Sende"))
        code, output = self.run_program("translations.py")
        self.assertEqual(code, 1)
        self.assertIn("translations/bowline_de.ts:5: placeholder", output)


if __name__ == "__main__":
    unittest.main()
