# SPDX-License-Identifier: MIT
foreach(input IN ITEMS transaction block script address uri filter control_block compact)
  bowline_fuzz(fuzz_bitcoin_${input} SOURCES fuzz_bitcoin_${input}.cpp LIBS bowline_bitcoin)
endforeach()
