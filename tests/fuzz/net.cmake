# SPDX-License-Identifier: MIT
bowline_fuzz(fuzz_jsonrpc SOURCES fuzz_jsonrpc.cpp LIBS bowline_net)
bowline_fuzz(fuzz_http SOURCES fuzz_http.cpp LIBS bowline_net)
bowline_fuzz(fuzz_endpoint SOURCES fuzz_endpoint.cpp LIBS bowline_net)
