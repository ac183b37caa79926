# SPDX-License-Identifier: MIT
bowline_fuzz(fuzz_bridge_message SOURCES fuzz_bridge_message.cpp LIBS bowline_bridge)
bowline_fuzz(fuzz_bridge_records SOURCES fuzz_bridge_records.cpp LIBS bowline_bridge)
