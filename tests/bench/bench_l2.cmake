# SPDX-License-Identifier: MIT
bowline_program(bench_l2 SOURCES bench_l2.cpp LIBS bowline_l2_fixture)
