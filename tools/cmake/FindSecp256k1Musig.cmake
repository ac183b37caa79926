# SPDX-License-Identifier: MIT
#
# Finds libsecp256k1 with its MuSig2 module (0.6 or later) and defines the imported target bowline::secp256k1.
#
# The copy that tools/setup/setup.sh unpacked into .deps/usr comes first; it is a static library, so that what
# we ship is self-contained. Without it, a system library found by pkg-config is taken if it is new enough:
# Debian 12's own 0.2 is not, hence the explicit look at secp256k1_musig.h.
#
# Sets Secp256k1Musig_FOUND, Secp256k1Musig_ORIGIN ("deps" or "system") and Secp256k1Musig_VERSION.

include(FindPackageHandleStandardArgs)

get_filename_component(_secp_deps "${CMAKE_CURRENT_LIST_DIR}/../../.deps/usr" ABSOLUTE)

# Results are looked up afresh on every configure run (they are two file look-ups): a tree that was configured
# before setup had run must not keep a stale answer.
unset(Secp256k1Musig_INCLUDE_DIR CACHE)
unset(Secp256k1Musig_LIBRARY CACHE)
set(Secp256k1Musig_ORIGIN "")
set(Secp256k1Musig_VERSION "")

find_path(Secp256k1Musig_INCLUDE_DIR secp256k1_musig.h PATHS "${_secp_deps}/include" NO_DEFAULT_PATH)
find_library(Secp256k1Musig_LIBRARY NAMES libsecp256k1.a secp256k1 PATHS "${_secp_deps}/lib" NO_DEFAULT_PATH)

if(Secp256k1Musig_INCLUDE_DIR AND Secp256k1Musig_LIBRARY)
  set(Secp256k1Musig_ORIGIN "deps")
  set(_secp_stamp "${_secp_deps}/../stamp/secp256k1")
  if(EXISTS "${_secp_stamp}")
    file(STRINGS "${_secp_stamp}" _secp_note REGEX "^debian ")
    if(_secp_note MATCHES "debian ([0-9.]+)")
      set(Secp256k1Musig_VERSION "${CMAKE_MATCH_1}")
    endif()
  endif()
else()
  unset(Secp256k1Musig_INCLUDE_DIR CACHE)
  unset(Secp256k1Musig_LIBRARY CACHE)
  find_package(PkgConfig QUIET)
  if(PKG_CONFIG_FOUND)
    pkg_check_modules(_secp_pc QUIET libsecp256k1>=0.6)
  endif()
  if(_secp_pc_FOUND)
    pkg_get_variable(_secp_pc_includedir libsecp256k1 includedir)
    find_path(Secp256k1Musig_INCLUDE_DIR secp256k1_musig.h HINTS ${_secp_pc_includedir} ${_secp_pc_INCLUDE_DIRS})
    find_library(Secp256k1Musig_LIBRARY NAMES secp256k1 HINTS ${_secp_pc_LIBRARY_DIRS} ${_secp_pc_LIBDIR})
    set(Secp256k1Musig_ORIGIN "system")
    set(Secp256k1Musig_VERSION "${_secp_pc_VERSION}")
  endif()
endif()

find_package_handle_standard_args(
  Secp256k1Musig
  REQUIRED_VARS Secp256k1Musig_LIBRARY Secp256k1Musig_INCLUDE_DIR
  VERSION_VAR Secp256k1Musig_VERSION
  REASON_FAILURE_MESSAGE "libsecp256k1 >= 0.6 with its MuSig2 module is needed: run tools/setup/setup.sh")

if(Secp256k1Musig_FOUND AND NOT TARGET bowline::secp256k1)
  add_library(bowline::secp256k1 UNKNOWN IMPORTED)
  # SYSTEM, as for every imported target: our warnings do not apply to its headers.
  set_target_properties(
    bowline::secp256k1
    PROPERTIES IMPORTED_LOCATION "${Secp256k1Musig_LIBRARY}"
               INTERFACE_INCLUDE_DIRECTORIES "${Secp256k1Musig_INCLUDE_DIR}")
  if(Secp256k1Musig_LIBRARY MATCHES "\\.a$")
    # The objects were built without SECP256K1_STATIC's import decoration; on ELF this only documents intent.
    set_property(TARGET bowline::secp256k1 PROPERTY INTERFACE_COMPILE_DEFINITIONS SECP256K1_STATIC)
  endif()
endif()

mark_as_advanced(Secp256k1Musig_INCLUDE_DIR Secp256k1Musig_LIBRARY)
unset(_secp_deps)
unset(_secp_stamp)
unset(_secp_note)
