# SPDX-License-Identifier: MIT
# cmake -DINPUT=... -DOUTPUT=... -P embed.cmake: a file as C++.
file(READ "${INPUT}" bytes HEX)
string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
string(REGEX REPLACE "((0x..,)(0x..,)(0x..,)(0x..,)(0x..,)(0x..,)(0x..,)(0x..,))" "\\1\n" bytes "${bytes}")
file(WRITE "${OUTPUT}" "#include \"core/zkvm/kernel.h\"

namespace bowline::zkvm {

namespace {
constexpr std::uint8_t kBytes[] = {
${bytes}};
} // namespace

base::ByteView kernelElf() { return kBytes; }

} // namespace bowline::zkvm
")
