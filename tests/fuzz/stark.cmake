# SPDX-License-Identifier: MIT
bowline_fuzz(fuzz_stark_proof SOURCES fuzz_stark_proof.cpp LIBS bowline_stark)
