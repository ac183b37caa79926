# SPDX-License-Identifier: MIT
bowline_fuzz(fuzz_store_secret_box SOURCES fuzz_store_secret_box.cpp LIBS bowline_store)
