// SPDX-License-Identifier: MIT
// core/l2: every hash and encoding of docs/protocol.md, against the file that the Go tests read too and that
// a third implementation (data/known_answers.py) wrote.
#include "core/crypto/blake3.h"
#include "core/crypto/hash.h"
#include "core/l2/genesis.h"
#include "core/l2/hashes.h"
#include "core/l2/statement.h"
#include "core/l2/transaction.h"

#include <QTest>

#include <boost/json.hpp>

#include <fstream>
#include <sstream>

using namespace bowline;
using namespace bowline::l2;
namespace json = boost::json;

namespace {
const json::object& answers()
{
    static const json::value root = [] {
        std::ifstream in(std::string(BOWLINE_SOURCE_DIR) + "/tests/unit/l2/data/known_answers.json");
        std::stringstream text;
        text << in.rdbuf();
        return json::parse(text.str());
    }();
    return root.as_object();
}

std::string text(const json::value& value) { return std::string(value.as_string()); }

Bytes hexOf(const json::value& value) { return base::fromHex(text(value)).value(); }

Bytes fill(std::size_t start, std::size_t size = 32)
{
    Bytes out;
    for (std::size_t i = 0; i < size; ++i) out.push_back(static_cast<std::uint8_t>((start + 7 * i) % 251));
    return out;
}

template <typename H>
H fillHash(std::size_t start)
{
    return H{base::toArray<32>(fill(start)).value()};
}

Digest numbered(std::string_view name, std::uint32_t number)
{
    base::Writer writer;
    writer.bytes(base::viewOf(name));
    writer.u32le(number);
    return crypto::sha256(writer.data());
}

NetworkParams knownParams() { return parseParams(hexOf(answers().at("params").at("encoding"))).value(); }

// The chain of inputs that known_answers.py describes.
template <typename Function>
std::string chainOfHashes(const json::value& rounds, Function function)
{
    Bytes x(32, 0);
    std::size_t length = 0;
    for (std::int64_t i = 0; i < rounds.at(0).as_int64(); ++i) {
        length = (length + static_cast<std::size_t>(rounds.at(1).as_int64())) % 1500;
        Bytes input;
        for (std::size_t j = 0; j < length; ++j) input.push_back(x[j % 32]);
        const auto digest = function(input);
        x.assign(digest.bytes.begin(), digest.bytes.end());
    }
    return base::toHex(x);
}
} // namespace

class TestKnownAnswers : public QObject {
    Q_OBJECT
private slots:
    void spongeHashesElementsAndBytes();
    void blake3HashesEveryLength();
    void longChainsOfHashesEndAlike();
    void listsAndAppendOnlyTreesHaveTheirRoots();
    void pathsOfAppendOnlyTreesLeadToTheRoot();
    void parametersAndHeadersKeepTheirBytes();
    void everyTypeOfTransactionKeepsItsBytes();
    void fieldsOfTransactionsAreWhereTheyBelong();
    void everyKindOfObjectKeepsItsBytes();
    void hashesOfTheProtocolAreTheirs();
    void genesisFollowsFromTheParameters();
};

void TestKnownAnswers::spongeHashesElementsAndBytes()
{
    for (const json::value& c : answers().at("sponge").as_array()) {
        std::vector<field::Element> elements;
        for (const json::value& e : c.at("elements").as_array()) {
            elements.push_back(field::Element::from(e.to_number<std::uint32_t>()));
        }
        const auto tag = static_cast<field::SpongeTag>(c.at("tag").to_number<std::uint32_t>());
        QCOMPARE(field::hashElements(tag, elements).hex(), text(c.at("digest")));
    }
    for (const json::value& c : answers().at("sponge_bytes").as_array()) {
        const Bytes data =
            fill(c.at("fill").at(0).to_number<std::size_t>(), c.at("fill").at(1).to_number<std::size_t>());
        const auto tag = static_cast<field::SpongeTag>(c.at("tag").to_number<std::uint32_t>());
        QCOMPARE(field::hashBytes(tag, data).hex(), text(c.at("digest")));
    }
    const json::value& h = answers().at("history");
    const auto previous = field::parseDigest(hexOf(h.at("previous"))).value();
    QCOMPARE(historyStep(previous, TxHash::fromHex(text(h.at("transaction"))).value(),
                         {h.at("batch").to_number<std::uint64_t>()}, h.at("index").to_number<std::uint32_t>())
                 .hex(),
             text(h.at("digest")));
}

void TestKnownAnswers::blake3HashesEveryLength()
{
    for (const json::value& c : answers().at("blake3").as_array()) {
        Bytes data;
        for (std::size_t i = 0; i < c.at("length").to_number<std::size_t>(); ++i) {
            data.push_back(static_cast<std::uint8_t>(i % 251));
        }
        QCOMPARE(crypto::blake3(data).hex(), text(c.at("digest")));
    }
}

void TestKnownAnswers::longChainsOfHashesEndAlike()
{
    const json::value& chains = answers().at("chains");
    const auto sponge = [](const Bytes& data) { return field::hashBytes(field::SpongeTag::Value, data); };
    const auto blake3 = [](const Bytes& data) { return crypto::blake3(data); };
    QCOMPARE(chainOfHashes(chains.at("rounds").at("sponge"), sponge), text(chains.at("sponge")));
    QCOMPARE(chainOfHashes(chains.at("rounds").at("blake3"), blake3), text(chains.at("blake3")));
}

void TestKnownAnswers::listsAndAppendOnlyTreesHaveTheirRoots()
{
    for (const json::value& c : answers().at("list_root").as_array()) {
        std::vector<Digest> leaves;
        for (std::uint32_t i = 0; i < c.at("count").to_number<std::uint32_t>(); ++i) {
            leaves.push_back(numbered("leaf", i));
        }
        QCOMPARE(listRoot(leaves).hex(), text(c.at("root")));
    }
    for (const json::value& c : answers().at("append").as_array()) {
        Frontier outbox;
        Frontier claims;
        for (std::uint32_t i = 0; i < c.at("count").to_number<std::uint32_t>(); ++i) {
            outbox.append(AppendHash::Outbox, numbered("leaf", i));
            claims.append(AppendHash::Claims, numbered("leaf", i));
        }
        QCOMPARE(outbox.root(AppendHash::Outbox).hex(), text(c.at("outbox")));
        QCOMPARE(claims.root(AppendHash::Claims).hex(), text(c.at("claims")));
    }
}

void TestKnownAnswers::pathsOfAppendOnlyTreesLeadToTheRoot()
{
    const json::value& nine = answers().at("append").as_array().back();
    std::vector<Digest> leaves;
    for (std::uint32_t i = 0; i < 9; ++i) leaves.push_back(numbered("leaf", i));
    for (std::uint64_t i = 0; i < leaves.size(); ++i) {
        for (const AppendHash hash : {AppendHash::Outbox, AppendHash::Claims}) {
            const auto path = appendPath(hash, leaves, i);
            QCOMPARE(path.size(), kAppendDepth);
            QCOMPARE(rootOfAppendPath(hash, leaves[i], i, path).hex(),
                     text(nine.at(hash == AppendHash::Outbox ? "outbox" : "claims")));
        }
    }
}

void TestKnownAnswers::parametersAndHeadersKeepTheirBytes()
{
    const json::value& p = answers().at("params");
    const NetworkParams params = knownParams();
    QCOMPARE(base::toHex(params.encode()), text(p.at("encoding")));
    QCOMPARE(params.chainId().hex(), text(p.at("chain_id")));
    QCOMPARE(params.firstSeal.index, 6U);
    QCOMPARE(params.sealKey, fillHash<XOnlyPublicKey>(7));
    QCOMPARE(params.depth, 2U);
    QCOMPARE(params.bondBps, 500U);
    QCOMPARE(params.takeBlocks, 10U);
    QCOMPARE(params.minFee.sat(), 100);
    const json::value& h = answers().at("header");
    const BatchHeader header = parseBatchHeader(hexOf(h.at("encoding"))).value();
    QCOMPARE(base::toHex(header.encode()), text(h.at("encoding")));
    QCOMPARE(header.hash().hex(), text(h.at("hash")));
    QCOMPARE(bowlineHash("batch", {header.hash().view()}).hex(), text(h.at("message")));
    QCOMPARE(header.height.value, 77ULL);
    QCOMPARE(header.l1Height.value, 99U);
    QCOMPARE(header.gasUsed, 1234ULL);
}

void TestKnownAnswers::everyTypeOfTransactionKeepsItsBytes()
{
    const ChainId chain = knownParams().chainId();
    for (const json::value& c : answers().at("transactions").as_array()) {
        const Bytes encoding = hexOf(c.at("encoding"));
        const auto tx = parseTransaction(encoding);
        QVERIFY2(tx.ok(), tx.ok() ? "" : tx.error().detail.c_str());
        QCOMPARE(static_cast<std::uint8_t>(tx->type()), c.at("type").to_number<std::uint8_t>());
        QCOMPARE(base::toHex(tx->encode()), text(c.at("encoding")));
        QCOMPARE(tx->hash().hex(), text(c.at("hash")));
        QCOMPARE(hashOfEncoded(encoding), tx->hash());
        QCOMPARE(signingMessage(*tx, chain).hex(), text(c.at("message")));
        for (std::size_t cut = 0; cut < encoding.size(); ++cut) {
            QVERIFY(!parseTransaction(ByteView(encoding).first(cut)).ok());
        }
        Bytes longer = encoding;
        longer.push_back(0);
        QVERIFY(!parseTransaction(longer).ok());
    }
}

void TestKnownAnswers::fieldsOfTransactionsAreWhereTheyBelong()
{
    const auto tx = [](std::size_t type) {
        return parseTransaction(hexOf(answers().at("transactions").at(type - 1).at("encoding"))).value();
    };
    QCOMPARE(tx(1).nonce, 6ULL);
    QCOMPARE(tx(1).fee.sat(), 100);
    QCOMPARE(tx(1).sender, fillHash<XOnlyPublicKey>(35));
    QCOMPARE(std::get<Transfer>(tx(1).payload).amount.sat(), 5'000);
    QCOMPARE(std::get<Mint>(tx(2).payload).graphRoot, fillHash<Digest>(32));
    QCOMPARE(std::get<Mint>(tx(2).payload).deposit.height.value, 160U);
    QCOMPARE(std::get<Mint>(tx(2).payload).deposit.coinbasePath.size(), std::size_t{2});
    QCOMPARE(std::get<WithdrawRequest>(tx(3).payload).operatorFee.sat(), 300);
    QCOMPARE(std::get<WithdrawAccept>(tx(4).payload).id, 7ULL);
    QCOMPARE(std::get<WithdrawAccept>(tx(4).payload).leastPayHeight.value, 171U);
    QCOMPARE(std::get<WithdrawProve>(tx(5).payload).id, 8ULL);
    QCOMPARE(std::get<WithdrawReclaim>(tx(6).payload).id, 9ULL);
    QCOMPARE(std::get<OperatorRegister>(tx(7).payload).stake.sat(), 100'000);
    const auto claim = std::get<ClaimVault>(tx(9).payload);
    QCOMPARE(claim.depositId, fillHash<Digest>(54));
    QCOMPARE(claim.kickoff, fillHash<Txid>(51));
    QCOMPARE(claim.take, fillHash<Txid>(52));
    QCOMPARE(claim.graphLeaves.size(), std::size_t{2});
    QCOMPARE(std::get<ClaimVoid>(tx(10).payload).claim, 10ULL);
    QCOMPARE(std::get<ClaimSettle>(tx(11).payload).claim, 11ULL);
    QCOMPARE(std::get<SealProof>(tx(12).payload).anchor.height.value, 200U);
    QCOMPARE(std::get<ProgramChange>(tx(13).payload).number, 3U);
    QCOMPARE(std::get<ProgramChange>(tx(13).payload).delay, 900U);
}

namespace {
Bytes survived(ObjectKind kind, const Bytes& value)
{
    switch (kind) {
    case ObjectKind::Account: return parseAccount(value).value().encode();
    case ObjectKind::L1View: return parseL1View(value).value().encode();
    case ObjectKind::L1Block: return base::toBytes(parseL1Block(value).value().view());
    case ObjectKind::Vault: return parseVault(value).value().encode();
    case ObjectKind::Withdrawal: return parseWithdrawal(value).value().encode();
    case ObjectKind::Operator: return parseOperator(value).value().encode();
    case ObjectKind::Payment: {
        base::Writer writer;
        writer.u64le(parsePayment(value).value());
        return writer.take();
    }
    case ObjectKind::Counters: return parseCounters(value).value().encode();
    case ObjectKind::Claim: return parseClaim(value).value().encode();
    case ObjectKind::Chain: return parseChainObject(value).value().encode();
    case ObjectKind::Batch: return parseBatchObject(value).value().encode();
    }
    return {};
}
} // namespace

void TestKnownAnswers::everyKindOfObjectKeepsItsBytes()
{
    for (const json::value& c : answers().at("objects").as_array()) {
        const ObjectId id{static_cast<ObjectKind>(c.at("kind").to_number<std::uint8_t>()), hexOf(c.at("id"))};
        QCOMPARE(id.key().hex(), text(c.at("key")));
        QCOMPARE(base::toHex(survived(id.kind, hexOf(c.at("value")))), text(c.at("value")));
    }
    const auto withdrawal = parseWithdrawal(hexOf(answers().at("objects").at(4).at("value"))).value();
    QCOMPARE(withdrawal.payHeight.value, 120U);
    QCOMPARE(withdrawal.bond.sat(), 1'000);
    const auto counters = parseCounters(hexOf(answers().at("objects").at(7).at("value"))).value();
    QCOMPARE(counters.outbox.nodes.size(), std::size_t{2});
    QCOMPARE(counters.claims.nodes.size(), std::size_t{1});
    const auto chain = parseChainObject(hexOf(answers().at("objects").at(9).at("value"))).value();
    QVERIFY(chain.seals == SealsStatus::Other);
    QCOMPARE(chain.sealedBatch.value, 44ULL);
    QCOMPARE(chain.announcedBatch.value, 41ULL);
    QCOMPARE(chain.activationHeight.value, 1023U);
    QCOMPARE(*chain.programOf({76}), fillHash<Digest>(50));
    QCOMPARE(*chain.programOf({77}), chain.announced);
    QVERIFY(!ChainObject{}.programOf({0}) && !ChainObject{}.programOf({1}));
}

void TestKnownAnswers::hashesOfTheProtocolAreTheirs()
{
    const json::value& h = answers().at("hashes");
    const ChainId chain = knownParams().chainId();
    const auto claimTx = parseTransaction(hexOf(answers().at("transactions").at(8).at("encoding"))).value();
    const auto claim = std::get<ClaimVault>(claimTx.payload);
    const auto operatorKey = fillHash<XOnlyPublicKey>(50);
    const auto value = Amount::fromSat(1'000'000);
    const Digest leaf = graphLeaf(operatorKey, claim.funding, claim.kickoff, claim.take, claim.payout);
    QCOMPARE(mintMessage(chain, claim.vault, value, fillHash<XOnlyPublicKey>(31), fillHash<Digest>(32),
                         fillHash<Digest>(33))
                 .hex(),
             text(h.at("mint_message")));
    ProgramChange change;
    change.number = 3;
    change.program = fillHash<Digest>(56);
    change.delay = 900;
    QCOMPARE(programMessage(chain, change).hex(), text(h.at("program_message")));
    QCOMPARE(paymentTag(chain, 7, operatorKey, 2).hex(), text(h.at("payment_tag")));
    QCOMPARE(leaf.hex(), text(h.at("graph_leaf")));
    QCOMPARE(graphRoot(claim.depositId, claim.vault, claim.graphLeaves).hex(), text(h.at("graph_root")));
    QCOMPARE(claimId(fillHash<TxHash>(55), claim.depositId, operatorKey, leaf).hex(), text(h.at("claim_id")));
    QCOMPARE(outboxLeaf(OutboxKind::Claim, 6, fillHash<TxHash>(55)).hex(), text(h.at("outbox_leaf")));
    QCOMPARE(inboxStep(fillHash<Digest>(56), claim.vault, value, fillHash<XOnlyPublicKey>(31)).hex(),
             text(h.at("inbox_step")));
    const Receipt receipt{fillHash<TxHash>(55), TxType::Claim, Amount::fromSat(100), 6};
    QCOMPARE(receipt.hash().hex(), text(h.at("receipt")));
    const auto sequencer = fillHash<XOnlyPublicKey>(4);
    QCOMPARE(sequencerSetOf(sequencer).hex(), text(h.at("sequencer_set")));
    QCOMPARE(base::toHex(proposerOf(sequencer)), text(h.at("proposer")));
}

void TestKnownAnswers::genesisFollowsFromTheParameters()
{
    const json::value& g = answers().at("genesis");
    const BatchHeader header = genesisHeader(knownParams());
    QCOMPARE(base::toHex(header.encode()), text(g.at("header")));
    QCOMPARE(header.hash().hex(), text(g.at("hash")));
    const Statement statement = parseStatement(hexOf(g.at("statement"))).value();
    QCOMPARE(base::toHex(statement.encode()), text(g.at("statement")));
    QCOMPARE(statement.digest().hex(), text(g.at("digest")));
    QCOMPARE(statement.state.hex(), text(g.at("state")));
    QCOMPARE(statement.genesisHash, header.hash());
}

QTEST_APPLESS_MAIN(TestKnownAnswers)
#include "tst_l2_known_answers.moc"
