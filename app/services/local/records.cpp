// SPDX-License-Identifier: MIT
#include "app/services/local/records.h"

#include "core/base/serial.h"

namespace bowline::services {

namespace {
constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kLongestText = 200;

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

void checkVersion(base::Reader& in)
{
    if (in.u8() != kVersion) in.fail(kBadRecord, "unknown version");
}

base::Status judged(base::Reader& in)
{
    const base::Status status = in.finish();
    if (status.ok()) return base::success();
    return base::makeError(kBadRecord, status.error().detail);
}
} // namespace

base::Bytes encode(const DepositRecord& record)
{
    base::Writer out;
    out.u8(kVersion);
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
    checkVersion(in);
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
    out.u8(kVersion);
    out.hash(record.request);
    out.amountLe(record.amount);
    out.amountLe(record.operatorFee);
    out.variableBytes(record.script);
    out.variableBytes(base::viewOf(record.address));
    out.i64le(record.created);
    out.u32le(record.createdAt.value);
    writeOptional(out, record.id, [&](std::uint64_t id) { out.u64le(id); });
    writeOptional(out, record.reclaim, [&](const l2::TxHash& hash) { out.hash(hash); });
    return out.take();
}

base::Result<WithdrawalRecord> parseWithdrawalRecord(base::ByteView bytes)
{
    base::Reader in(bytes);
    checkVersion(in);
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
    record.id = readOptional<std::uint64_t>(in, [&] { return in.u64le(); });
    record.reclaim = readOptional<l2::TxHash>(in, [&] { return in.hash<l2::TxHash>(); });
    BOWLINE_CHECK(judged(in));
    return record;
}

} // namespace bowline::services
