# SPDX-License-Identifier: MIT
# Compiles the guest kernel for the machine and turns it into an array of bytes: ${zkvm_kernel_source}. Included by
# core/zkvm, which carries it.
find_program(BOWLINE_MIPS_CC mipsel-linux-gnu-gcc REQUIRED)

# For the examples in C as well. The machine has no branch-likely instructions; nothing of the machine that compiles enters the program.
set(BOWLINE_MIPS_FLAGS
    -march=mips32r2 -msoft-float -mno-abicalls -mno-branch-likely -fno-pic -G0 -std=c11 -O2 -ffreestanding -nostdlib
    -fno-stack-protector -static -Wall -Wextra -Werror -Wl,-n -Wl,--build-id=none -s
    CACHE INTERNAL "how C is compiled for the machine")

set(kernel "${CMAKE_SOURCE_DIR}/guest/kernel")
set(kernel_sources vector.S start.c trap.c threads.c memory.c files.c signals.c journal.c)
list(TRANSFORM kernel_sources PREPEND "${kernel}/")
set(kernel_elf "${CMAKE_BINARY_DIR}/generated/zkvm_kernel.elf")
set(zkvm_kernel_source "${CMAKE_BINARY_DIR}/generated/zkvm_kernel.cpp")
add_custom_command(
  OUTPUT "${zkvm_kernel_source}"
  COMMAND "${CMAKE_COMMAND}" -E make_directory "${CMAKE_BINARY_DIR}/generated"
  COMMAND "${BOWLINE_MIPS_CC}" ${BOWLINE_MIPS_FLAGS} "-I${CMAKE_SOURCE_DIR}" "-Wl,-T,${kernel}/kernel.ld" -o "${kernel_elf}"
          ${kernel_sources}
  COMMAND "${CMAKE_COMMAND}" "-DINPUT=${kernel_elf}" "-DOUTPUT=${zkvm_kernel_source}" -P "${kernel}/embed.cmake"
  DEPENDS ${kernel_sources} "${CMAKE_SOURCE_DIR}/core/zkvm/abi.h" "${kernel}/kernel.h" "${kernel}/kernel.ld" "${kernel}/embed.cmake"
  COMMENT "Building the guest kernel"
  VERBATIM)
