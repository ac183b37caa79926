// SPDX-License-Identifier: MIT
#include "core/seal/anchor.h"

#include "core/bitcoin/sighash.h"
#include "core/bridge/scripts.h"

#include <limits>

namespace bowline::seal {

using base::makeError;
using bitcoin::Script;
using bitcoin::TaprootOutput;
using bitcoin::Transaction;

namespace {

constexpr base::ByteArray<4> kMagic{'B', 'W', 'L', 'S'};
constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kTypeBatch = 1;
constexpr std::size_t kRecoveryLeaf = 0;
constexpr std::uint32_t kTransactionVersion = 2; // the least that relative lock times ask for

/// Without the annex that BIP341 lets stand behind.
std::span<const Bytes> witnessOf(const bitcoin::TxIn& input)
{
    const std::span<const Bytes> all(input.witness);
    const bool hasAnnex = all.size() >= 2 && !all.back().empty() && all.back().front() == bitcoin::kAnnexTag;
    return hasAnnex ? all.first(all.size() - 1) : all;
}

/// The whole script must be the one that commitmentScript() makes: one push, in its shortest form.
std::optional<Commitment> commitmentIn(const Script& script)
{
    if (script.size() < Commitment::kSize) return std::nullopt;
    const auto parsed = parseCommitment(ByteView(script).last(Commitment::kSize));
    if (!parsed.ok() || commitmentScript(*parsed) != script) return std::nullopt;
    return *parsed;
}

} // namespace

Result<Commitment> Commitment::of(const l2::BatchHeader& header)
{
    if (header.height.value > std::numeric_limits<std::uint32_t>::max()) return makeError(kBatchTooHigh);
    return Commitment{header.height, header.l1Height, header.l1Hash, header.hash()};
}

bool Commitment::speaksOf(const l2::BatchHeader& header) const
{
    return batch == header.height && l1Height == header.l1Height && l1Hash == header.l1Hash &&
           hash == header.hash();
}

base::ByteArray<Commitment::kSize> Commitment::encode() const
{
    base::Writer writer;
    writer.bytes(kMagic);
    writer.u8(kVersion);
    writer.u8(kTypeBatch);
    writer.u32le(static_cast<std::uint32_t>(batch.value));
    writer.u32le(l1Height.value);
    writer.hash(l1Hash);
    writer.hash(hash);
    base::ByteArray<kSize> out{};
    std::copy(writer.data().begin(), writer.data().end(), out.begin());
    return out;
}

Result<Commitment> parseCommitment(ByteView bytes)
{
    base::Reader reader(bytes);
    Commitment out;
    if (reader.array<4>() != kMagic) reader.fail(kBadCommitment, "magic");
    if (reader.u8() != kVersion) reader.fail(kBadCommitment, "version");
    if (reader.u8() != kTypeBatch) reader.fail(kBadCommitment, "type");
    out.batch.value = reader.u32le();
    out.l1Height.value = reader.u32le();
    out.l1Hash.bytes = reader.array<32>();
    out.hash.bytes = reader.array<32>();
    BOWLINE_CHECK(reader.finish());
    return out;
}

Script commitmentScript(const Commitment& commitment) { return bitcoin::nullDataScript(commitment.encode()); }

SealTerms::SealTerms(Seal first, TaprootOutput output, std::uint32_t recoveryBlocks,
                     const base::XOnlyPublicKey& committee)
    : m_first(first), m_output(std::move(output)), m_script(m_output.scriptPubKey()),
      m_recoveryBlocks(recoveryBlocks), m_committee(committee)
{
}

Result<SealTerms> SealTerms::create(const l2::NetworkParams& params, const l2::SealParams& seal)
{
    BOWLINE_TRY(TaprootOutput output,
                l2::sealOutput(params.sequencerKey, params.committeeKey, seal.recoveryBlocks));
    return SealTerms({seal.outpoint, seal.value}, std::move(output), seal.recoveryBlocks,
                     params.committeeKey);
}

Result<Transaction> SealTerms::makeAnchor(const Seal& seal, const Commitment& commitment, Amount fee,
                                          const crypto::PrivateKey& sequencer,
                                          std::span<const Seal> added) const
{
    if (sequencer.xOnlyPublicKey() != m_output.internalKey()) return makeError(kWrongKey);
    Transaction out;
    out.version = kTransactionVersion;
    std::vector<Seal> all{seal};
    all.insert(all.end(), added.begin(), added.end());
    std::vector<bitcoin::TxOut> spent;
    Amount left = -fee;
    for (const Seal& each : all) {
        out.inputs.push_back({each.outpoint, {}, bitcoin::kSequenceReplaceable, {}});
        spent.push_back({each.value, m_script});
        left += each.value;
    }
    if (left < bitcoin::dustThreshold(m_script)) return makeError(kDry, bitcoin::toString(seal.outpoint));
    out.outputs = {bitcoin::TxOut{left, m_script}, bitcoin::TxOut{Amount(), commitmentScript(commitment)}};
    const bitcoin::SighashContext sighash(out, spent);
    for (std::size_t i = 0; i < all.size(); ++i) {
        BOWLINE_TRY(const base::Digest hash, sighash.taproot(i, bitcoin::kSighashDefault));
        BOWLINE_TRY(const crypto::Signature64 signature,
                    crypto::signSchnorrTweaked(sequencer, m_output.tweak().view(), hash.view()));
        out.inputs[i].witness = bridge::keyWitness(signature);
    }
    return out;
}

Result<Transaction> SealTerms::recovery(const Seal& seal, Amount fee, const Script& payTo,
                                        const std::optional<Commitment>& names) const
{
    const Amount left = seal.value - fee;
    if (left < bitcoin::dustThreshold(payTo)) return makeError(kDry, bitcoin::toString(seal.outpoint));
    Transaction out;
    out.version = kTransactionVersion;
    const auto blocks = static_cast<std::uint16_t>(m_recoveryBlocks);
    out.inputs = {bitcoin::TxIn{seal.outpoint, {}, bitcoin::sequenceForBlocks(blocks), {}}};
    out.outputs = {bitcoin::TxOut{left, payTo}};
    if (names) out.outputs.push_back({Amount(), commitmentScript(*names)});
    return out;
}

Result<base::Digest> SealTerms::recoverySighash(const Seal& seal, const Transaction& recovery) const
{
    const bitcoin::TxOut spent{seal.value, m_script};
    const bitcoin::TapscriptContext leaf{bitcoin::tapLeafHash(m_output.tree()->leafAt(kRecoveryLeaf))};
    return bitcoin::SighashContext(recovery, {&spent, 1}).taproot(0, bitcoin::kSighashDefault, leaf);
}

Transaction SealTerms::signedRecovery(Transaction recovery, const crypto::Signature64& signature) const
{
    recovery.inputs.at(0).witness = bridge::leafWitness(m_output, kRecoveryLeaf, signature);
    return recovery;
}

SealTerms::Spend SealTerms::judge(const Transaction& transaction, std::size_t input) const
{
    const auto& outputs = transaction.outputs;
    const bool toNext = input == 0 && !outputs.empty() && outputs[0].scriptPubKey == m_script &&
                        outputs[0].value >= bitcoin::dustThreshold(m_script);
    if (toNext) {
        const auto said = outputs.size() >= 2 ? commitmentIn(outputs[1].scriptPubKey) : std::nullopt;
        return {said ? SpendKind::Anchor : SpendKind::Move, said};
    }
    // By key there is one element, by script there are the leaf and its control block behind the signature.
    const bool byLeaf = witnessOf(transaction.inputs.at(input)).size() > 1;
    return {byLeaf ? SpendKind::Recovery : SpendKind::Foreign, std::nullopt};
}

bool SealTerms::isSigned(const Transaction& transaction, Amount value,
                         std::span<const bitcoin::TxOut> further) const
{
    if (transaction.inputs.size() != 1 + further.size()) return false;
    const bitcoin::TxIn& input = transaction.inputs[0];
    if (input.witness.empty()) return false;
    const auto signature = base::toArray<64>(input.witness[0]);
    if (!signature.ok()) return false;
    std::vector<bitcoin::TxOut> spent{{value, m_script}};
    spent.insert(spent.end(), further.begin(), further.end());
    const bitcoin::SighashContext sighash(transaction, spent);
    if (input.witness.size() == 1) {
        const auto hash = sighash.taproot(0, bitcoin::kSighashDefault);
        return hash.ok() && crypto::verifySchnorr(m_output.outputKey(), hash->view(), *signature);
    }
    if (input.witness != bridge::leafWitness(m_output, kRecoveryLeaf, *signature)) return false;
    // BIP68: blocks, and no fewer than CHECKSEQUENCEVERIFY wants.
    constexpr std::uint32_t kNoBlocks = (1U << 31U) | (1U << 22U);
    constexpr std::uint32_t kBlocks = 0xffff;
    const bool isInTime = transaction.version >= kTransactionVersion && (input.sequence & kNoBlocks) == 0 &&
                          (input.sequence & kBlocks) >= m_recoveryBlocks;
    const bitcoin::TapscriptContext leaf{bitcoin::tapLeafHash(m_output.tree()->leafAt(kRecoveryLeaf))};
    const auto hash = sighash.taproot(0, bitcoin::kSighashDefault, leaf);
    return isInTime && hash.ok() && crypto::verifySchnorr(m_committee, hash->view(), *signature);
}

} // namespace bowline::seal
