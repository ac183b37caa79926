# SPDX-License-Identifier: MIT
foreach(target IN ITEMS l2_transaction l2_batch l2_params l2_objects l2_statement l2_state_proof)
  bowline_fuzz(fuzz_${target} SOURCES fuzz_${target}.cpp LIBS bowline_l2)
endforeach()
