// SPDX-License-Identifier: MIT
// A program of the recursion machine: what a circuit was recorded as (docs/recursion.md).
//
// Memory is words of four elements, each at an address. Every address is written by one operation of the program and by
// no other, and how often it is read is a number of the program. There are no jumps and no times: an execution is
// a filled memory in which every operation holds.
#pragma once

#include "core/base/result.h"
#include "core/field/extension.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace bowline::recursion {

using field::Element;
using field::Extension;

/// A program breaks a rule of Program::check(): its compiler's mistake.
inline constexpr base::ErrorCode kBadProgram{"recursion.bad-program"};

using Address = std::uint32_t;

/// What the execution is given beside the public values: elements in the order in which a proof is walked through.
using Stream = std::vector<Element>;

/// Where a word that the program does not fix comes from. Nothing rests on it: operations check what is made of it.
struct Advice {
    enum class Kind : std::uint8_t {
        Stream,  // element `first` of the stream, or four from there on
        Inverse, // 1 / the word at `of`, 0 for 0
        Placed, // of the list that the stream's extension elements from `first` on are with the word at `of` put
                // in at the place that the bits spell, number `place`
    };
    Kind kind = Kind::Stream;
    std::uint32_t first = 0;
    Address of = 0;
    std::array<Address, 3> bits{};
    std::uint8_t bitCount = 0;
    std::uint8_t place = 0;
};

/// Writes a constant, an element (the three others are 0), or a word without a form.
struct WordOp {
    enum class Form : std::uint8_t { Constant, Element, Extension };
    Form form = Form::Constant;
    Address out = 0;
    Extension value; // of a constant
    Advice advice;   // of the others
};

/// out = a b + c in the extension; a check reads out instead of writing it.
struct AluOp {
    Address a = 0;
    Address b = 0;
    Address c = 0;
    Address out = 0;
    bool check = false;
    std::uint32_t why = 0; // place in Program::reasons
};

/// A word and its four elements as words of their own. Unpacking writes the elements, packing the word.
struct LanesOp {
    Address word = 0;
    std::array<Address, 4> elements{};
    bool pack = false;
};

/// The last `count` bits of the canonical value of an element, least first, as words from `first` on.
struct BitsOp {
    Address in = 0;
    Address first = 0;
    std::uint32_t count = 0;
};
inline constexpr std::uint32_t kMaxBits = 24;

/// Poseidon2 of four words; the result is the four words from `out` on.
struct PermuteOp {
    std::array<Address, 4> in{};
    Address out = 0;
};

/// The digest of a row of elements (the tagged sponge), as two words from `digest` on, and behind them the row's sum with
/// falling powers of `gamma`, as stark::openRows has it. The row is private elements of the stream, on no bus, or whole words.
struct RowOp {
    Address gamma = 0;
    Address digest = 0;
    std::uint32_t first = 0;  // in Program::privates, or in Program::rowWords
    std::uint32_t length = 0; // elements
    bool isPrivate = true;

    [[nodiscard]] std::size_t blocks() const { return (length + 7) / 8; }
    [[nodiscard]] Address sum() const { return digest + 2; }
};

/// From a row's digest to a root: each step hashes with a private sibling on the side that a bit says, or with the digest of
/// another row at its right.
struct PathStep {
    bool climb = true;
    Address at = 0;            // of the bit, or of the other digest
    std::uint32_t sibling = 0; // of its eight elements in the stream
};
struct PathOp {
    Address start = 0; // of the two words of the row's digest
    std::vector<PathStep> steps;
    std::array<Address, 2> root{};
    std::uint32_t why = 0;
};

/// Public values are four to a word, in the first words of memory.
[[nodiscard]] constexpr std::size_t publicWordsOf(std::size_t publicValues) { return (publicValues + 3) / 4; }

struct Program {
    enum class Kind : std::uint8_t { Word, Alu, Lanes, Bits, Permute, Row, Path };
    struct Step {
        Kind kind{};
        std::uint32_t index = 0; // among the operations of its kind
    };

    std::size_t publicValues = 0;
    std::size_t streamSize = 0;
    std::vector<Step> order; // operands are written before their use
    std::vector<WordOp> words;
    std::vector<AluOp> alu;
    std::vector<LanesOp> lanes;
    std::vector<BitsOp> bits;
    std::vector<PermuteOp> permutes;
    std::vector<RowOp> rows;
    std::vector<PathOp> paths;
    std::vector<std::uint32_t> privates; // elements of the stream
    std::vector<Address> rowWords;
    std::vector<std::uint32_t> uses; // of each address: how often it is read
    std::vector<std::string> reasons;

    [[nodiscard]] std::size_t publicWords() const { return publicWordsOf(publicValues); }
    [[nodiscard]] std::size_t memorySize() const { return uses.size(); }
    /// Every address is written once and before it is read, `uses` counts the reads, words of public values are
    /// read once (so that their messages do not hang on the program), the bits of paths come from BitsOps or are constants 0
    /// or 1, and the stream's places exist. What the machine's soundness asks of a program.
    [[nodiscard]] base::Status check() const;
    /// Reads of every address by all operations.
    [[nodiscard]] std::vector<std::uint32_t> countUses() const;
};

} // namespace bowline::recursion
