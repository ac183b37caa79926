// SPDX-License-Identifier: MIT
// Every instruction's table accepts what the executor did, on random and edge operands, and the whole shard proves.
#include "core/stark/verifier.h"
#include "tests/unit/proving/fixture.h"
#include "tests/unit/proving/random_code.h"

#include <QtTest>

using namespace bowline;
using namespace bowline::test;
using namespace bowline::test::mips;

namespace {
proving::ProvingOptions testOptions()
{
    proving::ProvingOptions out;
    out.parameters = kTestParameters;
    return out;
}

struct Executed {
    BareProgram program;
    proving::ExecutedShard shard;

    Executed(const std::vector<Word>& code, const std::vector<Word>& data, const zkvm::Registers& registers)
        : program(code, data, registers)
    {
        const auto machine = expect(zkvm::Machine::create(program.image, {}, {}));
        zkvm::MemoryTree tree = program.prepared->tree();
        shard = expect(proving::executeShard(*program.prepared, *machine, tree, testOptions()));
    }
    [[nodiscard]] std::string violations() const
    {
        return violationsOf(program.prepared->key().system(), shard);
    }
};
} // namespace

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
        const std::vector<Word> code = random.code(600);
        const Executed executed(code, random.data(128), registers);
        QVERIFY(executed.shard.statement.halted);
        QCOMPARE(executed.violations(), std::string{});
    }
};

QTEST_GUILESS_MAIN(TestProvingInstructions)
#include "tst_proving_instructions.moc"
