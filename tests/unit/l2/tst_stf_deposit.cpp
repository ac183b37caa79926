// SPDX-License-Identifier: MIT
// The state transition, deposits: only a confirmed vault that the whole committee authorised mints, once, to
// whom the committee named (rules A3, A4, A16).
#include "tests/unit/l2/fixture.h"

#include <QTest>

using namespace bowline;
using namespace bowline::test;

namespace {
const Amount kValue = Amount::fromSat(10'000'000);

// The mint with another payload, signed by the committee as it then stands.
Transaction changed(const Layer& layer, const TestVault& vault, void (*change)(Mint&))
{
    Mint mint = std::get<Mint>(vault.mint.payload);
    change(mint);
    return layer.signMint(std::move(mint), vault.outpoint, vault.value);
}
} // namespace

class TestStfDeposit : public QObject {
    Q_OBJECT
private slots:
    void confirmedVaultIsMintedToItsDepositor();
    void blockWithoutEnoughOnTopMintsNothing();
    void vaultMintsOnce();
    void withoutTheCommitteeNothingIsMinted();
    void signatureNamesRecipientValueAndGraph();
    void onlyDenominationsAreMinted();
    void mintWithASenderIsRefused();
    void proofFromAnotherBlockIsRefused();
    void shortAndLongPathsAreRefused();
    void innerNodeOfTheTreeIsNoTransaction();
    void strangerAsCoinbaseIsRefused();
    void changedTransactionIsRefused();
    void inboxFoldsEveryMint();
    void fullBatchLeavesTheRestForTheNext();
};

void TestStfDeposit::confirmedVaultIsMintedToItsDepositor()
{
    Layer layer;
    const TestVault vault = layer.makeVault(layer.alice, kValue);
    const auto done = layer.commit({vault.mint});
    QCOMPARE(layer.balance(layer.alice), kValue);
    QCOMPARE(layer.vault(vault.outpoint).status, VaultStatus::Live);
    QCOMPARE(layer.vault(vault.outpoint).recipient, layer.alice.xOnlyPublicKey());
    QCOMPARE(layer.counters().minted, 10'000'000ULL);
    QCOMPARE(done.receipts[0].fee, Amount{});
    QCOMPARE(done.runs, 1U);
    QVERIFY(layer.conserved());
}

void TestStfDeposit::blockWithoutEnoughOnTopMintsNothing()
{
    Layer layer(3);
    const TestVault vault = layer.makeVault(layer.alice, kValue);
    const Height mined = std::get<Mint>(vault.mint.payload).deposit.height;
    MinedChain& chain = layer.chain;
    chain.cut(mined);
    for (unsigned onTop = 0; onTop < 3; ++onTop) {
        QCOMPARE(layer.refusal(vault.mint), std::string("proof-not-confirmed"));
        chain.mine();
    }
    QCOMPARE(layer.refusal(vault.mint), std::string());
}

void TestStfDeposit::vaultMintsOnce()
{
    Layer layer;
    const TestVault vault = layer.fund(layer.alice);
    QCOMPARE(layer.refusal(vault.mint), std::string("mint-twice"));
    const auto other = changed(layer, vault, [](Mint& m) { m.recipient = keyOf(4).xOnlyPublicKey(); });
    QCOMPARE(layer.refusal(other), std::string("mint-twice"));
    // Twice in one batch.
    const TestVault second = layer.makeVault(layer.alice, kValue);
    const auto result = layer.propose(layer.bodyWith({second.mint, second.mint}));
    QCOMPARE(std::get<Execution>(result).rejected.size(), std::size_t{1});
    QCOMPARE(std::get<Execution>(result).rejected[0].reason, std::string("mint-twice"));
}

void TestStfDeposit::withoutTheCommitteeNothingIsMinted()
{
    Layer layer;
    const TestVault vault = layer.makeVault(layer.alice, kValue);
    Transaction none = vault.mint;
    std::get<Mint>(none.payload).committeeSignature = {};
    QCOMPARE(layer.refusal(none), std::string("mint-bad-committee-signature"));
    Transaction forged = vault.mint;
    Mint& mint = std::get<Mint>(forged.payload);
    const Digest message = mintMessage(layer.chainId, vault.outpoint, vault.value, mint.recipient,
                                       mint.graphRoot, mint.depositId);
    mint.committeeSignature = must(crypto::signSchnorr(layer.sequencer, message.view()));
    QCOMPARE(layer.refusal(forged), std::string("mint-bad-committee-signature"));
    QCOMPARE(layer.refusal(vault.mint), std::string());
}

void TestStfDeposit::signatureNamesRecipientValueAndGraph()
{
    Layer layer;
    const TestVault vault = layer.makeVault(layer.alice, kValue);
    const TestVault other = layer.makeVault(layer.alice, kValue);
    const std::string refused = "mint-bad-committee-signature";
    Transaction stolen = vault.mint;
    std::get<Mint>(stolen.payload).recipient = layer.bob.xOnlyPublicKey();
    QCOMPARE(layer.refusal(stolen), refused);
    Transaction graph = vault.mint;
    std::get<Mint>(graph.payload).graphRoot.bytes[0] ^= 1;
    QCOMPARE(layer.refusal(graph), refused);
    Transaction deposit = vault.mint;
    std::get<Mint>(deposit.payload).depositId.bytes[0] ^= 1;
    QCOMPARE(layer.refusal(deposit), refused);
    // The authorisation of one vault shown with the transaction of another.
    Transaction swapped = vault.mint;
    std::get<Mint>(swapped.payload).deposit = std::get<Mint>(other.mint.payload).deposit;
    QCOMPARE(layer.refusal(swapped), refused);
}

void TestStfDeposit::onlyDenominationsAreMinted()
{
    Layer layer;
    for (const std::int64_t sat : {10'000'001, 9'999'999, 240, 0}) {
        const TestVault vault = layer.makeVault(layer.alice, Amount::fromSat(sat));
        QCOMPARE(layer.refusal(vault.mint), std::string("mint-not-a-denomination"));
    }
    for (const Amount value : layer.params.denominations) {
        QCOMPARE(layer.refusal(layer.makeVault(layer.alice, value).mint), std::string());
    }
}

void TestStfDeposit::mintWithASenderIsRefused()
{
    Layer layer;
    layer.fund(layer.alice);
    const TestVault vault = layer.makeVault(layer.alice, kValue);
    const std::string refused = "mint-with-sender";
    Transaction sender = vault.mint;
    sender.sender = layer.alice.xOnlyPublicKey();
    QCOMPARE(layer.refusal(sender), refused);
    Transaction nonce = vault.mint;
    nonce.nonce = 1;
    QCOMPARE(layer.refusal(nonce), refused);
    Transaction fee = vault.mint;
    fee.fee = Amount::fromSat(100);
    QCOMPARE(layer.refusal(fee), refused);
    Transaction signature = vault.mint;
    signature.signature[63] = 1; // otherwise one mint had many encodings
    QCOMPARE(layer.refusal(signature), refused);
}

void TestStfDeposit::proofFromAnotherBlockIsRefused()
{
    Layer layer;
    const TestVault vault = layer.makeVault(layer.alice, kValue);
    const Height height = std::get<Mint>(vault.mint.payload).deposit.height;
    Transaction header = vault.mint;
    std::get<Mint>(header.payload).deposit.header[4] ^= 1;
    QCOMPARE(layer.refusal(header), std::string("proof-other-block"));
    layer.chain.mineMany(2);
    Transaction elsewhere = vault.mint;
    std::get<Mint>(elsewhere.payload).deposit.height = height + 1;
    QCOMPARE(layer.refusal(elsewhere), std::string("proof-other-block"));
    Transaction future = vault.mint;
    std::get<Mint>(future.payload).deposit.height = {0xffffffff};
    QCOMPARE(layer.refusal(future), std::string("proof-not-confirmed"));
    // The header of the right height, the path of another block.
    Transaction mixed = vault.mint;
    TxProof& proof = std::get<Mint>(mixed.payload).deposit;
    proof.height = height + 1;
    proof.header = layer.chain.header(height + 1);
    proof.path.siblings.clear();
    proof.path.index = 0;
    proof.coinbasePath.clear();
    proof.coinbase = layer.chain.prove(height + 1, 0).coinbase;
    QCOMPARE(layer.refusal(mixed), std::string("proof-wrong-root"));
}

void TestStfDeposit::shortAndLongPathsAreRefused()
{
    Layer layer;
    const TestVault vault = layer.makeVault(layer.alice, kValue);
    Transaction shorter = vault.mint;
    std::get<Mint>(shorter.payload).deposit.path.siblings.clear();
    QCOMPARE(layer.refusal(shorter), std::string("proof-path-length"));
    Transaction longer = vault.mint;
    std::get<Mint>(longer.payload).deposit.path.siblings.push_back(digestOf(1));
    QCOMPARE(layer.refusal(longer), std::string("proof-path-length"));
    Transaction index = vault.mint;
    std::get<Mint>(index.payload).deposit.path.index = 3;
    QCOMPARE(layer.refusal(index), std::string("proof-wrong-root"));
}

// Rule A16: an inner node of a real block, whose 64 bytes are shown as a "transaction" one level too high.
void TestStfDeposit::innerNodeOfTheTreeIsNoTransaction()
{
    Layer layer;
    std::vector<bitcoin::Transaction> filler;
    for (std::uint32_t i = 0; i < 3; ++i)
        filler.push_back(spend({{Txid{digestOf(1).bytes}, i}}, {{kValue, {}}}));
    const Height height = layer.chain.mine(filler);
    layer.confirm();
    const auto txids = layer.chain.at(height).txids();
    const TestVault vault = layer.makeVault(layer.alice, kValue);
    Transaction fake = vault.mint;
    TxProof& proof = std::get<Mint>(fake.payload).deposit;
    proof = layer.chain.prove(height, 2);
    proof.transaction = base::toBytes(txids[2].view());
    base::append(proof.transaction, txids[3].view());
    proof.path.index = 1;
    proof.path.siblings.erase(proof.path.siblings.begin());
    QCOMPARE(layer.refusal(fake), std::string("proof-path-length"));
    // With the coinbase's path cut as well, what is shown as coinbase would have to be an inner node, too.
    proof.coinbasePath.erase(proof.coinbasePath.begin());
    proof.coinbase = base::toBytes(txids[0].view());
    base::append(proof.coinbase, txids[1].view());
    QCOMPARE(layer.refusal(fake), std::string("proof-bad-coinbase"));
}

void TestStfDeposit::strangerAsCoinbaseIsRefused()
{
    Layer layer;
    const TestVault vault = layer.makeVault(layer.alice, kValue);
    Transaction fake = vault.mint;
    TxProof& proof = std::get<Mint>(fake.payload).deposit;
    proof.coinbase = proof.transaction;
    QCOMPARE(layer.refusal(fake), std::string("proof-bad-coinbase"));
    Transaction path = vault.mint;
    std::get<Mint>(path.payload).deposit.coinbasePath[0] = digestOf(1);
    QCOMPARE(layer.refusal(path), std::string("proof-bad-coinbase"));
}

void TestStfDeposit::changedTransactionIsRefused()
{
    Layer layer;
    const TestVault vault = layer.makeVault(layer.alice, Amount::fromSat(1'000'000));
    Transaction richer = vault.mint;
    TxProof& proof = std::get<Mint>(richer.payload).deposit;
    auto tx = must(bitcoin::parseTransaction(proof.transaction));
    tx.outputs[0].value = Amount::fromSat(100'000'000);
    proof.transaction = tx.serialize();
    QCOMPARE(layer.refusal(richer), std::string("proof-wrong-root"));
    Transaction cut = vault.mint;
    std::get<Mint>(cut.payload).deposit.transaction.pop_back();
    QCOMPARE(layer.refusal(cut), std::string("proof-bad-transaction"));
}

void TestStfDeposit::inboxFoldsEveryMint()
{
    Layer layer;
    const TestVault first = layer.makeVault(layer.alice, kValue);
    const TestVault second = layer.makeVault(layer.bob, Amount::fromSat(1'000'000));
    layer.commit({first.mint, second.mint});
    Digest folded = inboxStep({}, first.outpoint, first.value, layer.alice.xOnlyPublicKey());
    folded = inboxStep(folded, second.outpoint, second.value, layer.bob.xOnlyPublicKey());
    QCOMPARE(layer.head().inboxAcc, folded);
    QCOMPARE(layer.head().inboxCount, 2ULL);
}

void TestStfDeposit::fullBatchLeavesTheRestForTheNext()
{
    Layer layer;
    // Vaults in transactions of nearly the greatest size, all in one block.
    constexpr std::size_t kCount = 33;
    std::vector<bitcoin::Transaction> vaults;
    for (std::uint32_t i = 0; i < kCount; ++i) {
        vaults.push_back(
            spend({{Txid{digestOf(9).bytes}, i}}, {{kValue, Bytes{0x51}}, {Amount{}, Bytes(125'000, 0x6a)}}));
    }
    const Height height = layer.chain.mine(vaults);
    layer.confirm();
    BatchBody body = layer.bodyWith({});
    for (std::uint32_t i = 0; i < kCount; ++i) {
        Mint mint;
        mint.recipient = layer.alice.xOnlyPublicKey();
        mint.deposit = layer.chain.prove(height, i + 1);
        body.transactions.push_back(layer.signMint(mint, {vaults[i].txid(), 0}, kValue).encode());
    }
    const std::size_t size = body.transactions[0].size();
    const std::size_t fitting = kGasLimit / size;
    QVERIFY(fitting < kCount);
    const auto proposed = std::get<Execution>(layer.propose(body));
    QCOMPARE(proposed.receipts.size(), fitting);
    QCOMPARE(proposed.header.gasUsed, fitting * size);
    for (const auto& rejected : proposed.rejected) QCOMPARE(rejected.reason, std::string("batch-full"));
    const auto strict = must(layer.executor.apply(layer.head(), layer.state(), proposed.header, body));
    QCOMPARE(std::get<InvalidBatch>(strict).reason, std::string("batch-full"));
}

QTEST_APPLESS_MAIN(TestStfDeposit)
#include "tst_stf_deposit.moc"
