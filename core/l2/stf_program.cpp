// SPDX-License-Identifier: MIT
#include "core/l2/stf_program.h"

#include "core/l2/child_process.h"

namespace bowline::l2 {

namespace {
class Native final : public StfProgram {
public:
    explicit Native(NativeOptions options) : m_options(std::move(options)) {}
    [[nodiscard]] Result<ProgramOutput> run(ByteView frame) const override
    {
        return runChild(m_options.program, frame, m_options.timeout, m_options.maxOutput);
    }

private:
    NativeOptions m_options;
};

class Checked final : public StfProgram {
public:
    Checked(StfProgramPtr first, StfProgramPtr second)
        : m_first(std::move(first)), m_second(std::move(second))
    {
    }
    [[nodiscard]] Result<ProgramOutput> run(ByteView frame) const override
    {
        BOWLINE_TRY(ProgramOutput first, m_first->run(frame));
        BOWLINE_TRY(const ProgramOutput second, m_second->run(frame));
        if (first != second) return base::makeError(kStfUnsound, "two ways to execute the program disagree");
        return first;
    }

private:
    StfProgramPtr m_first;
    StfProgramPtr m_second;
};
} // namespace

StfProgramPtr nativeProgram(NativeOptions options) { return std::make_shared<Native>(std::move(options)); }

StfProgramPtr checkedAgainst(StfProgramPtr first, StfProgramPtr second)
{
    return std::make_shared<Checked>(std::move(first), std::move(second));
}

} // namespace bowline::l2
