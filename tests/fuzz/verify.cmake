# SPDX-License-Identifier: MIT
bowline_fuzz(fuzz_proof_file SOURCES fuzz_proof_file.cpp LIBS bowline_verify)
