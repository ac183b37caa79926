# SPDX-License-Identifier: MIT
add_executable(bench_chain bench_chain.cpp)
target_link_libraries(bench_chain PRIVATE bowline_chain bowline_test_support)
