// SPDX-License-Identifier: MIT
#include "core/bitcoin/sighash.h"

#include "core/crypto/hash.h"

namespace bowline::bitcoin {

using base::Writer;

namespace {
constexpr std::uint32_t kLegacyTypeMask = 0x1f;
constexpr std::uint8_t kTaprootTypeMask = 0x03;

// The digest of consensus for what cannot be signed: the number one, little-endian.
Digest digestOne()
{
    Digest out;
    out.bytes[0] = 1;
    return out;
}

Script withoutCodeSeparators(ByteView script)
{
    Script out;
    ScriptReader reader(script);
    std::size_t copied = 0;
    while (const auto op = reader.next()) {
        if (op->opcode != OP_CODESEPARATOR) continue;
        base::append(out, script.subspan(copied, op->offset - copied));
        copied = op->offset + 1;
    }
    base::append(out, script.subspan(copied)); // with a malformed rest, which no execution survives
    return out;
}

void writeLegacyInputs(Writer& writer, const Transaction& transaction, std::size_t signedInput,
                       const Script& scriptCode, std::uint32_t hashType)
{
    const std::uint32_t type = hashType & kLegacyTypeMask;
    const bool anyoneCanPay = (hashType & kSighashAnyoneCanPay) != 0;
    writer.compactSize(anyoneCanPay ? 1 : transaction.inputs.size());
    for (std::size_t i = 0; i < transaction.inputs.size(); ++i) {
        const TxIn& input = transaction.inputs[i];
        const bool isSigned = i == signedInput;
        if (anyoneCanPay && !isSigned) continue;
        const bool freeSequence = !isSigned && (type == kSighashNone || type == kSighashSingle);
        writeOutPoint(writer, input.prevout);
        writer.variableBytes(isSigned ? scriptCode : Script{});
        writer.u32le(freeSequence ? 0 : input.sequence);
    }
}

void writeLegacyOutputs(Writer& writer, const Transaction& transaction, std::size_t signedInput,
                        std::uint32_t type)
{
    std::size_t count = transaction.outputs.size();
    if (type == kSighashNone) count = 0;
    if (type == kSighashSingle) count = signedInput + 1;
    writer.compactSize(count);
    for (std::size_t i = 0; i < count; ++i) {
        const bool blank = type == kSighashSingle && i != signedInput;
        writeTxOut(writer, blank ? TxOut{Amount::fromSat(-1), {}} : transaction.outputs[i]);
    }
}

template <typename Items, typename Write>
Digest hashOfEach(const Items& items, Write write)
{
    Writer writer;
    for (const auto& item : items) write(writer, item);
    return crypto::sha256(writer.data());
}

Digest hashOfOutput(const TxOut& output)
{
    Writer writer;
    writeTxOut(writer, output);
    return crypto::sha256(writer.data());
}

Digest hashOfAnnex(const Bytes& annex)
{
    Writer writer;
    writer.variableBytes(annex);
    return crypto::sha256(writer.data());
}
} // namespace

bool isTaprootHashType(std::uint8_t hashType)
{
    if (hashType == kSighashDefault) return true;
    const std::uint8_t type = hashType & static_cast<std::uint8_t>(~kSighashAnyoneCanPay);
    return type >= kSighashAll && type <= kSighashSingle;
}

Digest legacySighash(const Transaction& transaction, std::size_t input, ByteView scriptCode,
                     std::uint32_t hashType)
{
    const std::uint32_t type = hashType & kLegacyTypeMask;
    if (input >= transaction.inputs.size()) return digestOne();
    if (type == kSighashSingle && input >= transaction.outputs.size()) return digestOne();

    Writer writer;
    writer.u32le(transaction.version);
    writeLegacyInputs(writer, transaction, input, withoutCodeSeparators(scriptCode), hashType);
    writeLegacyOutputs(writer, transaction, input, type);
    writer.u32le(transaction.lockTime);
    writer.u32le(hashType);
    return crypto::sha256d(writer.data());
}

SighashContext::SighashContext(const Transaction& transaction) : SighashContext(transaction, {}) {}

SighashContext::SighashContext(const Transaction& transaction, std::span<const TxOut> spent)
    : m_transaction(transaction), m_spent(spent.begin(), spent.end())
{
    const auto& inputs = transaction.inputs;
    m_prevouts = hashOfEach(inputs, [](Writer& w, const TxIn& input) { writeOutPoint(w, input.prevout); });
    m_sequences = hashOfEach(inputs, [](Writer& w, const TxIn& input) { w.u32le(input.sequence); });
    m_outputs = hashOfEach(transaction.outputs, writeTxOut);
    m_amounts = hashOfEach(m_spent, [](Writer& w, const TxOut& output) { w.amountLe(output.value); });
    m_scriptPubKeys =
        hashOfEach(m_spent, [](Writer& w, const TxOut& output) { w.variableBytes(output.scriptPubKey); });
}

Result<Digest> SighashContext::segwitV0(std::size_t input, ByteView scriptCode, Amount value,
                                        std::uint32_t hashType) const
{
    if (input >= m_transaction.inputs.size()) return makeError(kBadInputIndex);
    const TxIn& signedInput = m_transaction.inputs[input];
    const std::uint32_t type = hashType & kLegacyTypeMask;
    const bool anyoneCanPay = (hashType & kSighashAnyoneCanPay) != 0;
    const bool allOutputs = type != kSighashNone && type != kSighashSingle;

    Digest outputs; // zero when none is signed
    if (allOutputs) {
        outputs = crypto::sha256(m_outputs.view());
    } else if (type == kSighashSingle && input < m_transaction.outputs.size()) {
        outputs = crypto::sha256(hashOfOutput(m_transaction.outputs[input]).view());
    }

    Writer writer;
    writer.u32le(m_transaction.version);
    writer.hash(anyoneCanPay ? Digest{} : crypto::sha256(m_prevouts.view()));
    writer.hash(anyoneCanPay || !allOutputs ? Digest{} : crypto::sha256(m_sequences.view()));
    writeOutPoint(writer, signedInput.prevout);
    writer.variableBytes(scriptCode);
    writer.amountLe(value);
    writer.u32le(signedInput.sequence);
    writer.hash(outputs);
    writer.u32le(m_transaction.lockTime);
    writer.u32le(hashType);
    return crypto::sha256d(writer.data());
}

Result<Digest> SighashContext::taproot(std::size_t input, std::uint8_t hashType,
                                       const std::optional<TapscriptContext>& leaf,
                                       const std::optional<Bytes>& annex) const
{
    const std::uint8_t type = hashType & kTaprootTypeMask;
    const bool anyoneCanPay = (hashType & kSighashAnyoneCanPay) != 0;
    if (!isTaprootHashType(hashType)) return makeError(kBadSighashType);
    if (input >= m_transaction.inputs.size()) return makeError(kBadInputIndex);
    if (m_spent.size() != m_transaction.inputs.size()) return makeError(kMissingSpentOutputs);
    if (annex && (annex->empty() || annex->front() != kAnnexTag)) return makeError(kBadAnnex);
    if (type == kSighashSingle && input >= m_transaction.outputs.size()) return makeError(kNoMatchingOutput);

    Writer writer;
    writer.u8(0); // epoch
    writer.u8(hashType);
    writer.u32le(m_transaction.version);
    writer.u32le(m_transaction.lockTime);
    if (!anyoneCanPay) {
        for (const Digest& all : {m_prevouts, m_amounts, m_scriptPubKeys, m_sequences}) writer.hash(all);
    }
    if (type != kSighashNone && type != kSighashSingle) writer.hash(m_outputs);
    writer.u8(static_cast<std::uint8_t>((leaf ? 2U : 0U) | (annex ? 1U : 0U)));
    if (anyoneCanPay) {
        writeOutPoint(writer, m_transaction.inputs[input].prevout);
        writeTxOut(writer, m_spent[input]);
        writer.u32le(m_transaction.inputs[input].sequence);
    } else {
        writer.u32le(static_cast<std::uint32_t>(input));
    }
    if (annex) writer.hash(hashOfAnnex(*annex));
    if (type == kSighashSingle) writer.hash(hashOfOutput(m_transaction.outputs[input]));
    if (leaf) {
        writer.hash(leaf->leafHash);
        writer.u8(0); // key version of BIP342
        writer.u32le(leaf->codeSeparatorPosition);
    }
    return crypto::taggedHash("TapSighash", {writer.data()});
}

} // namespace bowline::bitcoin
