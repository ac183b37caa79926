# SPDX-License-Identifier: MIT
bowline_program(bench_ceremony SOURCES bench_ceremony.cpp LIBS bowline_bridge_fixture)
