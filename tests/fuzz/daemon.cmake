# SPDX-License-Identifier: MIT
bowline_fuzz(fuzz_committee SOURCES fuzz_committee.cpp LIBS bowline_daemon)
