// SPDX-License-Identifier: MIT
#include "core/l2/batch.h"

#include "core/l2/hashes.h"

namespace bowline::l2 {

ByteArray<BatchHeader::kSize> BatchHeader::encode() const
{
    base::Writer writer;
    writer.u16le(version);
    writer.hash(chainId);
    writer.u64le(height.value);
    writer.u32le(epoch);
    writer.u64le(time);
    writer.hash(parent);
    writer.u32le(l1Height.value);
    writer.hash(l1Hash);
    writer.hash(txsRoot);
    writer.hash(receiptsRoot);
    writer.hash(stateRoot);
    writer.hash(inboxAcc);
    writer.u64le(inboxCount);
    writer.hash(outboxAcc);
    writer.u64le(outboxCount);
    writer.hash(seqSet);
    writer.hash(nextSeqSet);
    writer.hash(daHash);
    writer.bytes(proposer);
    writer.u64le(gasUsed);
    writer.u64le(gasLimit);
    writer.u64le(baseFee);
    ByteArray<kSize> out;
    std::copy(writer.data().begin(), writer.data().end(), out.begin());
    return out;
}

BatchHash BatchHeader::hash() const { return BatchHash{domainHash(Domain::Header, {encode()}).bytes}; }

namespace {
BatchHeader readHeader(base::Reader& reader)
{
    BatchHeader out;
    out.version = reader.u16le();
    readHash(reader, out.chainId);
    out.height.value = reader.u64le();
    out.epoch = reader.u32le();
    out.time = reader.u64le();
    readHash(reader, out.parent);
    out.l1Height.value = reader.u32le();
    readHash(reader, out.l1Hash);
    readHash(reader, out.txsRoot);
    readHash(reader, out.receiptsRoot);
    readHash(reader, out.stateRoot);
    readHash(reader, out.inboxAcc);
    out.inboxCount = reader.u64le();
    readHash(reader, out.outboxAcc);
    out.outboxCount = reader.u64le();
    readHash(reader, out.seqSet);
    readHash(reader, out.nextSeqSet);
    readHash(reader, out.daHash);
    out.proposer = reader.array<20>();
    out.gasUsed = reader.u64le();
    out.gasLimit = reader.u64le();
    out.baseFee = reader.u64le();
    if (out.version != 1 || out.epoch != 0) reader.fail(kBadField, "version or epoch of a header");
    return out;
}

BatchBody readBody(base::Reader& reader)
{
    BatchBody out;
    out.l1.keep.value = reader.u32le();
    const std::size_t headers = reader.u16le();
    for (std::size_t i = 0; i < headers && !reader.failed(); ++i)
        out.l1.headers.push_back(reader.array<80>());
    const std::size_t transactions = reader.u32le();
    if (transactions > kMaxTransactions) reader.fail(kBadBatch, "too many transactions");
    for (std::size_t i = 0; i < transactions && !reader.failed(); ++i) {
        const std::size_t size = reader.u32le();
        if (size > kMaxTransactionBytes) reader.fail(kBadBatch, "transaction too long");
        out.transactions.push_back(base::toBytes(reader.bytes(size)));
    }
    return out;
}

template <typename T>
Result<T> finished(base::Reader& reader, T value)
{
    const Status status = reader.finish();
    if (!status) return base::makeError(kBadBatch, status.error().detail);
    return value;
}
} // namespace

Result<BatchHeader> parseBatchHeader(ByteView bytes)
{
    base::Reader reader(bytes);
    return finished(reader, readHeader(reader));
}

Bytes BatchBody::encode() const
{
    base::Writer writer;
    writer.u32le(l1.keep.value);
    writer.u16le(static_cast<std::uint16_t>(l1.headers.size()));
    for (const ByteArray<80>& header : l1.headers) writer.bytes(header);
    writer.u32le(static_cast<std::uint32_t>(transactions.size()));
    for (const Bytes& transaction : transactions) {
        writer.u32le(static_cast<std::uint32_t>(transaction.size()));
        writer.bytes(transaction);
    }
    return writer.take();
}

Result<BatchBody> parseBatchBody(ByteView bytes)
{
    if (bytes.size() > kMaxBatchBytes) return base::makeError(kBadBatch, "too long");
    base::Reader reader(bytes);
    return finished(reader, readBody(reader));
}

Digest daHashOf(ByteView body) { return domainHash(Domain::Body, {body}); }

Digest txsRootOf(const BatchBody& body)
{
    std::vector<Digest> hashes;
    hashes.reserve(body.transactions.size());
    for (const Bytes& transaction : body.transactions) {
        hashes.push_back(Digest{hashOfEncoded(transaction).bytes});
    }
    return listRoot(hashes);
}

Digest receiptsRootOf(std::span<const Receipt> receipts)
{
    std::vector<Digest> hashes;
    hashes.reserve(receipts.size());
    for (const Receipt& receipt : receipts) hashes.push_back(receipt.hash());
    return listRoot(hashes);
}

Digest sequencerSetOf(const XOnlyPublicKey& sequencer)
{
    return domainHash(Domain::SequencerSet, {sequencer.view()});
}

ByteArray<20> proposerOf(const XOnlyPublicKey& sequencer)
{
    const Digest full = domainHash(Domain::Address, {sequencer.view()});
    ByteArray<20> out;
    std::copy_n(full.bytes.begin(), out.size(), out.begin());
    return out;
}

namespace {
Digest headerMessage(const BatchHeader& header) { return bowlineHash("batch", {header.hash().view()}); }
} // namespace

Result<SignedHeader> signHeader(const BatchHeader& header, const crypto::PrivateKey& sequencer)
{
    BOWLINE_TRY(const Signature64 signature, crypto::signSchnorr(sequencer, headerMessage(header).view()));
    return SignedHeader{header, signature};
}

Status checkHeaderSignature(const SignedHeader& header, const XOnlyPublicKey& sequencer)
{
    if (crypto::verifySchnorr(sequencer, headerMessage(header.header).view(), header.signature)) {
        return base::success();
    }
    return base::makeError(kBadBatchSignature);
}

Bytes encodeHeaders(std::span<const SignedHeader> headers)
{
    Bytes out;
    out.reserve(headers.size() * SignedHeader::kSize);
    for (const SignedHeader& each : headers) {
        base::append(out, each.header.encode());
        base::append(out, each.signature);
    }
    return out;
}

Result<std::vector<SignedHeader>> parseHeaders(ByteView bytes)
{
    if (bytes.size() % SignedHeader::kSize != 0) return base::makeError(kBadBatch, "no whole headers");
    std::vector<SignedHeader> out;
    out.reserve(bytes.size() / SignedHeader::kSize);
    for (; !bytes.empty(); bytes = bytes.subspan(SignedHeader::kSize)) {
        SignedHeader& read = out.emplace_back();
        BOWLINE_TRY(read.header, parseBatchHeader(bytes.first(BatchHeader::kSize)));
        BOWLINE_TRY(read.signature, base::toArray<64>(bytes.subspan(BatchHeader::kSize, 64)));
    }
    return out;
}

Bytes SignedBatch::encode() const
{
    const auto header = head.header.encode();
    Bytes out(header.begin(), header.end());
    base::append(out, head.signature);
    base::append(out, body.encode());
    return out;
}

Result<SignedBatch> parseSignedBatch(ByteView bytes)
{
    if (bytes.size() > kMaxBatchBytes) return base::makeError(kBadBatch, "too long");
    base::Reader reader(bytes);
    SignedBatch out;
    out.head.header = readHeader(reader);
    out.head.signature = reader.array<64>();
    out.body = readBody(reader);
    return finished(reader, std::move(out));
}

Status checkBody(const SignedBatch& batch)
{
    const BatchHeader& header = batch.head.header;
    std::uint64_t gas = 0;
    for (const Bytes& transaction : batch.body.transactions) gas += transaction.size();
    if (header.daHash != daHashOf(batch.body.encode())) return base::makeError(kBodyMismatch, "da_hash");
    if (header.txsRoot != txsRootOf(batch.body)) return base::makeError(kBodyMismatch, "txs_root");
    if (header.gasUsed != gas) return base::makeError(kBodyMismatch, "gas_used");
    return base::success();
}

} // namespace bowline::l2
