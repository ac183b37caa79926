// SPDX-License-Identifier: MIT
// Runs a fuzz target without libFuzzer: every file of the corpus folder, then a fixed number of simple
// mutations of them (bit flips, truncations, splices) from a fixed seed, so that each run is the same.
// BOWLINE_FUZZ_SECONDS makes it go on for so long by the clock instead, and for a least number of mutations.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

#include <unistd.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {
using Input = std::vector<std::uint8_t>;

Input current; // what the target has

/// What a target that ends the process was given, in hexadecimal. Only what a signal handler may do.
extern "C" void tellInput(int signal)
{
    static constexpr char kDigits[] = "0123456789abcdef";
    static char line[2 * 4096 + 1];
    std::size_t length = 0;
    for (std::size_t i = 0; i < current.size() && i < 4096; ++i) {
        line[length++] = kDigits[current[i] >> 4U];
        line[length++] = kDigits[current[i] & 15U];
    }
    line[length++] = '\n';
    static constexpr char kHead[] = "the target ended on this input (4096 bytes of it at most):\n";
    static_cast<void>(!::write(STDERR_FILENO, kHead, sizeof kHead - 1));
    static_cast<void>(!::write(STDERR_FILENO, line, length));
    std::signal(signal, SIG_DFL);
    ::raise(signal);
}

void run(Input input)
{
    current = std::move(input);
    LLVMFuzzerTestOneInput(current.data(), current.size());
}

std::vector<Input> readCorpus(const char* folder)
{
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) paths.push_back(entry.path());
    std::sort(paths.begin(), paths.end());
    std::vector<Input> out;
    for (const auto& path : paths) {
        std::ifstream in(path, std::ios::binary);
        out.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
    return out;
}

Input mutated(const std::vector<Input>& corpus, std::mt19937_64& random)
{
    Input out = corpus[random() % corpus.size()];
    const std::uint64_t steps = 1 + random() % 4;
    for (std::uint64_t i = 0; i < steps; ++i) {
        const std::uint64_t kind = random() % 5;
        if (kind == 0 && !out.empty()) {
            out[random() % out.size()] ^= static_cast<std::uint8_t>(1U << (random() % 8));
        } else if (kind == 1 && !out.empty()) {
            out[random() % out.size()] = static_cast<std::uint8_t>(random());
        } else if (kind == 2 && !out.empty()) {
            out.resize(random() % out.size());
        } else if (kind == 3) {
            const auto at = out.begin() + static_cast<std::ptrdiff_t>(random() % (out.size() + 1));
            out.insert(at, static_cast<std::uint8_t>(random() % 3 == 0 ? 0xff : random()));
        } else {
            const Input& other = corpus[random() % corpus.size()];
            if (!other.empty()) {
                const auto from = other.begin() + static_cast<std::ptrdiff_t>(random() % other.size());
                out.insert(out.end(), from, other.end());
            }
        }
    }
    return out;
}
} // namespace

int main(int argc, char** argv)
{
    if (argc != 2 || !std::filesystem::is_directory(argv[1])) {
        std::fprintf(stderr, "usage: %s CORPUS-FOLDER\n", argv[0]);
        return 2;
    }
    const std::vector<Input> corpus = readCorpus(argv[1]);
    if (corpus.empty()) {
        std::fprintf(stderr, "%s: the corpus is empty\n", argv[1]);
        return 2;
    }
    for (const int signal : {SIGABRT, SIGSEGV, SIGFPE, SIGILL, SIGBUS}) std::signal(signal, tellInput);
    for (const Input& input : corpus) run(input);
    std::mt19937_64 random(20090103);
    const char* seconds = std::getenv("BOWLINE_FUZZ_SECONDS");
    const auto end =
        std::chrono::steady_clock::now() + std::chrono::seconds(seconds ? std::atoi(seconds) : 0);
    std::uint64_t runs = corpus.size();
    // By the clock a target of which an execution takes milliseconds would go on for minutes beside other tests.
    const int least = seconds == nullptr ? 20'000 : 2'000;
    for (int i = 0; i < least || (seconds != nullptr && std::chrono::steady_clock::now() < end);
         ++i, ++runs) {
        run(mutated(corpus, random));
    }
    std::printf("{\"figure\": \"fuzz_executions\", \"target\": \"%s\", \"executions\": %llu}\n",
                std::filesystem::path(argv[0]).filename().c_str(), static_cast<unsigned long long>(runs));
    return 0;
}
