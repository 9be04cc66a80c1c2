# What every target of ours is compiled and linked with. Third-party code is reached through SYSTEM includes, so the
# warnings below concern our own sources only.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

option(RUNGLASS_WARNINGS_AS_ERRORS "Treat warnings in our own targets as errors" ON)
option(RUNGLASS_PCH "Precompile the Qt headers of the ui targets" ON)
option(RUNGLASS_FUZZ "Build libFuzzer targets (needs clang)" OFF)
set(RUNGLASS_SANITIZE "" CACHE STRING "Sanitizers for all targets: empty, 'address,undefined' or 'thread'")
option(RUNGLASS_COVERAGE "Instrument for gcov" OFF)

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    # The sloppiness is what ccache needs to cache units that use a precompiled header.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
        CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE_PROGRAM})
endif()

find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
    add_link_options(-fuse-ld=mold)
endif()

add_library(runglass_options INTERFACE)
target_compile_options(runglass_options INTERFACE
    -Wall -Wextra -Wconversion -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wnull-dereference
    $<$<BOOL:${RUNGLASS_WARNINGS_AS_ERRORS}>:-Werror>
    # GCC 12 reports false positives of these from inside libstdc++ at -O2.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict -Wno-maybe-uninitialized -Wno-stringop-overflow -Wno-array-bounds -Wno-null-dereference>
    $<$<CXX_COMPILER_ID:Clang>:-Wno-missing-field-initializers>  # the initialiser macros of libgit2 leave fields out
    -fno-semantic-interposition)
target_compile_definitions(runglass_options INTERFACE
    QT_NO_KEYWORDS QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_URL_CAST_FROM_STRING
    QT_DEPRECATED_WARNINGS QT_STRICT_ITERATORS)

if(RUNGLASS_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link)  # without it libFuzzer is blind to the code under test
endif()
if(RUNGLASS_SANITIZE)
    add_compile_options(-fsanitize=${RUNGLASS_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${RUNGLASS_SANITIZE})
    if(RUNGLASS_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        add_compile_options(-Wno-tsan)  # libstdc++'s own <atomic> has a fence, of which GCC warns
    endif()
endif()
if(RUNGLASS_COVERAGE)
    add_compile_options(--coverage -O0)
    add_link_options(--coverage)
endif()
