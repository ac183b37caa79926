# SPDX-License-Identifier: MIT
# How every library, program and test of the project is declared, so that flags, warnings, precompiled
# headers and test properties stand in one place.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

# Dev: quick to compile, still debuggable by line. Release: what ships and what `make test` runs.
set(CMAKE_CXX_FLAGS_DEV "-O1 -g1" CACHE STRING "" FORCE)
set(CMAKE_C_FLAGS_DEV "-O1 -g1" CACHE STRING "" FORCE)
set(CMAKE_CXX_FLAGS_RELEASE "-O2" CACHE STRING "" FORCE)
set(CMAKE_C_FLAGS_RELEASE "-O2" CACHE STRING "" FORCE)

find_program(BOWLINE_CCACHE ccache)
if(BOWLINE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_C_COMPILER_LAUNCHER "${BOWLINE_CCACHE}")
  set(CMAKE_CXX_COMPILER_LAUNCHER "${BOWLINE_CCACHE}")
endif()
find_program(BOWLINE_MOLD mold)
if(BOWLINE_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
                    -Wnon-virtual-dtor -Woverloaded-virtual -Wformat=2 -Werror -fstack-protector-strong)
add_compile_definitions(BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_SEPARATE_COMPILATION
                        BOOST_BEAST_SEPARATE_COMPILATION)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports false positives of these in inlined standard containers and coroutine frames.
  add_compile_options(-Wno-maybe-uninitialized -Wno-stringop-overflow -Wno-stringop-overread
                      -Wno-array-bounds -Wno-restrict -Wno-dangling-pointer)
else()
  # A precompiled header names the time of each header it read; ccache compares their contents instead. libstdc++ 12's
  # stable_sort uses what it deprecates itself, which clang blames on the caller; the preset gcc reports the others.
  add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:SHELL:-Xclang -fno-pch-timestamp>" -Wno-deprecated-declarations)
endif()
if(BOWLINE_SANITIZE)
  add_compile_options(-fsanitize=${BOWLINE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${BOWLINE_SANITIZE})
endif()
include_directories("${CMAKE_SOURCE_DIR}" "${CMAKE_BINARY_DIR}/generated")

# The precompiled header that `owner` made (tools/cmake/pch), for a target of the same options. Compilers take it with
# position-independent code of the same kind only; libraries and Qt's tests have -fPIC, and so get all others.
function(bowline_precompiled name owner)
  get_target_property(type ${name} TYPE)
  if(type STREQUAL "EXECUTABLE")
    target_compile_options(${name} PRIVATE -fPIC)
  endif()
  target_precompile_headers(${name} REUSE_FROM ${owner})
endfunction()

# bowline_library(name SOURCES a.cpp ... [DEPENDS base crypto ...] [LINKS external ...] [JSON | PCH "<header>" ...])
# Target bowline_<name>. DEPENDS names our own libraries; the layer lint holds them against the drawn graph.
# Precompiled are the headers of the standard library, with JSON those of Boost.JSON too, with PCH those named.
function(bowline_library name)
  cmake_parse_arguments(ARG "JSON" "" "SOURCES;DEPENDS;LINKS;PCH" ${ARGN})
  add_library(bowline_${name} STATIC ${ARG_SOURCES})
  foreach(dependency IN LISTS ARG_DEPENDS)
    target_link_libraries(bowline_${name} PUBLIC bowline_${dependency})
  endforeach()
  if(ARG_LINKS)
    target_link_libraries(bowline_${name} PUBLIC ${ARG_LINKS})
  endif()
  if(ARG_PCH)
    target_precompile_headers(bowline_${name} PRIVATE <algorithm> <array> <chrono> <cstdint> <functional> <map>
                              <memory> <optional> <span> <string> <string_view> <utility> <variant> <vector>
                              ${ARG_PCH})
  elseif(ARG_JSON)
    bowline_precompiled(bowline_${name} bowline_pch_json)
  else()
    bowline_precompiled(bowline_${name} bowline_pch_std)
  endif()
endfunction()

# bowline_program(name SOURCES ... LIBS bowline_x ...)
function(bowline_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LIBS})
endfunction()

# `make build` builds bowline_user, the programs and what `make run` needs; `make test` the default target. What that
# leaves out is in bowline_nightly (`make nightly`) and bowline_bench (`make bench`); `make sanitize` builds
# bowline_units, the tests of labels unit, vectors and fuzz with the programs they start. Tests are listed in every
# case, so that ctest fails those whose program is not there.
add_custom_target(bowline_user)
add_custom_target(bowline_units)
add_custom_target(bowline_nightly)
add_custom_target(bowline_bench)

# bowline_only_in(target name...): the targets are built for `target` alone, and for what depends on them.
function(bowline_only_in target)
  foreach(name IN LISTS ARGN)
    set_target_properties(${name} PROPERTIES EXCLUDE_FROM_ALL TRUE)
    add_dependencies(${target} ${name})
  endforeach()
endfunction()

# What every test compiles against. Qt6::Test names each test's own folders in definitions, which only
# QFINDTESTDATA reads (our tests get theirs from BOWLINE_VECTORS); without them one precompiled header fits all.
if(BOWLINE_TESTS)
  find_package(Qt6 6.4 REQUIRED COMPONENTS Core Test)
  set_target_properties(Qt6::Test PROPERTIES INTERFACE_COMPILE_DEFINITIONS QT_TESTLIB_LIB)
endif()
function(bowline_test_compiles_like_all name)
  target_link_libraries(${name} PRIVATE Boost::json Qt6::Core Qt6::Test)
  # What is tested is optimised as it ships; the tests' own code gains nothing from it and takes long to compile.
  target_compile_options(${name} PRIVATE -O0)
  target_compile_definitions(${name} PRIVATE BOWLINE_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                             BOWLINE_BINARY_DIR="${CMAKE_BINARY_DIR}")
endfunction()

# The classes of a test are in its one source, which includes <name>.moc. Run by hand: AUTOMOC's scan of
# everything a test includes takes longer than most tests take to compile.
function(bowline_moc name source)
  get_filename_component(stem "${source}" NAME_WE)
  set(output "${CMAKE_CURRENT_BINARY_DIR}/${name}_moc/${stem}.moc")
  add_custom_command(OUTPUT "${output}"
                     COMMAND Qt6::moc -o "${output}" "${CMAKE_CURRENT_SOURCE_DIR}/${source}"
                     DEPENDS "${source}" COMMENT "" VERBATIM)
  set_source_files_properties("${source}" PROPERTIES OBJECT_DEPENDS "${output}")
  target_include_directories(${name} PRIVATE "${CMAKE_CURRENT_BINARY_DIR}/${name}_moc")
endfunction()

# bowline_test_library(name SOURCES ... LIBS ... [JSON]): what several tests share, optimised as what they test.
function(bowline_test_library name)
  cmake_parse_arguments(ARG "JSON" "" "SOURCES;LIBS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC ${ARG_LIBS})
  target_compile_definitions(${name} PRIVATE BOWLINE_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                             BOWLINE_BINARY_DIR="${CMAKE_BINARY_DIR}")
  if(ARG_JSON)
    bowline_precompiled(${name} bowline_pch_json)
  else()
    bowline_precompiled(${name} bowline_pch_std)
  endif()
endfunction()

# One limit, ours: Qt ends a function after five minutes otherwise, whatever the test may take. Under a sanitizer provers and
# verifiers take several times as long.
function(bowline_test_properties name labels timeout variables)
  if(BOWLINE_SANITIZE)
    math(EXPR timeout "${timeout} * 8")
  endif()
  set_tests_properties(
    ${name} PROPERTIES LABELS "${labels}" TIMEOUT ${timeout}
                       ENVIRONMENT "QT_QPA_PLATFORM=offscreen;LC_ALL=C.UTF-8;QTEST_FUNCTION_TIMEOUT=${timeout}000;${variables}")
endfunction()

# bowline_test(name SOURCES ... LIBS ... [LABELS unit|vectors|integration|gui|nightly ...] [TIMEOUT s] [COST s] [SERIAL]
#              [GUI])
# One Qt Test executable per unit under test; its first source is the test. Vectors: BOWLINE_VECTORS. GUI: it uses
# Qt Widgets. COST: how long it takes when that is long; such tests start first, so that none of them is the last to
# run, alone. What has the one label nightly is built by `make nightly` alone.
function(bowline_test name)
  cmake_parse_arguments(ARG "SERIAL;GUI" "TIMEOUT;COST" "SOURCES;LIBS;LABELS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
  target_link_libraries(${name} PRIVATE ${ARG_LIBS})
  bowline_test_compiles_like_all(${name})
  list(GET ARG_SOURCES 0 source)
  bowline_moc(${name} "${source}")
  if(ARG_GUI)
    target_link_libraries(${name} PRIVATE Qt6::Widgets)
    bowline_precompiled(${name} bowline_pch_test_gui)
  else()
    bowline_precompiled(${name} bowline_pch_test)
  endif()
  add_test(NAME ${name} COMMAND ${name})
  if(NOT ARG_LABELS)
    set(ARG_LABELS unit)
  endif()
  if("unit" IN_LIST ARG_LABELS OR "vectors" IN_LIST ARG_LABELS)
    add_dependencies(bowline_units ${name})
  endif()
  if(ARG_LABELS STREQUAL "nightly")
    bowline_only_in(bowline_nightly ${name})
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  bowline_test_properties(${name} "${ARG_LABELS}" ${ARG_TIMEOUT} "")
  if(ARG_COST)
    set_tests_properties(${name} PROPERTIES COST ${ARG_COST})
  endif()
  if(ARG_SERIAL)
    set_tests_properties(${name} PROPERTIES RUN_SERIAL TRUE)
  endif()
endfunction()

# bowline_test_again(name PROGRAM test [FUNCTIONS f ...] LABELS ... TIMEOUT s VARIABLES NAME=value ...)
# The program of another test once more, under a name and with variables of its own.
function(bowline_test_again name)
  cmake_parse_arguments(ARG "" "PROGRAM;TIMEOUT" "FUNCTIONS;LABELS;VARIABLES" ${ARGN})
  add_test(NAME ${name} COMMAND ${ARG_PROGRAM} ${ARG_FUNCTIONS})
  bowline_test_properties(${name} "${ARG_LABELS}" ${ARG_TIMEOUT} "${ARG_VARIABLES}")
endfunction()

# bowline_more_seeds(name count): the same test once more at night, each fault with that many seeds.
function(bowline_more_seeds name count)
  bowline_test_again(${name}_seeds PROGRAM ${name} LABELS nightly TIMEOUT 3600
                     VARIABLES "BOWLINE_FAULT_SEEDS=${count}")
endfunction()

# bowline_fuzz(name SOURCES target.cpp LIBS ...)
# The source defines LLVMFuzzerTestOneInput. With BOWLINE_FUZZ it becomes a libFuzzer program; otherwise a
# program that replays its corpus (tests/fuzz/corpus/<name>) and a fixed number of mutations of it, as a test.
function(bowline_fuzz name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/fuzz")
  target_link_libraries(${name} PRIVATE ${ARG_LIBS})
  bowline_precompiled(${name} bowline_pch_std)
  set(corpus "${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${name}")
  if(BOWLINE_FUZZ)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  else()
    target_link_libraries(${name} PRIVATE bowline_fuzz_replay)
    # It takes what the tests with deadlines leave of the processor: it runs for a given time, whatever else goes on.
    add_test(NAME ${name} COMMAND nice -n 15 $<TARGET_FILE:${name}> "${corpus}")
    set_tests_properties(${name} PROPERTIES LABELS "fuzz" TIMEOUT 1200)
    add_dependencies(bowline_units ${name})
  endif()
endfunction()
