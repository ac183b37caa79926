// SPDX-License-Identifier: MIT
#include "app/zkvm/arguments.h"

#include <algorithm>
#include <charconv>

namespace bowline::zkvm_cli {

namespace {
constexpr std::string_view kFlags[] = {"json", "help", "progress", "profile"};
constexpr std::string_view kValues[] = {"input", "output",  "memory",    "limit",  "threads",
                                        "id",    "journal", "exit-code", "symbols"};

template <typename Names>
[[nodiscard]] bool contains(const Names& names, std::string_view name)
{
    return std::find(std::begin(names), std::end(names), name) != std::end(names);
}
} // namespace

base::Result<std::string> Arguments::value(const std::string& option) const
{
    const auto found = options.find(option);
    if (found == options.end()) return base::makeError(kUsage, "missing --" + option);
    return found->second;
}

base::Result<std::uint64_t> Arguments::number(const std::string& option, std::uint64_t fallback) const
{
    const auto found = options.find(option);
    if (found == options.end()) return fallback;
    const std::string& text = found->second;
    std::uint64_t out = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (failure != std::errc{} || end != text.data() + text.size())
        return base::makeError(kUsage, "--" + option + " takes a whole number");
    return out;
}

base::Result<std::string> Arguments::file() const
{
    if (words.size() != 2) return base::makeError(kUsage, "expected one file behind the command");
    return words[1];
}

base::Result<Arguments> parseArguments(const std::vector<std::string>& arguments)
{
    Arguments out;
    // Even a refusal is to be told in the wanted form.
    out.json = contains(arguments, "--json");
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        std::string argument = arguments[i] == "-o" ? "--output" : arguments[i];
        if (argument.rfind("--", 0) != 0) {
            out.words.push_back(argument);
            continue;
        }
        const auto equals = argument.find('=');
        const std::string name = argument.substr(2, equals == std::string::npos ? equals : equals - 2);
        if (contains(kFlags, name) && equals == std::string::npos) {
            out.options[name] = "";
        } else if (!contains(kValues, name)) {
            return base::makeError(kUsage, "unknown option " + argument);
        } else if (equals != std::string::npos) {
            out.options[name] = argument.substr(equals + 1);
        } else if (i + 1 < arguments.size()) {
            out.options[name] = arguments[++i];
        } else {
            return base::makeError(kUsage, argument + " takes a value");
        }
    }
    out.help = out.has("help");
    return out;
}

std::string usageText()
{
    return R"(bowline-zkvm: executes MIPS programs and proves their execution (docs/zkvm.md)

  bowline-zkvm run FILE [--input F]       executes; shows exit code, cycles, instructions, public values
  bowline-zkvm snapshot FILE -o IMAGE     executes up to the first read of the input and keeps the state
  bowline-zkvm id FILE                    the program id that a proof commits to
  bowline-zkvm prove FILE -o PROOF        executes and proves it
  bowline-zkvm verify PROOF --id ID       checks a proof; says what it proves
  bowline-zkvm inspect PROOF              shows what is in a proof, without checking it
  bowline-zkvm bench FILE                 proves, verifies, and shows the figures

FILE is an ELF program or an image made by snapshot.

  --input F      the private input, read by the guest from descriptor 0
  --limit N      at most N instructions (default: no limit)
  --memory MIB   memory: of the guest at most (run, snapshot; default: 1024), of the prover about (default: 2048)
  --threads N    of the prover (default: as many as the processor has)
  --profile      run: how many instructions each function took, by the names in FILE or, if given, in the ELF
                 file of --symbols
  --progress     shows how far the prover is
  --journal F    verify: the public values must be this file
  --exit-code N  verify: the program must have ended with this code (default: 0)
  --json         one JSON object on standard output

Exit status: 0; 1 when the guest or the command failed; 2 for wrong usage; 130 after Ctrl-C.
)";
}

} // namespace bowline::zkvm_cli
