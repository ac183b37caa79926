# SPDX-License-Identifier: MIT
bowline_fuzz(fuzz_seal_anchor SOURCES fuzz_seal_anchor.cpp LIBS bowline_seal)
