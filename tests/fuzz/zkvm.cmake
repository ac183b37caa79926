# SPDX-License-Identifier: MIT
foreach(input IN ITEMS elf image)
  bowline_fuzz(fuzz_zkvm_${input} SOURCES fuzz_zkvm_${input}.cpp LIBS bowline_zkvm)
endforeach()
