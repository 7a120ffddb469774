//===- Loader.h - Object code into this process ------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Links an object of `emitObject` into this process, against an allow-list of symbols and nothing
// else: libm, memcpy and its kin, malloc and free (buffers of dynamic size), the OpenMP runtime
// (opened when first needed) and conversions of 16-bit floats. Loaded code is code: run it in a
// child process.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_CODEGEN_LOADER_H
#define CHAMELEON_CODEGEN_LOADER_H

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include <memory>
#include <string>

namespace chameleon {

/// One loaded object; its code and data go when it does.
class LoadedObject {
public:
  /// One data pointer per argument of the function, then one per result (see Names.h).
  using Call = void (*)(void **arguments);

  /// Copies `elf`. Fails with InvalidArgument if these are not the bytes of a relocatable object
  /// for this machine, and with PermissionDenied, naming them, if it needs symbols that are not on
  /// the list.
  static absl::StatusOr<std::unique_ptr<LoadedObject>> load(absl::string_view elf);
  ~LoadedObject();
  LoadedObject(const LoadedObject &) = delete;
  LoadedObject &operator=(const LoadedObject &) = delete;

  /// The wrapper of `function`, `chameleon_call_<function>`. Links the object at the first call.
  /// Fails with NotFound if there is no such function or the object does not link.
  absl::StatusOr<Call> lookup(const std::string &function);

private:
  struct Jit;
  explicit LoadedObject(std::unique_ptr<Jit> jit);
  std::unique_ptr<Jit> jit;
};

/// Whether code may link against `symbol`.
bool isAllowedSymbol(absl::string_view symbol);

} // namespace chameleon

#endif // CHAMELEON_CODEGEN_LOADER_H
