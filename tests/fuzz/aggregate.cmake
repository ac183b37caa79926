# SPDX-License-Identifier: MIT
bowline_fuzz(fuzz_aggregate_wrap SOURCES fuzz_aggregate_wrap.cpp LIBS bowline_aggregate)
bowline_fuzz(fuzz_aggregate_proof_file SOURCES fuzz_aggregate_proof_file.cpp LIBS bowline_aggregate)
