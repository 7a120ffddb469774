# Wrappers that every leaf uses, so that a leaf says what it is made of and nothing else.

# Flags of all our code. Exceptions are off except where a library needs them (EXCEPTIONS), RTTI is on as in LLVM.
add_library(chameleon_flags INTERFACE)
target_include_directories(chameleon_flags INTERFACE
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>)
target_compile_options(chameleon_flags INTERFACE -Wall -Wextra -Werror -Wno-unused-parameter -Wimplicit-fallthrough)
# GCC 12 sees overlaps in std::string that cannot be (GCC bug 105329).
target_compile_options(chameleon_flags INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
target_compile_definitions(chameleon_flags INTERFACE CHAMELEON_VERSION="${PROJECT_VERSION}")
if(CHAMELEON_ENABLE_SANITIZERS)
  target_compile_options(chameleon_flags INTERFACE -fsanitize=address,undefined -fno-sanitize=vptr,function
    -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(chameleon_flags INTERFACE -fsanitize=address,undefined)
  target_compile_definitions(chameleon_flags INTERFACE CHAMELEON_SANITIZERS=1)
endif()

# Headers of LLVM and MLIR are system headers: their warnings are not ours.
add_library(chameleon_mlir INTERFACE)
target_include_directories(chameleon_mlir SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS})
separate_arguments(_llvm_definitions NATIVE_COMMAND ${LLVM_DEFINITIONS})
target_compile_definitions(chameleon_mlir INTERFACE ${_llvm_definitions})
target_link_libraries(chameleon_mlir INTERFACE MLIR LLVM)

function(_chameleon_configure target)
  cmake_parse_arguments(arg "EXCEPTIONS;MLIR;MODULE" "" "LINK;PRIVATE_LINK;DEPENDS" ${ARGN})
  target_link_libraries(${target} PUBLIC chameleon_flags ${arg_LINK} PRIVATE ${arg_PRIVATE_LINK})
  if(arg_MLIR)
    target_link_libraries(${target} PUBLIC chameleon_mlir)
  endif()
  if(NOT arg_EXCEPTIONS)
    target_compile_options(${target} PRIVATE -fno-exceptions)
  endif()
endfunction()

# add_chameleon_library(Name sources... [MLIR] [EXCEPTIONS] [LINK public libs...] [PRIVATE_LINK libs...] [DEPENDS targets...])
function(add_chameleon_library name)
  cmake_parse_arguments(arg "EXCEPTIONS;MLIR;MODULE" "" "LINK;PRIVATE_LINK;DEPENDS" ${ARGN})
  set(kind STATIC)
  if(arg_MODULE)
    set(kind MODULE)
  endif()
  add_library(${name} ${kind} ${arg_UNPARSED_ARGUMENTS})
  if(arg_DEPENDS)
    add_dependencies(${name} ${arg_DEPENDS})
  endif()
  _chameleon_configure(${name} ${ARGN})
endfunction()

# add_chameleon_tool(name sources... [MLIR] [EXCEPTIONS] [LINK libs...])
function(add_chameleon_tool name)
  cmake_parse_arguments(arg "EXCEPTIONS;MLIR" "" "LINK;PRIVATE_LINK" ${ARGN})
  add_executable(${name} ${arg_UNPARSED_ARGUMENTS})
  _chameleon_configure(${name} ${ARGN})
endfunction()

# add_chameleon_unittest(Name sources... [MLIR] [SLOW] [LINK libs...]): a GoogleTest program in build/unittests, run by ctest.
function(add_chameleon_unittest name)
  cmake_parse_arguments(arg "MLIR;SLOW" "" "LINK" ${ARGN})
  add_executable(${name} ${arg_UNPARSED_ARGUMENTS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/unittests)
  target_link_libraries(${name} PRIVATE chameleon_flags ${arg_LINK} GTest::gtest_main GTest::gmock)
  if(arg_MLIR)
    target_link_libraries(${name} PRIVATE chameleon_mlir)
  endif()
  add_test(NAME ${name} COMMAND ${name})
  if(arg_SLOW)
    set_tests_properties(${name} PROPERTIES LABELS slow)
  else()
    set_tests_properties(${name} PROPERTIES LABELS quick)
  endif()
  if(CHAMELEON_ENABLE_SANITIZERS)
    # The libraries of LLVM and MLIR are not instrumented: what our code marks in allocators and vectors that both use
    # stays marked when they take it.
    set_tests_properties(${name} PROPERTIES
      ENVIRONMENT "ASAN_OPTIONS=allow_user_poisoning=0:detect_container_overflow=0")
  endif()
  add_dependencies(chameleon-unittests ${name})
endfunction()
