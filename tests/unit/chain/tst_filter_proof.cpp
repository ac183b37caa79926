// SPDX-License-Identifier: MIT
// core/chain: what a block proves about its filter.
#include "core/chain/filter_proof.h"
#include "tests/support/scripted_peer.h"

#include <QTest>

using namespace bowline;
using namespace bowline::test;

class TestFilterProof : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void theTrueFilterPasses();
    void aHiddenPaymentIsProven();
    void aHiddenSpendingIsNot();
    void aPaddedFilterIsProven();
    void garbageIsProven();

private:
    bitcoin::Block m_block;
    bitcoin::Script m_paid{bitcoin::payToTaproot(base::XOnlyPublicKey{{1}})};
    bitcoin::Script m_spent{bitcoin::payToTaproot(base::XOnlyPublicKey{{2}})};
    bitcoin::Script m_other{bitcoin::Script{bitcoin::OP_1}}; // what else the block pays to
    bitcoin::Script m_change{bitcoin::Script{bitcoin::OP_2}};
    [[nodiscard]] base::Status check(const std::vector<bitcoin::Script>& elements) const
    {
        return chain::checkFilterAgainstBlock(bitcoin::buildFilter(m_block.header.hash(), elements), m_block);
    }
};

void TestFilterProof::initTestCase()
{
    ScriptedChain chain;
    chain.mine({m_paid, bitcoin::nullDataScript(base::viewOf("data"))}, bitcoin::OutPoint{base::Txid{{9}}, 0},
               m_spent);
    m_block = chain.blocks[1];
    QVERIFY(chain::checkFilterAgainstBlock(chain.filters[1], m_block).ok());
}

void TestFilterProof::theTrueFilterPasses() { QVERIFY(check({m_paid, m_other, m_change, m_spent}).ok()); }

void TestFilterProof::aHiddenPaymentIsProven()
{
    const bitcoin::Script filler = bitcoin::payToTaproot(base::XOnlyPublicKey{{3}});
    QVERIFY(check({filler, m_other, m_change, m_spent}).error().code == chain::kFilterContradictsBlock);
    QVERIFY(check({m_other, m_change, m_spent}).error().code == chain::kFilterContradictsBlock);
    QVERIFY(check({}).error().code == chain::kFilterContradictsBlock);
}

void TestFilterProof::aHiddenSpendingIsNot()
{
    // The limit that the header names: it is why disputed blocks are downloaded whole.
    QVERIFY(check({m_paid, m_other, m_change}).ok());
}

void TestFilterProof::aPaddedFilterIsProven()
{
    const bitcoin::Script filler = bitcoin::payToTaproot(base::XOnlyPublicKey{{3}});
    QVERIFY(check({m_paid, m_other, m_change, m_spent, filler}).error().code ==
            chain::kFilterContradictsBlock);
}

void TestFilterProof::garbageIsProven()
{
    const bitcoin::BlockFilter garbage{m_block.header.hash(), {4, 0xff, 0xff, 0xff}};
    QVERIFY(chain::checkFilterAgainstBlock(garbage, m_block).error().code == chain::kFilterContradictsBlock);
}

QTEST_GUILESS_MAIN(TestFilterProof)
#include "tst_filter_proof.moc"
