// SPDX-License-Identifier: MIT
#include "tests/unit/verify/fixture.h"

#include "core/bitcoin/pow.h"
#include "core/crypto/hash.h"

namespace bowline::test {

namespace {
constexpr std::uint8_t kOne[1] = {1};

/// The key that adds up to itself: of a committee of one, whose vault key is the number 1, the aggregate's secret is
/// BIP327's coefficient alone.
crypto::PrivateKey vaultKey()
{
    base::Bytes one(32, 0);
    one.back() = kOne[0];
    return must(crypto::PrivateKey::fromBytes(one));
}

crypto::PrivateKey committeeOfOne()
{
    const base::Bytes key = base::toBytes(vaultKey().publicKey().view());
    const base::Digest list = crypto::taggedHash("KeyAgg list", {key});
    const base::Digest coefficient = crypto::taggedHash("KeyAgg coefficient", {list.view(), key});
    return must(crypto::PrivateKey::fromBytes(coefficient.view()));
}

Network makeNetwork()
{
    Network out;
    const auto message = keyOf(60);
    const Digest possession = possessionMessage(vaultKey().publicKey(), message.xOnlyPublicKey());
    out.members = {{vaultKey().publicKey(), message.xOnlyPublicKey(),
                    must(crypto::signSchnorr(vaultKey(), possession.view()))}};
    out.operators = {keyOf(20).xOnlyPublicKey()};
    out.sequencerUrls = {"http://127.0.0.1:1234"};
    out.seal = {{base::Txid{{7}}, 1}, Amount::fromSat(100'000), 60};
    return out;
}
} // namespace

SealedWorld::SealedWorld(bool refilled)
    : network(makeNetwork()), layer(1, committeeOfOne(),
                                    [this](NetworkParams& params) {
                                        network.params = params;
                                        must(pinLists(network));
                                        params = network.params;
                                    }),
      m_open{network.seal.outpoint, network.seal.value}
{
    network.params = layer.params;
    must(checkNetwork(network));
    vault = layer.fund(layer.alice);
    anchorHead();
    const auto pay = [this](std::int64_t sat, std::uint64_t later) {
        Transaction out = layer.make(layer.alice, Transfer{layer.bob.xOnlyPublicKey(), Amount::fromSat(sat)});
        out.nonce += later;
        return layer.sign(out, layer.alice);
    };
    payments = {pay(5'000, 0), pay(7'000, 1), pay(9'000, 2)};
    receipts = layer.commit(payments).receipts;
    paidIn = layer.head().height.value;
    const Bytes script = bitcoin::payToTaproot(keyOf(33).xOnlyPublicKey());
    layer.commit(
        {layer.make(layer.alice, WithdrawRequest{Amount::fromSat(50'000), Amount::fromSat(2'000), script})});
    std::vector<seal::Seal> added;
    if (refilled) {
        moveByCommittee();
        added = {refill()};
    }
    anchorHead(added);
    layer.chain.mineMany(2);
}

void SealedWorld::anchorHead(const std::vector<seal::Seal>& added)
{
    const auto terms = must(seal::SealTerms::create(network));
    const auto commitment = must(seal::Commitment::of(layer.head()));
    mineLink(must(terms.makeAnchor(m_open, commitment, Amount::fromSat(400), layer.sequencer, added)), added);
}

void SealedWorld::moveByCommittee()
{
    const auto terms = must(seal::SealTerms::create(network));
    const auto moved = must(terms.recovery(m_open, Amount::fromSat(400), terms.script()));
    const Digest hash = must(terms.recoverySighash(m_open, moved));
    mineLink(terms.signedRecovery(moved, must(crypto::signSchnorr(layer.committee, hash.view()))), {});
}

seal::Seal SealedWorld::refill()
{
    const auto terms = must(seal::SealTerms::create(network));
    const Amount value = Amount::fromSat(50'000);
    const auto paid = spend({{base::Txid{{8}}, 0}}, {{value, terms.script()}});
    layer.chain.mine({paid});
    return {{paid.txid(), 0}, value};
}

void SealedWorld::mineLink(const bitcoin::Transaction& link, const std::vector<seal::Seal>& added)
{
    const Height height = layer.chain.mine({link});
    const std::vector<Digest> txids = layer.chain.at(height).txids();
    verify::ShownAnchor shown{height, link.serialize(), bitcoin::merklePath(txids, 1), {}};
    for (const seal::Seal& each : added) shown.added.push_back(each.value);
    anchors.push_back(std::move(shown));
    m_open = {{link.txid(), 0}, link.outputs[0].value};
}

verify::ProofFile SealedWorld::fileOf(std::uint64_t batch) const
{
    verify::ProofFile out;
    out.network = network;
    for (Height height{MinedChain::kCheckpoint + 1}; height <= layer.chain.tip(); height = height + 1)
        out.bitcoin.push_back(layer.chain.header(height));
    for (std::size_t i = 1; i < layer.batches.size(); ++i)
        out.headers.push_back(layer.batches[i].head.header);
    out.batch = {batch};
    out.signature = layer.batches[batch].head.signature;
    out.anchors = anchors;
    return out;
}

verify::ProofFile SealedWorld::stateFile(const ObjectId& object) const
{
    verify::ProofFile out = fileOf(layer.head().height.value);
    verify::ShownState shown{object, {}, layer.state().prove(object.key()), {}};
    if (const Bytes* value = layer.state().find(object.key())) shown.value = *value;
    out.subject = shown;
    return out;
}

verify::ProofFile SealedWorld::accountFile(const crypto::PrivateKey& key) const
{
    return stateFile(accountId(key.xOnlyPublicKey()));
}

verify::ProofFile SealedWorld::historyFile() const
{
    verify::ProofFile out = accountFile(layer.alice);
    std::vector<HistoryEntry> entries;
    for (const SignedBatch& batch : layer.batches) {
        for (std::uint32_t i = 0; i < batch.body.transactions.size(); ++i)
            entries.push_back({hashOfEncoded(batch.body.transactions[i]), batch.head.header.height, i});
    }
    std::get<verify::ShownState>(out.subject).history = entries;
    return out;
}

verify::ProofFile SealedWorld::paymentFile(std::size_t which) const
{
    verify::ProofFile out = fileOf(paidIn);
    std::vector<Digest> hashes;
    std::vector<Digest> receiptHashes;
    for (const Receipt& receipt : receipts) {
        hashes.push_back(Digest{receipt.transaction.bytes});
        receiptHashes.push_back(receipt.hash());
    }
    out.subject = verify::ShownTransaction{payments[which].encode(), listPath(hashes, which), receipts[which],
                                           listPath(receiptHashes, which).siblings};
    return out;
}

verify::ProofFile SealedWorld::batchFile() const
{
    verify::ProofFile out = fileOf(paidIn);
    out.subject = verify::ShownBatch{layer.batches[paidIn].body, receipts};
    return out;
}

OneProof SealedWorld::proof() const
{
    OneProof out;
    const BatchHeader& head = layer.head();
    out.head.batch = head.height;
    out.head.hash = head.hash();
    out.head.state = head.stateRoot;
    out.head.l1Height = head.l1Height;
    out.head.l1Hash = head.l1Hash;
    auto work = bitcoin::Uint256::fromLittleEndian(network.params.checkpointWork);
    for (Height height{MinedChain::kCheckpoint + 1}; height <= head.l1Height; height = height + 1)
        work += bitcoin::blockWork(layer.chain.at(height).header.bits);
    out.head.l1Work = work.littleEndian();
    out.head.program = digestOf(9);
    return out;
}

} // namespace bowline::test
