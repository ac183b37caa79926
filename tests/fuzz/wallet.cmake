# SPDX-License-Identifier: MIT
bowline_fuzz(fuzz_wallet_coins SOURCES fuzz_wallet_coins.cpp LIBS bowline_wallet)
bowline_fuzz(fuzz_wallet_rows SOURCES fuzz_wallet_rows.cpp LIBS bowline_wallet)
bowline_fuzz(fuzz_wallet_selection SOURCES fuzz_wallet_selection.cpp LIBS bowline_wallet)
