// SPDX-License-Identifier: MIT
// The pinned shapes are those of the pinned program: its code's table has the rows that lifts hang on, and there is a shape with every
// table that its code can ask for.
#include "core/chips/program_table.h"
#include "core/proven/keys.h"
#include "core/proving/program.h"
#include "core/stf/image_program.h"
#include "core/stf/pins.h"
#include "tests/support/results.h"

#include <QtTest>

using namespace bowline;
using test::must;

class TestProvenProgram : public QObject {
    Q_OBJECT
private slots:
    void shapesHaveWhatTheCodeCanAskFor()
    {
        const auto keys = must(base::Result<proven::ProofKeys>(proven::pinnedKeys()));
        const stf::ProgramPin pin = must(stf::pinOf(bitcoin::Network::Regtest));
        const auto image =
            must(stf::ImageProgram::open(BOWLINE_BINARY_DIR "/bin/bowline-stf.image", pin.imageDigest));
        const auto program = must(proving::PreparedProgram::make(image->image(), stark::kCoreParameters, {}));
        QCOMPARE(program->commitment().programLog, keys.programLog);
        QCOMPARE(program->commitment().id().hex(), pin.id.hex());
        const chips::MachineTables& tables = program->tables();
        std::set<std::size_t> asked;
        for (const zkvm::TextRange& range : image->image().text) {
            for (std::uint32_t i = 0; i < range.words.size(); ++i) {
                const chips::MicroOp op = tables.program().at(*tables.program().rowOf(range.base + 4 * i));
                const chips::Kind kind = chips::kindOf(op.code);
                if (kind == chips::Kind::None) continue; // no instruction: to come there is a fault
                asked.insert(chips::MachineTables::placeOf(kind));
                for (std::size_t call = 0; call < tables.calls().size(); ++call) {
                    if (kind == chips::Kind::Primitive && tables.calls()[call].number == op.immediate)
                        asked.insert(tables.placeOfCall(call));
                }
            }
        }
        QVERIFY(asked.size() > 20);
        std::size_t shapes = 0;
        for (const stark::Heights& shape : keys.shapes()) {
            QCOMPARE(shape.size(), tables.size());
            const bool hasAll = std::all_of(asked.begin(), asked.end(),
                                            [&](std::size_t place) { return shape[place].has_value(); });
            shapes += hasAll ? 1 : 0;
        }
        QVERIFY(shapes >= 1 && shapes < keys.lifts.size()); // those for shards without signatures lack some
    }
};

QTEST_APPLESS_MAIN(TestProvenProgram)
#include "tst_proven_program.moc"
