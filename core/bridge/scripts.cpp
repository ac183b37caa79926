// SPDX-License-Identifier: MIT
// The bridge's output scripts.
#include "core/bridge/scripts.h"

#include "core/l2/transaction.h"

namespace bowline::bridge {

using bitcoin::ScriptBuilder;
using bitcoin::TapLeaf;
using bitcoin::TaprootOutput;
using bitcoin::TaprootTree;

TxOut anchorOutput() { return {kAnchorValue, bitcoin::payToAnchor()}; }

Script signatureLeaf(const XOnlyPublicKey& key)
{
    return ScriptBuilder().push(key.view()).op(bitcoin::OP_CHECKSIG).take();
}

Result<Script> delayedSignatureLeaf(std::uint32_t blocks, const XOnlyPublicKey& key)
{
    if (blocks == 0 || blocks > bitcoin::kSequenceLockMask) {
        return base::makeError(kBadRelativeLock, std::to_string(blocks) + " blocks");
    }
    return ScriptBuilder()
        .number(blocks)
        .op(bitcoin::OP_CHECKSEQUENCEVERIFY)
        .op(bitcoin::OP_DROP)
        .push(key.view())
        .op(bitcoin::OP_CHECKSIG)
        .take();
}

Result<TaprootOutput> requestOutput(const XOnlyPublicKey& depositKey, const XOnlyPublicKey& refundKey,
                                    std::uint32_t refundBlocks)
{
    BOWLINE_TRY(Script refund, delayedSignatureLeaf(refundBlocks, refundKey));
    std::vector<TapLeaf> leaves;
    leaves.push_back(TapLeaf{signatureLeaf(depositKey)});
    leaves.push_back(TapLeaf{std::move(refund)});
    return TaprootOutput::withTree(bitcoin::unspendableInternalKey(),
                                   TaprootTree::balanced(std::move(leaves)));
}

Result<TaprootOutput> vaultOutput(const XOnlyPublicKey& depositKey)
{
    return TaprootOutput::keyOnly(depositKey);
}

Result<TaprootOutput> kickoffFundingOutput(const XOnlyPublicKey& operatorKey)
{
    return TaprootOutput::withTree(bitcoin::unspendableInternalKey(),
                                   TaprootTree::leaf(signatureLeaf(operatorKey)));
}

Result<TaprootOutput> connectorOutput(const XOnlyPublicKey& operatorKey, std::uint32_t takeBlocks,
                                      std::span<const XOnlyPublicKey> vetoKeys)
{
    BOWLINE_TRY(Script take, delayedSignatureLeaf(takeBlocks, operatorKey));
    std::vector<TapLeaf> leaves;
    leaves.push_back(TapLeaf{std::move(take)});
    for (const XOnlyPublicKey& key : vetoKeys) leaves.push_back(TapLeaf{signatureLeaf(key)});
    return TaprootOutput::withTree(bitcoin::unspendableInternalKey(),
                                   TaprootTree::balanced(std::move(leaves)));
}

std::vector<Bytes> leafWitness(const TaprootOutput& output, std::size_t leaf, const Signature64& signature)
{
    return {base::toBytes(signature), output.tree()->leafAt(leaf).script,
            output.controlBlock(leaf).serialize()};
}

std::vector<Bytes> keyWitness(const Signature64& signature) { return {base::toBytes(signature)}; }

Script paymentCommitment(const ChainId& chainId, std::uint64_t withdrawalId,
                         const XOnlyPublicKey& operatorKey, std::uint32_t acceptance)
{
    return bitcoin::nullDataScript(l2::paymentTag(chainId, withdrawalId, operatorKey, acceptance).view());
}

bool isPayoutScript(ByteView script)
{
    switch (bitcoin::outputTypeOf(script)) {
    case bitcoin::OutputType::PayToWitnessPublicKeyHash:
    case bitcoin::OutputType::PayToWitnessScriptHash:
    case bitcoin::OutputType::PayToTaproot: return true;
    default: return false;
    }
}

} // namespace bowline::bridge
