// SPDX-License-Identifier: MIT
// Every instruction's table accepts what the executor did, on random and edge operands, and the whole shard proves.
#include "tests/unit/proving/random_code.h"

#include <QtTest>

using namespace bowline;
using namespace bowline::test;
using namespace bowline::test::mips;

class TestProvingInstructions : public QObject {
    Q_OBJECT
private slots:
    void randomCode_data()
    {
        QTest::addColumn<std::uint32_t>("seed");
        for (std::uint32_t seed = 1; seed <= 6; ++seed) QTest::addRow("%u", seed) << seed;
    }
    void randomCode()
    {
        QFETCH(std::uint32_t, seed);
        RandomCode random(seed);
        const zkvm::Registers registers = random.registers();
        const Executed executed(random.code(600), randomData(seed), registers);
        QVERIFY(executed.shard.statement.halted);
        const std::string violations = executed.violations();
        QVERIFY2(violations.empty(), violations.c_str());
    }
};

QTEST_GUILESS_MAIN(TestProvingInstructions)
#include "tst_proving_instructions.moc"
