# SPDX-License-Identifier: MIT
bowline_fuzz(fuzz_proving_file SOURCES fuzz_proving_file.cpp LIBS bowline_proving)
