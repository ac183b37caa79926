# SPDX-License-Identifier: MIT
if(BOWLINE_GUI)
  bowline_program(bench_window SOURCES bench_window.cpp LIBS bowline_gui_fakes bowline_ui Qt6::Widgets)
  add_test(NAME bench_window COMMAND bench_window)
  set_tests_properties(bench_window PROPERTIES LABELS bench RUN_SERIAL TRUE TIMEOUT 60
                       ENVIRONMENT "QT_QPA_PLATFORM=offscreen;LC_ALL=C.UTF-8")
endif()
