// SPDX-License-Identifier: MIT
#include "core/bitcoin/transaction.h"

#include "core/crypto/hash.h"

#include <algorithm>

namespace bowline::bitcoin {

using base::Reader;
using base::Writer;

namespace {
constexpr std::uint8_t kWitnessMarker = 0x00;
constexpr std::uint8_t kWitnessFlag = 0x01;
// The least bytes that an input (outpoint, empty script, sequence) and an output (value, empty script) take.
constexpr std::size_t kMinInputSize = 32 + 4 + 1 + 4;
constexpr std::size_t kMinOutputSize = 8 + 1;

std::int64_t compactSizeBytes(std::size_t value)
{
    if (value < 0xfd) return 1;
    if (value <= 0xffff) return 3;
    return value <= 0xffffffff ? 5 : 9;
}

std::int64_t variableBytesSize(ByteView bytes)
{
    return compactSizeBytes(bytes.size()) + static_cast<std::int64_t>(bytes.size());
}

// How many items follow: never more than the bytes left can hold, so that memory stays bounded by the input.
std::size_t readCount(Reader& reader, std::size_t minItemSize)
{
    return static_cast<std::size_t>(reader.compactSize(reader.remaining() / minItemSize));
}

TxIn readTxIn(Reader& reader)
{
    TxIn out;
    out.prevout = readOutPoint(reader);
    out.scriptSig = base::toBytes(reader.variableBytes(reader.remaining()));
    out.sequence = reader.u32le();
    return out;
}

std::vector<TxIn> readInputs(Reader& reader, std::size_t count)
{
    std::vector<TxIn> out;
    out.reserve(count);
    for (std::size_t i = 0; i < count && !reader.failed(); ++i) out.push_back(readTxIn(reader));
    return out;
}

std::vector<TxOut> readOutputs(Reader& reader)
{
    const std::size_t count = readCount(reader, kMinOutputSize);
    std::vector<TxOut> out;
    out.reserve(count);
    for (std::size_t i = 0; i < count && !reader.failed(); ++i) out.push_back(readTxOut(reader));
    return out;
}

void readWitnesses(Reader& reader, Transaction& transaction)
{
    for (TxIn& input : transaction.inputs) {
        const std::size_t count = readCount(reader, 1);
        input.witness.reserve(count);
        for (std::size_t i = 0; i < count && !reader.failed(); ++i) {
            input.witness.push_back(base::toBytes(reader.variableBytes(reader.remaining())));
        }
    }
    if (!reader.failed() && !transaction.hasWitness())
        reader.fail(kBadTransaction, "superfluous witness flag");
}

Bytes serialized(const Transaction& transaction, bool withWitness)
{
    Writer writer;
    writer.u32le(transaction.version);
    if (withWitness) {
        writer.u8(kWitnessMarker);
        writer.u8(kWitnessFlag);
    }
    writer.compactSize(transaction.inputs.size());
    for (const TxIn& input : transaction.inputs) {
        writeOutPoint(writer, input.prevout);
        writer.variableBytes(input.scriptSig);
        writer.u32le(input.sequence);
    }
    writer.compactSize(transaction.outputs.size());
    for (const TxOut& output : transaction.outputs) writeTxOut(writer, output);
    if (withWitness) {
        for (const TxIn& input : transaction.inputs) {
            writer.compactSize(input.witness.size());
            for (const Bytes& item : input.witness) writer.variableBytes(item);
        }
    }
    writer.u32le(transaction.lockTime);
    return writer.take();
}

// Without witness, in bytes.
std::int64_t strippedSize(const Transaction& transaction)
{
    std::int64_t out = 4 + 4;
    out += compactSizeBytes(transaction.inputs.size()) + compactSizeBytes(transaction.outputs.size());
    for (const TxIn& input : transaction.inputs) out += 32 + 4 + 4 + variableBytesSize(input.scriptSig);
    for (const TxOut& output : transaction.outputs) out += 8 + variableBytesSize(output.scriptPubKey);
    return out;
}

std::int64_t witnessSize(const Transaction& transaction)
{
    if (!transaction.hasWitness()) return 0;
    std::int64_t out = 2; // marker and flag
    for (const TxIn& input : transaction.inputs) {
        out += compactSizeBytes(input.witness.size());
        for (const Bytes& item : input.witness) out += variableBytesSize(item);
    }
    return out;
}
} // namespace

bool Transaction::hasWitness() const
{
    return std::any_of(inputs.begin(), inputs.end(),
                       [](const TxIn& input) { return !input.witness.empty(); });
}

Txid Transaction::txid() const { return Txid{crypto::sha256d(serializeWithoutWitness()).bytes}; }

Wtxid Transaction::wtxid() const { return Wtxid{crypto::sha256d(serialize()).bytes}; }

Bytes Transaction::serialize() const { return serialized(*this, hasWitness()); }

Bytes Transaction::serializeWithoutWitness() const { return serialized(*this, false); }

std::int64_t Transaction::weight() const
{
    return strippedSize(*this) * kWitnessScaleFactor + witnessSize(*this);
}

Transaction readTransaction(Reader& reader)
{
    Transaction out;
    out.version = reader.u32le();
    std::size_t count = readCount(reader, kMinInputSize);
    bool withWitness = false;
    if (count == 0 && !reader.failed()) {
        // No transaction on the network is without inputs: a zero count is the marker of BIP144.
        withWitness = reader.u8() == kWitnessFlag;
        if (!withWitness && !reader.failed()) reader.fail(kBadTransaction, "no inputs, or an unknown flag");
        count = readCount(reader, kMinInputSize);
    }
    out.inputs = readInputs(reader, count);
    out.outputs = readOutputs(reader);
    if (withWitness) readWitnesses(reader, out);
    out.lockTime = reader.u32le();
    return out;
}

Result<Transaction> parseTransaction(ByteView bytes)
{
    if (bytes.size() > static_cast<std::size_t>(kMaxBlockWeight)) return makeError(kTxTooLarge);
    Reader reader(bytes);
    Transaction out = readTransaction(reader);
    BOWLINE_CHECK(reader.finish());
    return out;
}

Result<Transaction> parseTransactionWithoutWitness(ByteView bytes)
{
    if (bytes.size() > static_cast<std::size_t>(kMaxBlockWeight)) return makeError(kTxTooLarge);
    Reader reader(bytes);
    Transaction out;
    out.version = reader.u32le();
    out.inputs = readInputs(reader, readCount(reader, kMinInputSize));
    out.outputs = readOutputs(reader);
    out.lockTime = reader.u32le();
    BOWLINE_CHECK(reader.finish());
    return out;
}

TxOut readTxOut(Reader& reader)
{
    TxOut out;
    out.value = reader.amountLe();
    out.scriptPubKey = base::toBytes(reader.variableBytes(reader.remaining()));
    return out;
}

void writeTxOut(Writer& writer, const TxOut& output)
{
    writer.amountLe(output.value);
    writer.variableBytes(output.scriptPubKey);
}

OutPoint readOutPoint(Reader& reader)
{
    OutPoint out;
    out.txid = reader.hash<Txid>();
    out.index = reader.u32le();
    return out;
}

void writeOutPoint(Writer& writer, const OutPoint& outpoint)
{
    writer.hash(outpoint.txid);
    writer.u32le(outpoint.index);
}

std::string toString(const OutPoint& outpoint)
{
    return outpoint.txid.displayHex() + ':' + std::to_string(outpoint.index);
}

namespace {
Status checkOutputs(const std::vector<TxOut>& outputs)
{
    Amount sum;
    for (const TxOut& output : outputs) {
        if (!output.value.isValidMoney()) return makeError(kTxBadValue, "output value out of range");
        sum += output.value; // cannot overflow: both are at most 21 million
        if (!sum.isValidMoney()) return makeError(kTxBadValue, "sum of outputs out of range");
    }
    return base::success();
}

Status checkInputs(const Transaction& transaction)
{
    std::vector<OutPoint> spent;
    spent.reserve(transaction.inputs.size());
    for (const TxIn& input : transaction.inputs) spent.push_back(input.prevout);
    std::sort(spent.begin(), spent.end());
    if (std::adjacent_find(spent.begin(), spent.end()) != spent.end()) return makeError(kTxDuplicateInput);

    if (transaction.isCoinbase()) {
        const std::size_t size = transaction.inputs[0].scriptSig.size();
        if (size < 2 || size > 100) return makeError(kTxBadCoinbase, "coinbase script of a bad length");
        return base::success();
    }
    const bool hasNull =
        std::any_of(spent.begin(), spent.end(), [](const OutPoint& o) { return o.isNull(); });
    if (hasNull) return makeError(kTxNullInput);
    return base::success();
}
} // namespace

Status checkTransaction(const Transaction& transaction)
{
    if (transaction.inputs.empty()) return makeError(kTxNoInputs);
    if (transaction.outputs.empty()) return makeError(kTxNoOutputs);
    if (transaction.weight() > kMaxBlockWeight) return makeError(kTxTooLarge);
    BOWLINE_CHECK(checkOutputs(transaction.outputs));
    return checkInputs(transaction);
}

} // namespace bowline::bitcoin
