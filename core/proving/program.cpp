// SPDX-License-Identifier: MIT
#include "core/proving/program.h"

#include "core/proving/constraint_texts.h"
#include "core/stark/key_texts.h"

#include <algorithm>

namespace bowline::proving {

namespace {
void appendNumber(std::vector<field::Element>& out, std::uint32_t number)
{
    out.push_back(field::Element::from(number & 0xffffU));
    out.push_back(field::Element::from(number >> 16U));
}
} // namespace

field::FieldDigest ProgramCommitment::id() const
{
    std::vector<field::Element> elements(tables.begin(), tables.end());
    appendNumber(elements, programLog);
    elements.insert(elements.end(), root.begin(), root.end());
    appendNumber(elements, pc);
    appendNumber(elements, npc);
    appendNumber(elements, kernelVersion);
    return field::hashElements(kProgramTag, elements);
}

Result<std::unique_ptr<PreparedProgram>> PreparedProgram::make(const zkvm::Image& image,
                                                               const stark::Parameters& parameters,
                                                               const stark::ProverOptions& options)
{
    std::unique_ptr<PreparedProgram> out(new PreparedProgram);
    out->m_image = &image;
    BOWLINE_TRY(out->m_text, zkvm::Text::decoded(image.text));
    out->m_tables.emplace(out->m_text);
    if (out->m_tables->program().log() > chips::kMaxTableLog)
        return base::makeError(zkvm::kBadText, "more instructions than a proof's table has rows");
    BOWLINE_TRY(stark::System system, out->m_tables->system(parameters));
    BOWLINE_TRY(stark::ProvingKey key, stark::ProvingKey::make(std::move(system), options));
    out->m_key.emplace(std::move(key));
    out->m_tree.set(zkvm::leavesOf(image));
    out->m_commitment = {*out->m_key->verifying().preprocessed,
                         out->m_tables->program().log(),
                         out->m_tree.node(zkvm::MemoryTree::kDepth, 0),
                         image.pc,
                         image.npc,
                         image.kernelVersion};
    return out;
}

Result<field::FieldDigest> programId(const zkvm::Image& image)
{
    BOWLINE_TRY(const auto program, PreparedProgram::make(image, stark::kCoreParameters, {}));
    return program->commitment().id();
}

Result<stark::VerifyingKey> verifyingKeyOf(const ProgramCommitment& commitment,
                                           const stark::Parameters& parameters)
{
    const chips::MachineTables tables(commitment.programLog);
    BOWLINE_TRY(const stark::System system, tables.system(parameters));
    stark::TextDigests texts(kConstraintTexts.size());
    for (std::size_t i = 0; i < texts.size(); ++i)
        std::transform(kConstraintTexts[i].begin(), kConstraintTexts[i].end(), texts[i].begin(),
                       [](std::uint32_t word) { return field::Element::from(word); });
    return stark::verifyingKeyOf(system, commitment.tables, texts);
}

} // namespace bowline::proving
