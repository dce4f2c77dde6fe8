# Precompiled standard headers, shared by all rooms (WEFT_PCH). Two sets: with GoogleTest for the tests, without for the rest.
set(WEFT_PCH_HEADERS <algorithm> <array> <charconv> <cstdint> <fstream> <functional> <iostream> <map> <memory> <optional>
                     <span> <sstream> <string> <string_view> <utility> <variant> <vector>)

# weft_precompiled_set(NAME LIBRARY... ) makes a set; it needs one source, so it gets an empty one.
function(weft_precompiled_set name)
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/${name}.cc CONTENT "// Carries the precompiled headers of ${name}.\n")
  add_library(${name} OBJECT ${CMAKE_BINARY_DIR}/${name}.cc)
  target_link_libraries(${name} PRIVATE weft_options ${ARGN})
  # Both let ccache see through precompiled headers.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    target_compile_options(${name} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
  else()
    # g++ 12 forgets with precompiled headers that std::string is a system header, and warns of its insides (GCC bug 105329, too).
    target_compile_options(weft_options INTERFACE -fpch-preprocess -Wno-stringop-overflow -Wno-stringop-overread
                           -Wno-array-bounds)
  endif()
endfunction()

# weft_precompiled(TARGET SET): TARGET uses that set, made when first asked for.
function(weft_precompiled target set)
  if(NOT WEFT_PCH)
    return()
  endif()
  if(NOT TARGET ${set})
    if(set STREQUAL "weft_test_pch")
      weft_precompiled_set(${set} GTest::gtest)
      target_compile_options(${set} PRIVATE -O1)
      target_precompile_headers(${set} PRIVATE ${WEFT_PCH_HEADERS} <gtest/gtest.h>)
    else()
      weft_precompiled_set(${set})
      target_compile_options(${set} PRIVATE ${weft_fuzz_options})
      target_precompile_headers(${set} PRIVATE ${WEFT_PCH_HEADERS})
    endif()
  endif()
  target_precompile_headers(${target} REUSE_FROM ${set})
endfunction()
