# SPDX-License-Identifier: MIT
bowline_fuzz(fuzz_aead_open SOURCES fuzz_aead_open.cpp LIBS bowline_crypto)
bowline_fuzz(fuzz_bip32 SOURCES fuzz_bip32.cpp LIBS bowline_keys)
bowline_fuzz(fuzz_descriptor SOURCES fuzz_descriptor.cpp LIBS bowline_keys)
bowline_fuzz(fuzz_mnemonic SOURCES fuzz_mnemonic.cpp LIBS bowline_keys)
bowline_fuzz(fuzz_path SOURCES fuzz_path.cpp LIBS bowline_keys)
