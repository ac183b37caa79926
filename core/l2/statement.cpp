// SPDX-License-Identifier: MIT
#include "core/l2/statement.h"

#include "core/crypto/hash.h"

namespace bowline::l2 {

Bytes Statement::encode() const
{
    base::Writer writer;
    writer.u16le(version);
    writer.hash(chainId);
    writer.hash(programId);
    writer.u64le(first.value);
    writer.u64le(last.value);
    writer.hash(prevHash);
    writer.hash(lastHash);
    writer.hash(prevState);
    writer.hash(state);
    writer.hash(prevInbox);
    writer.hash(inbox);
    writer.u64le(prevInboxCount);
    writer.u64le(inboxCount);
    writer.hash(prevOutbox);
    writer.hash(outbox);
    writer.u64le(prevOutboxCount);
    writer.u64le(outboxCount);
    writer.hash(claimsRoot);
    writer.u64le(claimsCount);
    writer.u32le(l1Height.value);
    writer.hash(l1Hash);
    writer.bytes(l1Work);
    writer.hash(seqSetIn);
    writer.hash(seqSetOut);
    writer.hash(daHash);
    writer.hash(foreignRoots);
    writer.u64le(fees);
    writer.u32le(emissionEpoch);
    writer.u64le(sealedBatch);
    writer.hash(genesisHash);
    writer.hash(nextProgramId);
    writer.u64le(activationBatch);
    return writer.take();
}

Digest Statement::digest() const { return crypto::sha256(encode()); }

Result<Statement> parseStatement(ByteView bytes)
{
    base::Reader reader(bytes);
    Statement out;
    out.version = reader.u16le();
    if (out.version != 1) reader.fail(kBadStatement, "version");
    readHash(reader, out.chainId);
    readHash(reader, out.programId);
    out.first.value = reader.u64le();
    out.last.value = reader.u64le();
    if (out.first > out.last) reader.fail(kBadStatement, "range");
    readHash(reader, out.prevHash);
    readHash(reader, out.lastHash);
    readHash(reader, out.prevState);
    readHash(reader, out.state);
    readHash(reader, out.prevInbox);
    readHash(reader, out.inbox);
    out.prevInboxCount = reader.u64le();
    out.inboxCount = reader.u64le();
    readHash(reader, out.prevOutbox);
    readHash(reader, out.outbox);
    out.prevOutboxCount = reader.u64le();
    out.outboxCount = reader.u64le();
    readHash(reader, out.claimsRoot);
    out.claimsCount = reader.u64le();
    out.l1Height.value = reader.u32le();
    readHash(reader, out.l1Hash);
    out.l1Work = reader.array<32>();
    readHash(reader, out.seqSetIn);
    readHash(reader, out.seqSetOut);
    readHash(reader, out.daHash);
    readHash(reader, out.foreignRoots);
    out.fees = reader.u64le();
    out.emissionEpoch = reader.u32le();
    out.sealedBatch = reader.u64le();
    readHash(reader, out.genesisHash);
    readHash(reader, out.nextProgramId);
    out.activationBatch = reader.u64le();
    const Status status = reader.finish();
    if (!status) return base::makeError(kBadStatement, status.error().detail);
    return out;
}

} // namespace bowline::l2
