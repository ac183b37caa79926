# SPDX-License-Identifier: MIT
# bowline_backends(target prefix): the sources <prefix>_portable.cpp, <prefix>_avx2.cpp and <prefix>_avx512.cpp
# of the calling folder, the last two on x86-64 only, each with the flags of its processors. They are optimised in
# every configuration and use no precompiled header, whose inline functions are compiled for no back end.
# -Wno-uninitialized: GCC 12 warns of its own AVX-512 intrinsics.
function(bowline_backends target prefix)
  set(portable "-O3")
  set(avx2 "-O3;-mavx2")
  set(avx512 "-O3;-Wno-uninitialized;-mavx512f;-mavx512dq;-mavx512vl;-mavx512bw;-mprefer-vector-width=512")
  set(backends portable)
  target_sources(${target} PRIVATE ${prefix}_portable.cpp)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    target_sources(${target} PRIVATE ${prefix}_avx2.cpp ${prefix}_avx512.cpp)
    list(APPEND backends avx2 avx512)
  endif()
  foreach(backend IN LISTS backends)
    set_source_files_properties(${prefix}_${backend}.cpp PROPERTIES COMPILE_OPTIONS "${${backend}}"
                                SKIP_PRECOMPILE_HEADERS ON)
  endforeach()
endfunction()
