// SPDX-License-Identifier: MIT
#include "core/l2/objects.h"

namespace bowline::l2 {

namespace {
// A status from 1 to `last`.
template <typename Status>
Status readStatus(base::Reader& reader, Status last)
{
    const std::uint8_t value = reader.u8();
    if (value == 0 || value > static_cast<std::uint8_t>(last)) reader.fail(kBadObject, "unknown status");
    return static_cast<Status>(value);
}

template <typename T>
Result<T> finished(base::Reader& reader, T value)
{
    const Status status = reader.finish();
    if (!status) return base::makeError(kBadObject, status.error().detail);
    return value;
}

Bytes numberId(std::uint64_t number)
{
    base::Writer writer;
    writer.u64le(number);
    return writer.take();
}
} // namespace

Bytes Account::encode() const
{
    base::Writer writer;
    writer.u64le(nonce);
    writer.amountLe(btc);
    writer.u64le(token);
    writer.amountLe(staked);
    writer.u16le(codeType);
    writer.hash(storageRoot);
    writer.hash(history);
    return writer.take();
}

Result<Account> parseAccount(ByteView value)
{
    base::Reader reader(value);
    Account out;
    out.nonce = reader.u64le();
    out.btc = readAmount(reader);
    out.token = reader.u64le();
    out.staked = readAmount(reader);
    out.codeType = reader.u16le();
    readHash(reader, out.storageRoot);
    readHash(reader, out.history);
    if (!field::isCanonical(out.history.view())) reader.fail(kBadObject, "history");
    return finished(reader, out);
}

Bytes L1View::encode() const
{
    base::Writer writer;
    writer.u32le(tipHeight.value);
    writer.hash(tipHash);
    writer.u32le(confirmedHeight.value);
    writer.hash(confirmedHash);
    writer.bytes(confirmedWork);
    writer.u32le(confirmedTime);
    writer.u32le(confirmedBits);
    writer.u32le(epochStartTime);
    for (const std::uint32_t time : lastTimes) writer.u32le(time);
    writer.u8(static_cast<std::uint8_t>(ring.size()));
    for (const ByteArray<80>& header : ring) writer.bytes(header);
    return writer.take();
}

Result<L1View> parseL1View(ByteView value)
{
    base::Reader reader(value);
    L1View out;
    out.tipHeight.value = reader.u32le();
    readHash(reader, out.tipHash);
    out.confirmedHeight.value = reader.u32le();
    readHash(reader, out.confirmedHash);
    out.confirmedWork = reader.array<32>();
    out.confirmedTime = reader.u32le();
    out.confirmedBits = reader.u32le();
    out.epochStartTime = reader.u32le();
    for (std::uint32_t& time : out.lastTimes) time = reader.u32le();
    if (out.confirmedTime != out.lastTimes[0]) reader.fail(kBadObject, "times");
    const std::size_t count = reader.u8();
    for (std::size_t i = 0; i < count && !reader.failed(); ++i) out.ring.push_back(reader.array<80>());
    return finished(reader, std::move(out));
}

Result<BlockHash> parseL1Block(ByteView value)
{
    base::Reader reader(value);
    return finished(reader, reader.hash<BlockHash>());
}

Bytes Vault::encode() const
{
    base::Writer writer;
    writer.amountLe(value);
    writer.hash(recipient);
    writer.hash(graphRoot);
    writer.u8(static_cast<std::uint8_t>(status));
    writer.u64le(claimIndex);
    return writer.take();
}

Result<Vault> parseVault(ByteView value)
{
    base::Reader reader(value);
    Vault out;
    out.value = readAmount(reader);
    readHash(reader, out.recipient);
    readHash(reader, out.graphRoot);
    out.status = readStatus(reader, VaultStatus::Taken);
    out.claimIndex = reader.u64le();
    return finished(reader, out);
}

Bytes Withdrawal::encode() const
{
    base::Writer writer;
    writer.hash(owner);
    writer.amountLe(amount);
    writer.amountLe(operatorFee);
    writeScript(writer, script);
    writer.u8(static_cast<std::uint8_t>(status));
    writer.hash(operatorKey);
    writer.u32le(acceptance);
    writer.u32le(payHeight.value);
    writer.amountLe(bond);
    return writer.take();
}

Result<Withdrawal> parseWithdrawal(ByteView value)
{
    base::Reader reader(value);
    Withdrawal out;
    readHash(reader, out.owner);
    out.amount = readAmount(reader);
    out.operatorFee = readAmount(reader);
    out.script = readScript(reader);
    out.status = readStatus(reader, WithdrawalStatus::Cancelled);
    readHash(reader, out.operatorKey);
    out.acceptance = reader.u32le();
    out.payHeight.value = reader.u32le();
    out.bond = readAmount(reader);
    return finished(reader, std::move(out));
}

Bytes Operator::encode() const
{
    base::Writer writer;
    writer.amountLe(stake);
    writer.u32le(openAcceptances);
    writer.u8(static_cast<std::uint8_t>(status));
    return writer.take();
}

Result<Operator> parseOperator(ByteView value)
{
    base::Reader reader(value);
    Operator out;
    out.stake = readAmount(reader);
    out.openAcceptances = reader.u32le();
    out.status = readStatus(reader, OperatorStatus::Left);
    return finished(reader, out);
}

Result<std::uint64_t> parsePayment(ByteView value)
{
    base::Reader reader(value);
    return finished(reader, reader.u64le());
}

Bytes Counters::encode() const
{
    base::Writer writer;
    writer.u64le(minted);
    writer.u64le(burned);
    writer.u64le(fees);
    writer.hash(inboxAcc);
    writer.u64le(inboxCount);
    writeFrontier(writer, outbox);
    writeFrontier(writer, claims);
    return writer.take();
}

Result<Counters> parseCounters(ByteView value)
{
    base::Reader reader(value);
    Counters out;
    out.minted = reader.u64le();
    out.burned = reader.u64le();
    out.fees = reader.u64le();
    readHash(reader, out.inboxAcc);
    out.inboxCount = reader.u64le();
    out.outbox = readFrontier(reader);
    out.claims = readFrontier(reader);
    return finished(reader, std::move(out));
}

Bytes Claim::encode() const
{
    base::Writer writer;
    writer.hash(operatorKey);
    bitcoin::writeOutPoint(writer, vault);
    bitcoin::writeOutPoint(writer, funding);
    writer.hash(kickoff);
    writer.hash(take);
    writer.hash(burn);
    writer.u8(static_cast<std::uint8_t>(status));
    return writer.take();
}

Result<Claim> parseClaim(ByteView value)
{
    base::Reader reader(value);
    Claim out;
    readHash(reader, out.operatorKey);
    out.vault = bitcoin::readOutPoint(reader);
    out.funding = bitcoin::readOutPoint(reader);
    readHash(reader, out.kickoff);
    readHash(reader, out.take);
    readHash(reader, out.burn);
    out.status = readStatus(reader, ClaimStatus::Taken);
    return finished(reader, out);
}

Bytes ChainObject::encode() const
{
    base::Writer writer;
    bitcoin::writeOutPoint(writer, seal);
    writer.u8(static_cast<std::uint8_t>(seals));
    writer.u64le(sealedBatch.value);
    writer.u32le(sealHeight.value);
    writer.hash(program);
    writer.hash(announced);
    writer.u32le(announcements);
    writer.u32le(delay);
    writer.u64le(announcedBatch.value);
    writer.u32le(activationHeight.value);
    writer.u64le(activationBatch.value);
    return writer.take();
}

Result<ChainObject> parseChainObject(ByteView value)
{
    base::Reader reader(value);
    ChainObject out;
    out.seal = bitcoin::readOutPoint(reader);
    out.seals = readStatus(reader, SealsStatus::Ended);
    out.sealedBatch.value = reader.u64le();
    out.sealHeight.value = reader.u32le();
    readHash(reader, out.program);
    readHash(reader, out.announced);
    out.announcements = reader.u32le();
    out.delay = reader.u32le();
    out.announcedBatch.value = reader.u64le();
    out.activationHeight.value = reader.u32le();
    out.activationBatch.value = reader.u64le();
    return finished(reader, out);
}

std::optional<Digest> ChainObject::programOf(BatchNumber batch) const
{
    const Digest& due = activationBatch == batch && batch.value != 0 ? announced : program;
    return due.isZero() ? std::nullopt : std::optional(due);
}

Bytes BatchObject::encode() const
{
    base::Writer writer;
    writer.hash(hash);
    writer.u32le(l1Height.value);
    writer.hash(l1Hash);
    return writer.take();
}

Result<BatchObject> parseBatchObject(ByteView value)
{
    base::Reader reader(value);
    BatchObject out;
    readHash(reader, out.hash);
    out.l1Height.value = reader.u32le();
    readHash(reader, out.l1Hash);
    return finished(reader, out);
}

StateKey ObjectId::key() const
{
    Bytes bytes{static_cast<std::uint8_t>(kind)};
    base::append(bytes, id);
    return StateKey{field::hashBytes(field::SpongeTag::Key, bytes).bytes};
}

ObjectId accountId(const XOnlyPublicKey& key) { return {ObjectKind::Account, base::toBytes(key.view())}; }

ObjectId l1ViewId() { return {ObjectKind::L1View, {}}; }

ObjectId l1BlockId(Height height)
{
    base::Writer writer;
    writer.u32le(height.value);
    return {ObjectKind::L1Block, writer.take()};
}

ObjectId vaultId(const OutPoint& outpoint)
{
    base::Writer writer;
    bitcoin::writeOutPoint(writer, outpoint);
    return {ObjectKind::Vault, writer.take()};
}

std::uint64_t withdrawalNumber(const TxHash& request)
{
    constexpr std::uint64_t kHighest = std::uint64_t{1} << 63U;
    base::Reader reader(base::ByteView(request.view()).first(8));
    return reader.u64le() & ~kHighest;
}

ObjectId withdrawalId(std::uint64_t number) { return {ObjectKind::Withdrawal, numberId(number)}; }

ObjectId operatorId(const XOnlyPublicKey& key) { return {ObjectKind::Operator, base::toBytes(key.view())}; }

ObjectId paymentId(const Txid& txid) { return {ObjectKind::Payment, base::toBytes(txid.view())}; }

ObjectId countersId() { return {ObjectKind::Counters, {}}; }

ObjectId claimObjectId(std::uint64_t index) { return {ObjectKind::Claim, numberId(index)}; }

ObjectId chainObjectId() { return {ObjectKind::Chain, {}}; }

ObjectId batchObjectId(BatchNumber number) { return {ObjectKind::Batch, numberId(number.value)}; }

field::FieldDigest historyStep(const field::FieldDigest& previous, const TxHash& transaction,
                               BatchNumber batch, std::uint32_t index)
{
    base::Writer writer;
    writer.hash(transaction);
    writer.u64le(batch.value);
    writer.u32le(index);
    return field::hashDigestAndBytes(field::SpongeTag::History, previous.view(), writer.data());
}

} // namespace bowline::l2
