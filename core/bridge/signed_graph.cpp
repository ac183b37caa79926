// SPDX-License-Identifier: MIT
// What a ceremony yielded, as bytes for a database, and back with every signature verified.
#include "core/bridge/graph.h"
#include "core/bridge/messages.h"

namespace bowline::bridge {

namespace {

constexpr std::uint8_t kVersion = 1;

} // namespace

void writeTerms(base::Writer& writer, const DepositTerms& terms)
{
    bitcoin::writeOutPoint(writer, terms.request);
    writer.hash(terms.refundKey);
    writer.hash(terms.recipient);
    writer.amountLe(terms.value);
}

DepositTerms readTerms(base::Reader& reader)
{
    DepositTerms terms;
    terms.request = bitcoin::readOutPoint(reader);
    terms.refundKey = reader.hash<XOnlyPublicKey>();
    terms.recipient = reader.hash<XOnlyPublicKey>();
    terms.value = l2::readAmount(reader);
    return terms;
}

Bytes SignedGraph::serialize() const
{
    base::Writer writer;
    writer.u8(kVersion);
    writeTerms(writer, terms);
    writer.bytes(mintSignature);
    writer.u8(static_cast<std::uint8_t>(offers.size()));
    for (std::size_t i = 0; i < offers.size(); ++i) {
        writer.hash(offers[i].operatorKey);
        bitcoin::writeOutPoint(writer, offers[i].funding);
        l2::writeScript(writer, offers[i].payoutScript);
        writer.bytes(takes.at(i).vault);
        writer.bytes(takes.at(i).stake);
    }
    return writer.take();
}

Result<SignedGraph> SignedGraph::parse(ByteView bytes)
{
    base::Reader reader(bytes);
    if (reader.u8() != kVersion) reader.fail(kBadMessage, "version of a signed graph");
    SignedGraph out;
    out.terms = readTerms(reader);
    out.mintSignature = reader.array<64>();
    const std::size_t count = reader.u8();
    if (count > kMaxOffers) reader.fail(kBadMessage, "too many offers");
    for (std::size_t i = 0; i < count && !reader.failed(); ++i) {
        OperatorOffer offer;
        offer.operatorKey = reader.hash<XOnlyPublicKey>();
        offer.funding = bitcoin::readOutPoint(reader);
        offer.payoutScript = l2::readScript(reader);
        out.offers.push_back(std::move(offer));
        TakeSignatures take;
        take.vault = reader.array<64>();
        take.stake = reader.array<64>();
        out.takes.push_back(take);
    }
    BOWLINE_CHECK(reader.finish());
    return out;
}

Result<DepositGraph> SignedGraph::open(ContextPtr context) const
{
    BOWLINE_TRY(Deposit deposit, Deposit::create(std::move(context), terms));
    BOWLINE_TRY(DepositGraph graph, DepositGraph::create(std::move(deposit), offers));
    if (takes.size() != graph.operators().size()) return base::makeError(kBadSignature, "number of Take1s");
    if (!graph.deposit().mintSignatureIsValid(graph.root(), mintSignature)) {
        return base::makeError(kBadSignature, "mint authorisation");
    }
    const XOnlyPublicKey key = graph.deposit().vaultKeys().xOnlyKey();
    for (std::size_t i = 0; i < takes.size(); ++i) {
        const OperatorGraph& own = graph.operators()[i];
        if (!(own.offer() == offers[i])) return base::makeError(kBadSignature, "offers out of order");
        if (!crypto::verifySchnorr(key, own.takeSighash(OperatorGraph::kTakeVaultInput).view(),
                                   takes[i].vault) ||
            !crypto::verifySchnorr(key, own.takeSighash(OperatorGraph::kTakeStakeInput).view(),
                                   takes[i].stake)) {
            return base::makeError(kBadSignature, "Take1");
        }
    }
    return graph;
}

} // namespace bowline::bridge
