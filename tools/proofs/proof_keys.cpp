// SPDX-License-Identifier: MIT
// Prints resources/proofs/keys.json anew, for the shapes that the file given has: whoever changes a shape, a form, the
// parameters, a constraint or a circuit runs this once and commits the result (docs/recursion.md, "The pinned keys").
//
//   bowline-proof-keys FILE             the new file
//   bowline-proof-keys FILE --programs  how many rows each lift and join has, for who chooses shapes and forms
#include "core/aggregate/chain.h"
#include "core/aggregate/join.h"
#include "core/aggregate/lift.h"
#include "core/proven/keys.h"

#include <cstdio>
#include <fstream>
#include <iterator>
#include <thread>

using namespace bowline;

namespace {
void print(const std::string& what, const recursion::Program& program)
{
    std::size_t rows = 0;
    for (const auto& op : program.rows) rows += op.blocks();
    std::size_t steps = 0;
    for (const auto& op : program.paths) steps += op.steps.size();
    std::printf("%s: words %zu, alu %zu, lanes %zu, permutes %zu, rows %zu, paths %zu; logs", what.c_str(),
                program.words.size(), program.alu.size(), program.lanes.size(), program.permutes.size(), rows,
                steps);
    for (const unsigned log : recursion::heightsOf(program)) std::printf(" %u", log);
    std::printf("\n");
}

base::Status printPrograms(const proven::ProofKeys& keys)
{
    for (const proven::LiftKey& lift : keys.lifts) {
        BOWLINE_TRY(const auto program,
                    aggregate::liftProgram({keys.programLog, lift.heights, stark::kCoreParameters}));
        print("lift", program);
    }
    for (std::size_t left = 0; left < aggregate::kForms.size(); ++left) {
        for (std::size_t right = 0; right < aggregate::kForms.size(); ++right) {
            BOWLINE_TRY(const auto program,
                        aggregate::joinProgram(aggregate::kForms[left], aggregate::kForms[right]));
            print("join " + std::to_string(left) + ' ' + std::to_string(right), program);
        }
    }
    BOWLINE_TRY(const auto chain, aggregate::chainProgram({}));
    print("chain", chain);
    return base::success();
}

base::Status printKeys(const proven::ProofKeys& before)
{
    stark::ProverOptions options;
    options.threads = std::max(1U, std::thread::hardware_concurrency());
    BOWLINE_TRY(const proven::ProofKeys keys, proven::makeKeys(before.programLog, before.shapes(), options));
    std::fputs(proven::toJson(keys).c_str(), stdout);
    return base::success();
}
} // namespace

int main(int argc, char** argv)
{
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    const bool isProgramsToo = arguments.size() == 2 && arguments[1] == "--programs";
    if (arguments.size() != 1 && !isProgramsToo) {
        std::fputs("usage: bowline-proof-keys FILE [--programs]\n", stderr);
        return 2;
    }
    std::ifstream in(arguments[0], std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const auto before = proven::keysIn(text);
    const base::Status done = !before.ok()    ? base::Status(before.error())
                              : isProgramsToo ? printPrograms(*before)
                                              : printKeys(*before);
    if (done.ok()) return 0;
    const std::string code(done.error().code.name());
    std::fprintf(stderr, "%s: %s\n", code.c_str(), done.error().detail.c_str());
    return 1;
}
