// SPDX-License-Identifier: MIT
#include "core/bitcoin/script.h"

namespace bowline::bitcoin {

namespace {
constexpr std::size_t kMaxDirectPush = 75;

// The opcode that pushes these bytes without carrying them, if there is one.
std::optional<Opcode> opcodeFor(ByteView data)
{
    if (data.empty()) return OP_0;
    if (data.size() != 1) return std::nullopt;
    if (data[0] >= 1 && data[0] <= 16) return static_cast<Opcode>(OP_1 - 1 + data[0]);
    if (data[0] == 0x81) return OP_1NEGATE;
    return std::nullopt;
}

std::uint8_t pushOpcodeFor(std::size_t size)
{
    if (size <= kMaxDirectPush) return static_cast<std::uint8_t>(size);
    if (size <= 0xff) return OP_PUSHDATA1;
    if (size <= 0xffff) return OP_PUSHDATA2;
    return OP_PUSHDATA4;
}

// Bytes of the length field behind a push opcode.
std::size_t lengthBytes(std::uint8_t opcode)
{
    if (opcode == OP_PUSHDATA1) return 1;
    if (opcode == OP_PUSHDATA2) return 2;
    return opcode == OP_PUSHDATA4 ? 4 : 0;
}
} // namespace

ScriptBuilder& ScriptBuilder::op(Opcode opcode)
{
    m_script.push_back(opcode);
    return *this;
}

ScriptBuilder& ScriptBuilder::number(std::int64_t value) { return push(encodeScriptNumber(value)); }

ScriptBuilder& ScriptBuilder::push(ByteView data)
{
    if (const auto opcode = opcodeFor(data)) return op(*opcode);
    const std::uint8_t opcode = pushOpcodeFor(data.size());
    m_script.push_back(opcode);
    for (std::size_t i = 0; i < lengthBytes(opcode); ++i) {
        m_script.push_back(static_cast<std::uint8_t>(data.size() >> (8 * i)));
    }
    return code(data);
}

ScriptBuilder& ScriptBuilder::code(ByteView script)
{
    base::append(m_script, script);
    return *this;
}

bool ScriptOp::isSmallNumber() const { return opcode == OP_1NEGATE || (opcode >= OP_1 && opcode <= OP_16); }

bool ScriptOp::isMinimal() const
{
    if (!isDataPush()) return true;
    if (const auto shorter = opcodeFor(data)) return opcode == *shorter;
    return opcode == pushOpcodeFor(data.size());
}

std::optional<ScriptOp> ScriptReader::next()
{
    if (m_malformed || m_at == m_script.size()) return std::nullopt;
    ScriptOp out;
    out.offset = m_at;
    out.opcode = m_script[m_at++];
    if (!out.isDataPush()) return out;

    ByteView rest = m_script.subspan(m_at);
    std::size_t size = out.opcode;
    if (const std::size_t width = lengthBytes(out.opcode); width != 0) {
        size = 0;
        m_malformed = rest.size() < width;
        if (m_malformed) return std::nullopt;
        for (std::size_t i = width; i-- > 0;) size = size << 8U | rest[i];
        rest = rest.subspan(width);
        m_at += width;
    }
    m_malformed = rest.size() < size;
    if (m_malformed) return std::nullopt;
    out.data = rest.first(size);
    m_at += size;
    return out;
}

Bytes encodeScriptNumber(std::int64_t value)
{
    // The magnitude of the least 64-bit number is no int64_t, hence the detour over unsigned arithmetic.
    std::uint64_t magnitude = static_cast<std::uint64_t>(value);
    if (value < 0) magnitude = 0 - magnitude;
    Bytes out;
    for (; magnitude != 0; magnitude >>= 8U) out.push_back(static_cast<std::uint8_t>(magnitude));
    if (out.empty()) return out;
    // The sign takes the top bit; where the magnitude needs that bit, one byte more.
    if ((out.back() & 0x80U) != 0) out.push_back(0);
    if (value < 0) out.back() |= 0x80U;
    return out;
}

Result<std::int64_t> decodeScriptNumber(ByteView bytes, std::size_t maxSize)
{
    if (bytes.size() > std::min<std::size_t>(maxSize, 8))
        return makeError(kBadScriptNumber, "number too long");
    if (bytes.empty()) return std::int64_t{0};
    const std::uint8_t top = bytes.back();
    const bool signNeedsByte = bytes.size() > 1 && (bytes[bytes.size() - 2] & 0x80U) != 0;
    if ((top & 0x7fU) == 0 && !signNeedsByte) return makeError(kBadScriptNumber, "not the shortest form");

    std::uint64_t magnitude = top & 0x7fU;
    for (std::size_t i = bytes.size() - 1; i-- > 0;) magnitude = magnitude << 8U | bytes[i];
    const auto value = static_cast<std::int64_t>(magnitude);
    return (top & 0x80U) != 0 ? -value : value;
}

namespace {
bool isPayToPublicKeyHash(ByteView script)
{
    return script.size() == 25 && script[0] == OP_DUP && script[1] == OP_HASH160 && script[2] == 20 &&
           script[23] == OP_EQUALVERIFY && script[24] == OP_CHECKSIG;
}

bool isPayToScriptHash(ByteView script)
{
    return script.size() == 23 && script[0] == OP_HASH160 && script[1] == 20 && script[22] == OP_EQUAL;
}

OutputType typeOfProgram(const WitnessProgram& witness)
{
    const std::size_t size = witness.program.size();
    if (witness.version == 0 && size == 20) return OutputType::PayToWitnessPublicKeyHash;
    if (witness.version == 0 && size == 32) return OutputType::PayToWitnessScriptHash;
    if (witness.version == 1 && size == 32) return OutputType::PayToTaproot;
    const bool isAnchor = size == 2 && witness.program[0] == 0x4e && witness.program[1] == 0x73;
    if (witness.version == 1 && isAnchor) return OutputType::PayToAnchor;
    return OutputType::UnknownWitness;
}
} // namespace

OutputType outputTypeOf(ByteView script)
{
    if (isPayToPublicKeyHash(script)) return OutputType::PayToPublicKeyHash;
    if (isPayToScriptHash(script)) return OutputType::PayToScriptHash;
    if (const auto witness = witnessProgramOf(script)) return typeOfProgram(*witness);
    if (!script.empty() && script[0] == OP_RETURN) return OutputType::NullData;
    return OutputType::Other;
}

std::optional<WitnessProgram> witnessProgramOf(ByteView script)
{
    if (script.size() < 4 || script.size() > 42) return std::nullopt;
    if (script[0] != OP_0 && (script[0] < OP_1 || script[0] > OP_16)) return std::nullopt;
    if (script[1] + 2U != script.size()) return std::nullopt;
    const std::uint8_t version = script[0] == OP_0 ? 0 : static_cast<std::uint8_t>(script[0] - OP_1 + 1);
    return WitnessProgram{version, script.subspan(2)};
}

bool isUnspendable(ByteView script)
{
    return (!script.empty() && script[0] == OP_RETURN) || script.size() > kMaxScriptSize;
}

Script payToPublicKeyHash(const ByteArray<20>& keyHash)
{
    ScriptBuilder builder;
    builder.op(OP_DUP).op(OP_HASH160).push(keyHash).op(OP_EQUALVERIFY).op(OP_CHECKSIG);
    return builder.take();
}

Script payToScriptHash(const ByteArray<20>& scriptHash)
{
    return ScriptBuilder().op(OP_HASH160).push(scriptHash).op(OP_EQUAL).take();
}

Script payToWitnessPublicKeyHash(const ByteArray<20>& keyHash)
{
    return ScriptBuilder().op(OP_0).push(keyHash).take();
}

Script payToWitnessScriptHash(const Digest& scriptHash)
{
    return ScriptBuilder().op(OP_0).push(scriptHash.view()).take();
}

Script payToTaproot(const XOnlyPublicKey& outputKey)
{
    return ScriptBuilder().op(OP_1).push(outputKey.view()).take();
}

Script payToAnchor() { return Script{OP_1, 0x02, 0x4e, 0x73}; }

Script nullDataScript(ByteView data) { return ScriptBuilder().op(OP_RETURN).push(data).take(); }

Script witnessKeyHashScriptCode(const ByteArray<20>& keyHash) { return payToPublicKeyHash(keyHash); }

Amount dustThreshold(ByteView scriptPubKey)
{
    if (isUnspendable(scriptPubKey)) return Amount{};
    // Value, compact size and script of the output, and what spending it costs at least: outpoint, compact
    // size, sequence, and a signature with its key (107 bytes), a quarter of which counts in a witness.
    const std::size_t sizeBytes = scriptPubKey.size() < 0xfd ? 1 : 3;
    const std::size_t output = 8 + sizeBytes + scriptPubKey.size();
    const std::size_t input =
        witnessProgramOf(scriptPubKey) ? 32 + 4 + 1 + 107 / 4 + 4 : 32 + 4 + 1 + 107 + 4;
    constexpr base::FeeRate kDustRelayRate{3000};
    return kDustRelayRate.feeFor(static_cast<std::int64_t>(output + input));
}

Result<std::uint32_t> sequenceForDuration(std::chrono::seconds duration)
{
    constexpr std::int64_t kStep = 512;
    const std::int64_t seconds = duration.count();
    if (seconds < 0 || seconds > kStep * kSequenceLockMask) {
        return makeError(kBadTimelock, "duration out of range of BIP68");
    }
    return kSequenceLockTime | static_cast<std::uint32_t>((seconds + kStep - 1) / kStep);
}

bool sequenceMeets(std::uint32_t operand, std::uint32_t sequence, std::uint32_t version)
{
    if ((operand & kSequenceLockDisabled) != 0) return true;
    if (version < 2 || (sequence & kSequenceLockDisabled) != 0) return false;
    if ((operand & kSequenceLockTime) != (sequence & kSequenceLockTime)) return false;
    return (operand & kSequenceLockMask) <= (sequence & kSequenceLockMask);
}

} // namespace bowline::bitcoin
