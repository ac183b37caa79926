# SPDX-License-Identifier: MIT
bowline_fuzz(fuzz_chain_message SOURCES fuzz_chain_message.cpp LIBS bowline_chain)
bowline_fuzz(fuzz_chain_store SOURCES fuzz_chain_store.cpp LIBS bowline_chain)
bowline_fuzz(fuzz_chain_headers SOURCES fuzz_chain_headers.cpp LIBS bowline_chain)
