// SPDX-License-Identifier: MIT
#include "core/l2/transaction.h"

#include "core/crypto/blake3.h"
#include "core/crypto/hash.h"
#include "core/l2/hashes.h"

namespace bowline::l2 {

namespace {
constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kSignatureSize = 64;
// version, type, sender, nonce, fee
constexpr std::size_t kBodyHead = 1 + 1 + 32 + 8 + 8;

void writeSized(base::Writer& writer, ByteView bytes)
{
    writer.u32le(static_cast<std::uint32_t>(bytes.size()));
    writer.bytes(bytes);
}

Bytes readSized(base::Reader& reader)
{
    const std::size_t size = reader.u32le();
    if (size > kMaxTransactionBytes) {
        reader.fail(kBadTxProof, "transaction too long");
        return {};
    }
    return base::toBytes(reader.bytes(size));
}

void writePath(base::Writer& writer, const std::vector<Digest>& path)
{
    writer.u8(static_cast<std::uint8_t>(path.size()));
    for (const Digest& sibling : path) writer.hash(sibling);
}

std::vector<Digest> readPath(base::Reader& reader)
{
    const std::size_t count = reader.u8();
    if (count > bitcoin::kMaxMerkleDepth) reader.fail(kBadTxProof, "path too long");
    std::vector<Digest> path;
    for (std::size_t i = 0; i < count && !reader.failed(); ++i) path.push_back(reader.hash<Digest>());
    return path;
}

void writeProof(base::Writer& writer, const TxProof& proof)
{
    writer.u32le(proof.height.value);
    writer.bytes(proof.header);
    writer.u32le(proof.path.index);
    writePath(writer, proof.path.siblings);
    writeSized(writer, proof.transaction);
    writePath(writer, proof.coinbasePath);
    writeSized(writer, proof.coinbase);
}

TxProof readProof(base::Reader& reader)
{
    TxProof out;
    out.height.value = reader.u32le();
    out.header = reader.array<80>();
    out.path.index = reader.u32le();
    out.path.siblings = readPath(reader);
    out.transaction = readSized(reader);
    out.coinbasePath = readPath(reader);
    out.coinbase = readSized(reader);
    return out;
}

struct PayloadWriter {
    base::Writer& writer;

    void operator()(const Transfer& p) const
    {
        writer.hash(p.to);
        writer.amountLe(p.amount);
    }
    void operator()(const Mint& p) const
    {
        writer.hash(p.recipient);
        writer.hash(p.graphRoot);
        writer.hash(p.depositId);
        writer.bytes(p.committeeSignature);
        writeProof(writer, p.deposit);
    }
    void operator()(const WithdrawRequest& p) const
    {
        writer.amountLe(p.amount);
        writer.amountLe(p.operatorFee);
        writeScript(writer, p.script);
    }
    void operator()(const WithdrawAccept& p) const
    {
        writer.u64le(p.id);
        writer.u32le(p.leastPayHeight.value);
    }
    void operator()(const WithdrawProve& p) const
    {
        writer.u64le(p.id);
        writeProof(writer, p.payment);
    }
    void operator()(const WithdrawReclaim& p) const { writer.u64le(p.id); }
    void operator()(const OperatorRegister& p) const { writer.amountLe(p.stake); }
    void operator()(const OperatorLeave&) const {}
    void operator()(const ClaimVault& p) const
    {
        bitcoin::writeOutPoint(writer, p.vault);
        writer.hash(p.depositId);
        bitcoin::writeOutPoint(writer, p.funding);
        writer.hash(p.kickoff);
        writer.hash(p.take);
        writeScript(writer, p.payout);
        writer.u8(static_cast<std::uint8_t>(p.graphLeaves.size()));
        for (const Digest& leaf : p.graphLeaves) writer.hash(leaf);
        writer.u8(p.ownIndex);
    }
    void operator()(const ClaimVoid& p) const
    {
        writer.u64le(p.claim);
        writeProof(writer, p.spend);
    }
    void operator()(const ClaimSettle& p) const
    {
        writer.u64le(p.claim);
        writeProof(writer, p.take);
    }
    void operator()(const SealProof& p) const { writeProof(writer, p.anchor); }
    void operator()(const ProgramChange& p) const
    {
        writer.u32le(p.number);
        writer.hash(p.program);
        writer.u32le(p.delay);
        writer.bytes(p.committeeSignature);
    }
};

Mint readMint(base::Reader& reader)
{
    Mint out;
    readHash(reader, out.recipient);
    readHash(reader, out.graphRoot);
    readHash(reader, out.depositId);
    out.committeeSignature = reader.array<64>();
    out.deposit = readProof(reader);
    return out;
}

WithdrawRequest readRequest(base::Reader& reader)
{
    WithdrawRequest out;
    out.amount = readAmount(reader);
    out.operatorFee = readAmount(reader);
    out.script = readScript(reader);
    return out;
}

ClaimVault readClaim(base::Reader& reader)
{
    ClaimVault out;
    out.vault = bitcoin::readOutPoint(reader);
    readHash(reader, out.depositId);
    out.funding = bitcoin::readOutPoint(reader);
    readHash(reader, out.kickoff);
    readHash(reader, out.take);
    out.payout = readScript(reader);
    const std::size_t count = reader.u8();
    for (std::size_t i = 0; i < count && !reader.failed(); ++i)
        out.graphLeaves.push_back(reader.hash<Digest>());
    out.ownIndex = reader.u8();
    if (out.ownIndex >= out.graphLeaves.size()) reader.fail(kBadL2Transaction, "own index");
    return out;
}

ProgramChange readProgram(base::Reader& reader)
{
    ProgramChange out;
    out.number = reader.u32le();
    readHash(reader, out.program);
    out.delay = reader.u32le();
    out.committeeSignature = reader.array<64>();
    return out;
}

Payload readPayload(base::Reader& reader, std::uint8_t type)
{
    switch (static_cast<TxType>(type)) {
    case TxType::Transfer: {
        const auto to = reader.hash<XOnlyPublicKey>();
        return Transfer{to, readAmount(reader)};
    }
    case TxType::Mint: return readMint(reader);
    case TxType::WithdrawRequest: return readRequest(reader);
    case TxType::WithdrawAccept: {
        const std::uint64_t id = reader.u64le();
        return WithdrawAccept{id, Height{reader.u32le()}};
    }
    case TxType::WithdrawProve: {
        const std::uint64_t id = reader.u64le();
        return WithdrawProve{id, readProof(reader)};
    }
    case TxType::WithdrawReclaim: return WithdrawReclaim{reader.u64le()};
    case TxType::OperatorRegister: return OperatorRegister{readAmount(reader)};
    case TxType::OperatorLeave: return OperatorLeave{};
    case TxType::Claim: return readClaim(reader);
    case TxType::ClaimVoid: {
        const std::uint64_t claim = reader.u64le();
        return ClaimVoid{claim, readProof(reader)};
    }
    case TxType::ClaimSettle: {
        const std::uint64_t claim = reader.u64le();
        return ClaimSettle{claim, readProof(reader)};
    }
    case TxType::Seal: return SealProof{readProof(reader)};
    case TxType::Program: return readProgram(reader);
    }
    reader.fail(kBadL2Transaction, "unknown type");
    return {};
}
} // namespace

Result<TxProof> buildTxProof(const bitcoin::Block& block, Height height, std::uint32_t index)
{
    if (index >= block.transactions.size()) return base::makeError(kBadTxProof, "no such transaction");
    const std::vector<Digest> txids = block.txids();
    TxProof out;
    out.height = height;
    out.header = block.header.serialize();
    out.path = bitcoin::merklePath(txids, index);
    out.transaction = block.transactions[index].serializeWithoutWitness();
    out.coinbasePath = bitcoin::merklePath(txids, 0).siblings;
    out.coinbase = block.transactions.front().serializeWithoutWitness();
    return out;
}

Bytes Transaction::body() const
{
    base::Writer writer;
    writer.u8(kVersion);
    writer.u8(static_cast<std::uint8_t>(type()));
    writer.hash(sender);
    writer.u64le(nonce);
    writer.amountLe(fee);
    std::visit(PayloadWriter{writer}, payload);
    return writer.take();
}

Bytes Transaction::encode() const
{
    Bytes out = body();
    base::append(out, signature);
    return out;
}

TxHash Transaction::hash() const { return TxHash{domainHash(Domain::Transaction, {body()}).bytes}; }

Result<Transaction> parseTransaction(ByteView bytes)
{
    if (bytes.size() > kMaxTransactionBytes || bytes.size() < kBodyHead + kSignatureSize) {
        return base::makeError(kBadL2Transaction, "length");
    }
    base::Reader reader(bytes.first(bytes.size() - kSignatureSize));
    if (reader.u8() != kVersion) return base::makeError(kBadL2Transaction, "version");
    const std::uint8_t type = reader.u8();
    Transaction out;
    readHash(reader, out.sender);
    out.nonce = reader.u64le();
    out.fee = readAmount(reader);
    out.payload = readPayload(reader, type);
    const Status status = reader.finish();
    if (!status) return base::makeError(kBadL2Transaction, status.error().detail);
    const ByteView signature = bytes.last(kSignatureSize);
    std::copy(signature.begin(), signature.end(), out.signature.begin());
    return out;
}

TxHash hashOfEncoded(ByteView transaction)
{
    const std::size_t size = transaction.size() < kSignatureSize ? 0 : transaction.size() - kSignatureSize;
    return TxHash{domainHash(Domain::Transaction, {transaction.first(size)}).bytes};
}

Digest signingMessage(const Transaction& transaction, const ChainId& chain)
{
    return bowlineHash("tx", {chain.view(), transaction.body()});
}

Result<Transaction> signTransaction(Transaction transaction, const ChainId& chain,
                                    const crypto::PrivateKey& key)
{
    transaction.sender = key.xOnlyPublicKey();
    const Digest message = signingMessage(transaction, chain);
    BOWLINE_TRY(const Signature64 signature, crypto::signSchnorr(key, message.view()));
    transaction.signature = signature;
    return transaction;
}

bool hasValidSignature(const Transaction& transaction, const ChainId& chain)
{
    if (hasOwnAuthority(transaction.type())) {
        return transaction.sender.isZero() && transaction.nonce == 0 && transaction.fee == Amount{} &&
               transaction.signature == Signature64{};
    }
    const Digest message = signingMessage(transaction, chain);
    return crypto::verifySchnorr(transaction.sender, message.view(), transaction.signature);
}

Digest mintMessage(const ChainId& chain, const OutPoint& vault, Amount value, const XOnlyPublicKey& recipient,
                   const Digest& graphRoot, const Digest& depositId)
{
    base::Writer writer;
    bitcoin::writeOutPoint(writer, vault);
    writer.amountLe(value);
    return bowlineHash("mint",
                       {chain.view(), writer.data(), recipient.view(), graphRoot.view(), depositId.view()});
}

Digest programMessage(const ChainId& chain, const ProgramChange& change)
{
    base::Writer writer;
    writer.u32le(change.number);
    writer.hash(change.program);
    writer.u32le(change.delay);
    return bowlineHash("program", {chain.view(), writer.data()});
}

Digest paymentTag(const ChainId& chain, std::uint64_t withdrawal, const XOnlyPublicKey& operatorKey,
                  std::uint32_t acceptance)
{
    base::Writer writer;
    writer.u64le(withdrawal);
    writer.hash(operatorKey);
    writer.u32le(acceptance);
    return bowlineHash("payment", {chain.view(), writer.data()});
}

Digest graphLeaf(const XOnlyPublicKey& operatorKey, const OutPoint& funding, const Txid& kickoff,
                 const Txid& take, ByteView payoutScript)
{
    base::Writer writer;
    bitcoin::writeOutPoint(writer, funding);
    const Digest payout = crypto::sha256(payoutScript);
    return bowlineHash("graph",
                       {operatorKey.view(), writer.data(), kickoff.view(), take.view(), payout.view()});
}

Digest graphRoot(const Digest& depositId, const OutPoint& vault, std::span<const Digest> leaves)
{
    base::Writer writer;
    bitcoin::writeOutPoint(writer, vault);
    for (const Digest& leaf : leaves) writer.hash(leaf);
    return bowlineHash("graph-root", {depositId.view(), writer.data()});
}

Digest claimId(const TxHash& burn, const Digest& depositId, const XOnlyPublicKey& operatorKey,
               const Digest& leaf)
{
    base::Writer writer;
    writer.hash(burn);
    writer.hash(depositId);
    writer.hash(operatorKey);
    writer.hash(leaf);
    return crypto::blake3(writer.data());
}

Bytes Receipt::encode() const
{
    base::Writer writer;
    writer.hash(transaction);
    writer.u8(static_cast<std::uint8_t>(kind));
    writer.amountLe(fee);
    writer.u64le(reference);
    return writer.take();
}

Digest Receipt::hash() const { return domainHash(Domain::Receipt, {encode()}); }

Receipt readReceipt(base::Reader& reader)
{
    Receipt out;
    readHash(reader, out.transaction);
    const std::uint8_t kind = reader.u8();
    if (kind == 0 || kind > static_cast<std::uint8_t>(TxType::Program)) {
        reader.fail(kBadL2Transaction, "unknown type");
    }
    out.kind = static_cast<TxType>(kind);
    out.fee = readAmount(reader);
    out.reference = reader.u64le();
    return out;
}

} // namespace bowline::l2
