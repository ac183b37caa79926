# SPDX-License-Identifier: MIT
bowline_program(bench_wallet SOURCES bench_wallet.cpp LIBS bowline_wallet)
