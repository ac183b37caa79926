// SPDX-License-Identifier: MIT
#include "tests/unit/proven/real_proofs.h"

#include "core/l2/genesis.h"
#include "core/stf/pins.h"
#include "tests/unit/aggregate/chained.h"
#include "tests/unit/aggregate/wrap_fixture.h"

namespace bowline::proven::test {

using aggregate::ChainState;
using bowline::test::Anything;
using bowline::test::expect;

struct RealProofs::Scene {
    field::FieldDigest program;
    ChainRules rules;
    recursion::MachineForm form{bowline::test::kInnerParameters,
                                heightsOf(expect(recursion::Circuit(ChainState::kValues).finish()))};
    Anything states{ChainState::kValues, form};
    std::unique_ptr<aggregate::Wrap> wrap;

    Scene(const l2::NetworkParams& params, Wrapping wrapping)
        : program(expect(stf::pinOf(params.bitcoinNetwork)).id), rules(expect(ChainRules::make(params)))
    {
        const auto parameters =
            wrapping == Wrapping::Quick ? bowline::test::kTestWrapParameters : aggregate::kWrapParameters;
        wrap = expect(aggregate::Wrap::make(states.machine.key().verifying(),
                                            stark::Heights(form.heights->begin(), form.heights->end()),
                                            parameters));
        rules.wrap = wrap->key();
    }
};

RealProofs::RealProofs(const l2::NetworkParams& params, Wrapping wrapping)
    : m_scene(std::make_unique<const Scene>(params, wrapping))
{
}

RealProofs::~RealProofs() = default;

std::shared_ptr<const Checker> RealProofs::checker() const
{
    return std::make_shared<ChainChecker>(m_scene->rules);
}

Digest RealProofs::program() const
{
    Digest out;
    const auto bytes = m_scene->program.view();
    std::copy(bytes.begin(), bytes.end(), out.bytes.begin());
    return out;
}

base::Bytes RealProofs::fileOf(const Head& head) const
{
    l2::Statement statement;
    statement.chainId = m_scene->rules.chainId;
    statement.genesisHash = m_scene->rules.genesisHash;
    statement.first = statement.last = head.batch;
    statement.lastHash = head.hash;
    statement.state = head.state;
    statement.claimsRoot = head.claimsRoot;
    statement.claimsCount = head.claimsCount;
    statement.l1Height = head.l1Height;
    statement.l1Hash = head.l1Hash;
    statement.l1Work = head.l1Work;
    statement.sealedBatch = head.sealedBatch;
    statement.nextProgramId = head.nextProgram;
    statement.activationBatch = head.activationBatch;
    ChainState state = bowline::test::stateOf(statement, field::elementsOf(m_scene->program.view()));
    state.keySet = m_scene->rules.keySet;
    state.chainKey = m_scene->rules.chainKey;
    const std::vector<field::Element> values = state.publicValues();
    return expect(m_scene->wrap->prove(values, m_scene->states.prove(values)));
}

} // namespace bowline::proven::test
