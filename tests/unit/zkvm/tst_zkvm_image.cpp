// SPDX-License-Identifier: MIT
// core/zkvm: hostile ELF and image files, what is refused at load, the memory tree and the program id.
#include "core/zkvm/elf.h"
#include "core/zkvm/kernel.h"
#include "tests/unit/zkvm/fixture.h"

#include <QtTest>

using namespace bowline;
using namespace bowline::test;
using namespace bowline::test::mips;
using namespace bowline::zkvm;

namespace {

base::Bytes smallElf() { return elfOf({addiu(2, 0, 1), kNop, jr(31), kNop}, {0x01020304, 5}, 64); }

// The same file with one little-endian number replaced.
base::Bytes patched(base::Bytes file, std::size_t at, Word value, std::size_t size = 4)
{
    for (std::size_t i = 0; i < size; ++i) file[at + i] = static_cast<std::uint8_t>(value >> 8 * i);
    return file;
}

bool isRefused(const base::Bytes& file)
{
    const auto result = parseElf(file, kMemoryBegin, BOWLINE_ARENA_BASE);
    return !result.ok();
}

std::string textError(const std::vector<Word>& code)
{
    const auto result = Text::decoded({TextRange{kTextBase, code}});
    return result.ok() ? "" : std::string(result.error().code.name()) + " " + result.error().detail;
}

constexpr std::size_t kSegment0 = 52;
constexpr std::size_t kSegment1 = 52 + 32;

} // namespace

class TestZkvmImage : public QObject {
    Q_OBJECT
private slots:
    void aProgramIsReadAsItIs();
    void headersThatLieAreRefused();
    void segmentsThatLieAreRefused();
    void sectionsSayWhatIsCode();
    void aTruncatedFileIsRefusedAtEveryLength();
    void instructionsThatAreRefusedAtLoad();
    void imagesHaveOneEncoding();
    void imagesThatNoMachineCouldHaveAreRefused();
    void treeAgreesWithAnotherWayToComputeIt();
    void registersAndMemoryAreDifferentPlaces();
    void whatChangedBringsOneTreeToTheOther();
    void theKernelIsWhereTheMachineLooksForIt();
};

void TestZkvmImage::aProgramIsReadAsItIs()
{
    const ElfProgram program = expect(parseElf(smallElf(), kMemoryBegin, BOWLINE_ARENA_BASE));
    QCOMPARE(program.entry, kTextBase);
    QCOMPARE(program.end, kDataBase + 8 + 64);
    QCOMPARE(program.text.size(), std::size_t{1});
    QCOMPARE(program.text[0].base, kTextBase);
    QCOMPARE(program.text[0].words, (std::vector<Word>{addiu(2, 0, 1), kNop, jr(31), kNop}));
    QCOMPARE(program.pages.at(kDataBase / kPageBytes)[0], 0x01020304U);
    QCOMPARE(program.pages.at(kDataBase / kPageBytes)[1], 5U);
}

void TestZkvmImage::headersThatLieAreRefused()
{
    QVERIFY(!isRefused(smallElf()));
    for (const std::size_t at : {0U, 1U, 2U, 3U, 4U, 5U, 6U})
        QVERIFY(isRefused(patched(smallElf(), at, 9, 1)));
    QVERIFY(isRefused(patched(smallElf(), 16, 3, 2)));           // a shared object
    QVERIFY(isRefused(patched(smallElf(), 18, 3, 2)));           // for another processor
    QVERIFY(isRefused(patched(smallElf(), 20, 2)));              // of another version
    QVERIFY(isRefused(patched(smallElf(), 24, kTextBase + 16))); // enters behind its code
    QVERIFY(isRefused(patched(smallElf(), 24, kTextBase + 2)));  // enters between instructions
    QVERIFY(isRefused(patched(smallElf(), 28, 0xffffffe0)));     // program headers outside of the file
    QVERIFY(isRefused(patched(smallElf(), 36, 0x90000000)));     // release 6
    QVERIFY(isRefused(patched(smallElf(), 36, 0x60000000)));     // 64 bits
    QVERIFY(isRefused(patched(smallElf(), 36, 0x72001001)));     // microMIPS
    QVERIFY(isRefused(patched(smallElf(), 40, 64, 2)));          // another header size
    QVERIFY(isRefused(patched(smallElf(), 42, 31, 2)));          // another program header size
    QVERIFY(isRefused(patched(smallElf(), 44, 0, 2)));           // no segments
    QVERIFY(isRefused(patched(smallElf(), 44, 0xffff, 2)));      // too many
    QVERIFY(
        isRefused(patched(patched(smallElf(), 48, 1, 2), 32, 0x7fffffff))); // sections outside of the file
}

void TestZkvmImage::segmentsThatLieAreRefused()
{
    QVERIFY(isRefused(patched(smallElf(), kSegment0, 3)));                 // dynamically linked
    QVERIFY(isRefused(patched(smallElf(), kSegment0 + 4, 0xffffff00)));    // its bytes are not in the file
    QVERIFY(isRefused(patched(smallElf(), kSegment0 + 8, 0x1000)));        // below a program's addresses
    QVERIFY(isRefused(patched(smallElf(), kSegment1 + 8, 0x1fffffff)));    // above
    QVERIFY(isRefused(patched(smallElf(), kSegment1 + 8, kTextBase + 8))); // over the first one
    QVERIFY(isRefused(patched(smallElf(), kSegment1 + 8, 0x00020000)));    // before the first one
    QVERIFY(isRefused(patched(smallElf(), kSegment0 + 16, 0xffffffff))); // longer in the file than in memory
    QVERIFY(isRefused(patched(smallElf(), kSegment0 + 20, 8)));          // the same
    QVERIFY(isRefused(patched(smallElf(), kSegment1 + 20, 0xffffffff))); // wraps around
    QVERIFY(isRefused(patched(patched(smallElf(), kSegment1 + 8, 0x00500000), kSegment1 + 20, 0x10000001)));
    QVERIFY(isRefused(patched(smallElf(), kSegment0 + 24, 4))); // no code at all
}

void TestZkvmImage::sectionsSayWhatIsCode()
{
    // One section over the first two words only: the jump behind them is data then.
    base::Bytes file = smallElf();
    const auto at = static_cast<Word>(file.size());
    base::Writer section;
    for (const Word word : {0U, 1U, 6U, kTextBase, 0x1000U, 8U, 0U, 0U, 4U, 0U}) section.u32le(word);
    base::append(file, section.data());
    file = patched(patched(file, 32, at), 48, 1, 2);
    const ElfProgram program = expect(parseElf(file, kMemoryBegin, BOWLINE_ARENA_BASE));
    QCOMPARE(program.text.size(), std::size_t{1});
    QCOMPARE(program.text[0].words.size(), std::size_t{2});
    // A section that reaches out of its segment is not code; then there is none.
    QVERIFY(isRefused(patched(file, at + 20, 4096)));
    QVERIFY(isRefused(patched(file, at + 12, kTextBase - 4)));
    QVERIFY(isRefused(patched(file, at + 12, 0xfffffffc)));
}

void TestZkvmImage::aTruncatedFileIsRefusedAtEveryLength()
{
    const base::Bytes file = smallElf();
    for (std::size_t length = 0; length < file.size(); length += length < 200 ? 1 : 97)
        QVERIFY(isRefused(base::Bytes(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(length))));
    QVERIFY(isRefused(base::Bytes(file.begin(), file.end() - 1)));
}

void TestZkvmImage::instructionsThatAreRefusedAtLoad()
{
    QCOMPARE(textError({kNop, beq(0, 0, 1), kNop, kNop}), std::string());
    const Word likely[] = {iType(0x14, 0, 0, 1), iType(0x15, 0, 0, 1), iType(0x16, 0, 1, 1),
                           iType(0x17, 0, 1, 1), regimm(2, 1, 1),      regimm(3, 1, 1),
                           regimm(0x12, 1, 1),   regimm(0x13, 1, 1)};
    for (const Word word : likely)
        QVERIFY(textError({kNop, word, kNop}).find("branch-likely") != std::string::npos);
    const Word floating[] = {0x46000000,           0x4c000000,           iType(0x31, 0, 1, 0),
                             iType(0x35, 0, 1, 0), iType(0x39, 0, 1, 0), iType(0x3d, 0, 1, 0),
                             rType(0x01, 1, 2, 0)};
    for (const Word word : floating)
        QVERIFY(textError({kNop, word, kNop}).find("floating") != std::string::npos);
    const Word branches[] = {beq(0, 0, 1), regimm(0x11, 0, 1),    jump(2, kTextBase), jump(3, kTextBase),
                             jr(31),       rType(0x09, 31, 25, 0)};
    for (const Word first : branches) {
        for (const Word second : branches)
            QVERIFY(textError({kNop, first, second, kNop}).find("delay slot") != std::string::npos);
    }
    // Ranges that lie.
    QVERIFY(!Text::decoded({TextRange{kTextBase, {}}}).ok());
    QVERIFY(!Text::decoded({TextRange{kTextBase + 2, {kNop}}}).ok());
    QVERIFY(!Text::decoded({TextRange{kMemoryEnd - 4, {kNop, kNop}}}).ok());
    QVERIFY(!Text::decoded({TextRange{kMemoryBegin - 4, {kNop, kNop}}}).ok());
    QVERIFY(!Text::decoded({TextRange{kTextBase, {kNop, kNop}}, TextRange{kTextBase + 4, {kNop}}}).ok());
}

void TestZkvmImage::imagesHaveOneEncoding()
{
    const Image image = expect(imageFromElf(smallElf()));
    const base::Bytes file = image.serialize();
    QCOMPARE(expect(Image::parse(file)).serialize(), file);
    QCOMPARE(rootOf(expect(Image::parse(file))), rootOf(image));
    base::Bytes longer = file;
    longer.push_back(0);
    QVERIFY(!Image::parse(longer).ok());
    for (std::size_t length = 0; length < file.size(); length += length < 400 ? 1 : 501)
        QVERIFY(!Image::parse(base::ByteView(file).first(length)).ok());
    // Each accepted change of a byte is another image.
    for (std::size_t at = 0; at < file.size(); at += at < 400 ? 1 : 211) {
        base::Bytes changed = file;
        changed[at] ^= 0x01;
        const auto result = Image::parse(changed);
        if (result.ok()) QCOMPARE(result->serialize(), changed);
    }
}

void TestZkvmImage::imagesThatNoMachineCouldHaveAreRefused()
{
    Image image = expect(imageFromElf(smallElf()));
    image.registers[0] = 1;
    QVERIFY(!Image::parse(image.serialize()).ok());
    image.registers[0] = 0;
    image.registers[39] = 1;
    QVERIFY(!Image::parse(image.serialize()).ok());
    image.registers[39] = 0;
    image.pages[kMemoryEnd / kPageBytes][0] = 1;
    QVERIFY(!Image::parse(image.serialize()).ok());
    image.pages.erase(kMemoryEnd / kPageBytes);
    image.pages[kMemoryBegin / kPageBytes - 1][0] = 1;
    QVERIFY(!Image::parse(image.serialize()).ok());
    image.pages.erase(kMemoryBegin / kPageBytes - 1);
    QVERIFY(Image::parse(image.serialize()).ok());
    image.text.push_back(image.text.front());
    QVERIFY(!Image::parse(image.serialize()).ok());
    // A page of zeros is the same memory as none.
    Image small;
    small.pages[kDataBase / kPageBytes][0] = 1;
    base::Bytes file = small.serialize();
    QVERIFY(Image::parse(file).ok());
    file[file.size() - kPageBytes] = 0;
    QVERIFY(!Image::parse(file).ok());
}

namespace {
// By recursion over the address range instead of level by level; zeros are hashed like everything else.
NodeDigest subtree(const std::map<std::uint32_t, LeafWords>& leaves, unsigned level, std::uint32_t index,
                   const std::vector<NodeDigest>& zeros)
{
    const std::uint64_t begin = std::uint64_t{index} << level;
    const auto first = leaves.lower_bound(static_cast<std::uint32_t>(begin));
    if (first == leaves.end() || first->first >= begin + (std::uint64_t{1} << level)) return zeros[level];
    if (level == 0) return hashLeaf(first->second);
    return hashNode(subtree(leaves, level - 1, 2 * index, zeros),
                    subtree(leaves, level - 1, 2 * index + 1, zeros));
}
} // namespace

void TestZkvmImage::treeAgreesWithAnotherWayToComputeIt()
{
    std::vector<NodeDigest> zeros{hashLeaf({})};
    while (zeros.size() < 28) zeros.push_back(hashNode(zeros.back(), zeros.back()));
    MemoryTree tree;
    QCOMPARE(tree.node(27, 0), zeros[27]);

    std::map<std::uint32_t, LeafWords> leaves;
    std::uint32_t seed = 1;
    for (int round = 0; round < 3; ++round) {
        std::map<std::uint32_t, LeafWords> changes;
        for (int i = 0; i < 40; ++i) {
            seed = seed * 1664525U + 1013904223U;
            const std::uint32_t index = i == 0 ? 0 : i == 1 ? (1U << 27U) - 1 : seed >> (5 + i % 20);
            changes[index] = {seed, ~seed, seed << 16U, 0xffffffff, 0, 1, seed / 3, 0x10000};
        }
        for (const auto& [index, words] : changes) leaves[index] = words;
        tree.set(changes);
        QCOMPARE(tree.node(27, 0), subtree(leaves, 27, 0, zeros));
    }
    // The digest's words are canonical.
    QVERIFY(field::isCanonical(tree.root().view()));
    // Both halves of every word count, and so does the place.
    const NodeDigest some = hashLeaf({1, 0, 0, 0, 0, 0, 0, 0});
    QVERIFY(some != hashLeaf({0x10000, 0, 0, 0, 0, 0, 0, 0}));
    QVERIFY(some != hashLeaf({0, 1, 0, 0, 0, 0, 0, 0}));
    QVERIFY(hashNode(some, zeros[0]) != hashNode(zeros[0], some));
}

void TestZkvmImage::registersAndMemoryAreDifferentPlaces()
{
    const Image image = expect(imageFromElf(smallElf()));
    Image asRegister = image;
    asRegister.registers[8] = 77;
    Image asMemory = image;
    asMemory.pages[kDataBase / kPageBytes][8] = 77;
    QVERIFY(rootOf(asRegister) != rootOf(asMemory));
}

void TestZkvmImage::whatChangedBringsOneTreeToTheOther()
{
    const Image from = expect(imageFromElf(smallElf()));
    Image to = from;
    to.registers[8] = 77;
    to.pages[kDataBase / kPageBytes][8] = 77;       // one leaf of a page
    to.pages[kDataBase / kPageBytes + 5][1023] = 1; // a page that was not there
    to.pages.erase(to.pages.begin());               // one that is not there any more, so zeros
    to.pages.rbegin()->second[0] = 0;               // the same as before
    const auto changed = changedLeaves(from, to);
    MemoryTree tree;
    tree.set(leavesOf(from));
    tree.set(changed);
    QCOMPARE(tree.root(), rootOf(to));
    tree.set(changedLeaves(to, from));
    QCOMPARE(tree.root(), rootOf(from));
    QVERIFY(changedLeaves(from, from).empty());
    QVERIFY(changed.contains(kFirstRegisterLeaf + 1));
    QVERIFY(changed.size() < leavesOf(to).size() + from.pages.begin()->second.size() / kLeafWords);
}

void TestZkvmImage::theKernelIsWhereTheMachineLooksForIt()
{
    const ElfProgram kernel = expect(parseElf(kernelElf(), BOWLINE_KERNEL_BASE, BOWLINE_BOOT));
    QCOMPARE(kernel.text.front().base, kKernelVector);
    // It never traps into itself.
    for (const TextRange& range : kernel.text) {
        for (const Word word : range.words) {
            const Op op = decode(word, 0);
            QVERIFY(op.code != Code::Syscall || op.imm != 0);
        }
    }
}

QTEST_GUILESS_MAIN(TestZkvmImage)
#include "tst_zkvm_image.moc"
