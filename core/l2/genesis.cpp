// SPDX-License-Identifier: MIT
#include "core/l2/genesis.h"

#include "core/bitcoin/block.h"

namespace bowline::l2 {

std::vector<StateObject> genesisObjects(const NetworkParams& params)
{
    const BlockHash hash = params.checkpointHash();
    base::Reader bits(ByteView(params.checkpointHeader).subspan(72, 4));
    L1View view;
    view.tipHeight = view.confirmedHeight = params.checkpointHeight;
    view.tipHash = view.confirmedHash = hash;
    view.confirmedWork = params.checkpointWork;
    view.confirmedTime = params.lastTimes[0];
    view.confirmedBits = bits.u32le();
    view.epochStartTime = params.epochStartTime;
    view.lastTimes = params.lastTimes;
    ChainObject chain;
    chain.seal = params.firstSeal;
    return {{l1ViewId(), view.encode()},
            {l1BlockId(params.checkpointHeight), base::toBytes(hash.view())},
            {countersId(), Counters{}.encode()},
            {chainObjectId(), chain.encode()}};
}

BatchBody genesisBody(const NetworkParams& params)
{
    BatchBody body;
    body.l1.keep = params.checkpointHeight;
    return body;
}

BatchHeader genesisHeader(const NetworkParams& params)
{
    const BatchBody body = genesisBody(params);
    BatchHeader header;
    header.chainId = params.chainId();
    header.time = params.genesisTime;
    header.l1Height = params.checkpointHeight;
    header.l1Hash = params.checkpointHash();
    header.txsRoot = txsRootOf(body);
    header.receiptsRoot = receiptsRootOf({});
    header.stateRoot = StateTree::fromObjects(genesisObjects(params)).root();
    header.outboxAcc = Frontier{}.root(AppendHash::Outbox);
    header.seqSet = header.nextSeqSet = sequencerSetOf(params.sequencerKey);
    header.daHash = daHashOf(body.encode());
    header.proposer = proposerOf(params.sequencerKey);
    header.gasLimit = kGasLimit;
    header.baseFee = static_cast<std::uint64_t>(params.minFee.sat());
    return header;
}

SignedBatch genesisBatch(const NetworkParams& params)
{
    return {{genesisHeader(params), {}}, genesisBody(params)};
}

} // namespace bowline::l2
