// SPDX-License-Identifier: MIT
#include "app/services/local/records.h"

#include "core/base/serial.h"

namespace bowline::services {

namespace {
constexpr std::uint8_t kDepositVersion = 1;
constexpr std::uint8_t kWithdrawalVersion = 2;
constexpr std::uint8_t kTransferVersion = 1;
constexpr std::size_t kLongestText = 200;
constexpr std::size_t kLongestReason = 100;

template <typename T, typename Write>
void writeOptional(base::Writer& out, const std::optional<T>& value, Write write)
{
    out.u8(value ? 1 : 0);
    if (value) write(*value);
}

template <typename T, typename Read>
std::optional<T> readOptional(base::Reader& in, Read read)
{
    const std::uint8_t there = in.u8();
    if (there > 1) in.fail(base::kNotCanonical, "neither 0 nor 1");
    if (there != 1) return std::nullopt;
    return read();
}

l2::Transaction readTransaction(base::Reader& in)
{
    const auto parsed = l2::parseTransaction(in.variableBytes(l2::kMaxTransactionBytes));
    if (parsed.ok()) return *parsed;
    in.fail(kBadRecord, "no transaction");
    return {};
}

void checkVersion(base::Reader& in, std::uint8_t version)
{
    if (in.u8() != version) in.fail(kBadRecord, "unknown version");
}

base::Status judged(base::Reader& in)
{
    const base::Status status = in.finish();
    if (status.ok()) return base::success();
    return base::makeError(kBadRecord, status.error().detail);
}
} // namespace

std::string refusalText(const std::string& reason)
{
    return reason.empty() ? "refused" : reason.substr(0, kLongestReason);
}

base::Bytes encode(const DepositRecord& record)
{
    base::Writer out;
    out.u8(kDepositVersion);
    bridge::writeTerms(out, record.terms);
    out.u32le(record.refundIndex);
    out.i64le(record.created);
    out.u32le(record.createdAt.value);
    writeOptional(out, record.authorisation, [&](const bridge::MintAuthorisation& held) {
        out.hash(held.graphRoot);
        out.bytes(held.signature);
    });
    writeOptional(out, record.refund, [&](const base::Txid& txid) { out.hash(txid); });
    return out.take();
}

base::Result<DepositRecord> parseDepositRecord(base::ByteView bytes)
{
    base::Reader in(bytes);
    checkVersion(in, kDepositVersion);
    DepositRecord record;
    record.terms = bridge::readTerms(in);
    record.refundIndex = in.u32le();
    record.created = in.i64le();
    record.createdAt.value = in.u32le();
    record.authorisation = readOptional<bridge::MintAuthorisation>(in, [&] {
        bridge::MintAuthorisation held;
        held.graphRoot = in.hash<base::Digest>();
        held.signature = in.array<64>();
        return held;
    });
    record.refund = readOptional<base::Txid>(in, [&] { return in.hash<base::Txid>(); });
    BOWLINE_CHECK(judged(in));
    return record;
}

base::Bytes encode(const WithdrawalRecord& record)
{
    base::Writer out;
    out.u8(kWithdrawalVersion);
    out.hash(record.request);
    out.amountLe(record.amount);
    out.amountLe(record.operatorFee);
    out.variableBytes(record.script);
    out.variableBytes(base::viewOf(record.address));
    out.i64le(record.created);
    out.u32le(record.createdAt.value);
    out.variableBytes(record.transaction.encode());
    out.variableBytes(base::viewOf(record.refused));
    writeOptional(out, record.reclaim, [&](const l2::Transaction& tx) { out.variableBytes(tx.encode()); });
    return out.take();
}

base::Result<WithdrawalRecord> parseWithdrawalRecord(base::ByteView bytes)
{
    base::Reader in(bytes);
    checkVersion(in, kWithdrawalVersion);
    WithdrawalRecord record;
    record.request = in.hash<l2::TxHash>();
    record.amount = in.amountLe();
    record.operatorFee = in.amountLe();
    const base::ByteView script = in.variableBytes(kLongestText);
    record.script = bitcoin::Script(script.begin(), script.end());
    const base::ByteView address = in.variableBytes(kLongestText);
    record.address.assign(address.begin(), address.end());
    record.created = in.i64le();
    record.createdAt.value = in.u32le();
    record.transaction = readTransaction(in);
    const base::ByteView refused = in.variableBytes(kLongestText);
    record.refused.assign(refused.begin(), refused.end());
    record.reclaim = readOptional<l2::Transaction>(in, [&] { return readTransaction(in); });
    BOWLINE_CHECK(judged(in));
    return record;
}

base::Bytes encode(const TransferRecord& record)
{
    base::Writer out;
    out.u8(kTransferVersion);
    out.variableBytes(record.transaction.encode());
    out.i64le(record.created);
    out.variableBytes(base::viewOf(record.refused));
    return out.take();
}

base::Result<TransferRecord> parseTransferRecord(base::ByteView bytes)
{
    base::Reader in(bytes);
    checkVersion(in, kTransferVersion);
    TransferRecord record;
    record.transaction = readTransaction(in);
    record.created = in.i64le();
    const base::ByteView refused = in.variableBytes(kLongestText);
    record.refused.assign(refused.begin(), refused.end());
    BOWLINE_CHECK(judged(in));
    return record;
}

} // namespace bowline::services
