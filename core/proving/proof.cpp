// SPDX-License-Identifier: MIT
#include "core/proving/proof.h"

#include "core/base/serial.h"

#include <cstring>

namespace bowline::proving {

using base::makeError;
using base::Reader;
using base::Writer;
using field::Element;

namespace {
constexpr std::string_view kMagic = "BWLZKPRF";
constexpr std::uint16_t kVersion = 1;

void writeDigest(Writer& out, const zkvm::NodeDigest& digest)
{
    for (const Element word : digest) out.u32le(word.value());
}

Element readElement(Reader& in)
{
    const std::uint32_t word = in.u32le();
    if (word >= Element::kModulus) in.fail(kBadProofFile, "a number that is not below p");
    return Element::from(word);
}

zkvm::NodeDigest readDigest(Reader& in)
{
    zkvm::NodeDigest out;
    for (Element& word : out) word = readElement(in);
    return out;
}

void writeShard(Writer& out, const ShardProof& shard)
{
    out.u32le(shard.statement.pcAfter);
    out.u32le(shard.statement.npcAfter);
    writeDigest(out, shard.statement.rootAfter);
    out.u32le(shard.statement.timeAfter);
    out.u8(shard.statement.halted ? 1 : 0);
    out.u32le(shard.statement.exitCode);
    out.u32le(static_cast<std::uint32_t>(shard.proof.size()));
    out.bytes(shard.proof);
}

ShardProof readShard(Reader& in)
{
    ShardProof out;
    chips::Statement& statement = out.statement;
    statement.pcAfter = readElement(in).value();
    statement.npcAfter = readElement(in).value();
    statement.rootAfter = readDigest(in);
    statement.timeAfter = readElement(in).value();
    const std::uint8_t halted = in.u8();
    if (halted > 1) in.fail(kBadProofFile, "a flag that is neither 0 nor 1");
    statement.halted = halted == 1;
    statement.exitCode = in.u32le();
    if (statement.timeAfter < chips::kFirstTime || statement.timeAfter % chips::kTimeStep != 0)
        in.fail(kBadProofFile, "a time that no instruction ends at");
    const std::uint32_t size = in.u32le();
    if (size > kMaxShardProof) in.fail(kBadProofFile, "a shard's proof is too long");
    const base::ByteView proof = in.failed() ? base::ByteView{} : in.bytes(size);
    out.proof.assign(proof.begin(), proof.end());
    return out;
}

// A shard starts where the one before it ended.
void chain(ExecutionProof& proof)
{
    chips::Statement before;
    before.pcAfter = proof.program.pc;
    before.npcAfter = proof.program.npc;
    before.rootAfter = proof.program.root;
    for (ShardProof& shard : proof.shards) {
        shard.statement.pcBefore = before.pcAfter;
        shard.statement.npcBefore = before.npcAfter;
        shard.statement.rootBefore = before.rootAfter;
        before = shard.statement;
    }
}
} // namespace

zkvm::NodeDigest ResultOpening::root() const
{
    zkvm::NodeDigest node = zkvm::hashNode(zkvm::hashLeaf(leaves[0]), zkvm::hashLeaf(leaves[1]));
    std::uint32_t index = kLeaf / 2;
    for (const zkvm::NodeDigest& sibling : path) {
        node = index % 2 == 0 ? zkvm::hashNode(node, sibling) : zkvm::hashNode(sibling, node);
        index /= 2;
    }
    return node;
}

ResultOpening ResultOpening::of(const zkvm::MemoryTree& tree, const zkvm::Memory& memory)
{
    ResultOpening out;
    for (std::uint32_t leaf = 0; leaf < 2; ++leaf) {
        for (std::uint32_t i = 0; i < zkvm::kLeafWords; ++i)
            static_cast<void>(
                memory.load(BOWLINE_RESULT + leaf * zkvm::kLeafBytes + 4 * i, out.leaves[leaf][i]));
    }
    std::uint32_t index = kLeaf / 2;
    for (unsigned level = 0; level < kPath; ++level) {
        out.path[level] = tree.node(level + 1, index ^ 1U);
        index /= 2;
    }
    return out;
}

base::Bytes ExecutionProof::encode() const
{
    Writer out;
    out.bytes({reinterpret_cast<const std::uint8_t*>(kMagic.data()), kMagic.size()});
    out.u16le(kVersion);
    writeDigest(out, program.tables);
    out.u8(static_cast<std::uint8_t>(program.programLog));
    writeDigest(out, program.root);
    out.u32le(program.pc);
    out.u32le(program.npc);
    out.u32le(program.kernelVersion);
    out.u32le(static_cast<std::uint32_t>(shards.size()));
    for (const ShardProof& shard : shards) writeShard(out, shard);
    for (const zkvm::LeafWords& leaf : result.leaves) {
        for (const std::uint32_t word : leaf) out.u32le(word);
    }
    for (const zkvm::NodeDigest& node : result.path) writeDigest(out, node);
    out.u32le(static_cast<std::uint32_t>(journal.size()));
    out.bytes(journal);
    return out.take();
}

bool looksLikeProof(base::ByteView file)
{
    return file.size() >= kMagic.size() && std::memcmp(file.data(), kMagic.data(), kMagic.size()) == 0;
}

Result<ExecutionProof> ExecutionProof::decode(base::ByteView file)
{
    if (!looksLikeProof(file)) return makeError(kBadProofFile, "not a proof file");
    Reader in(file);
    static_cast<void>(in.bytes(kMagic.size()));
    if (const std::uint16_t version = in.u16le(); version != kVersion)
        return makeError(kBadProofFile, "version " + std::to_string(version));
    ExecutionProof out;
    out.program.tables = readDigest(in);
    out.program.programLog = in.u8();
    if (out.program.programLog < stark::kLogFinal || out.program.programLog > stark::kMaxLogDomain)
        in.fail(kBadProofFile, "size of the program");
    out.program.root = readDigest(in);
    out.program.pc = readElement(in).value();
    out.program.npc = readElement(in).value();
    out.program.kernelVersion = in.u32le();
    const std::uint32_t shards = in.u32le();
    if (shards == 0 || shards > kMaxShards) in.fail(kBadProofFile, "number of shards");
    for (std::uint32_t i = 0; i < shards && !in.failed(); ++i) out.shards.push_back(readShard(in));
    for (zkvm::LeafWords& leaf : out.result.leaves) {
        for (std::uint32_t& word : leaf) word = in.u32le();
    }
    for (zkvm::NodeDigest& node : out.result.path) node = readDigest(in);
    const std::uint32_t length = in.u32le();
    if (length > BOWLINE_JOURNAL_MAX) in.fail(kBadProofFile, "length of the public values");
    const base::ByteView journal = in.failed() ? base::ByteView{} : in.bytes(length);
    out.journal.assign(journal.begin(), journal.end());
    if (const auto status = in.finish(); !status.ok()) return makeError(kBadProofFile, status.error().detail);
    chain(out);
    return out;
}

std::uint64_t ExecutionProof::instructions() const
{
    std::uint64_t out = 0;
    for (const ShardProof& shard : shards) out += shard.statement.instructions();
    return out;
}

} // namespace bowline::proving
