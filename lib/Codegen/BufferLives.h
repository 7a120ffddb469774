//===- BufferLives.h - From where to where a buffer lives --------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_CODEGEN_BUFFERLIVES_H
#define CHAMELEON_LIB_CODEGEN_BUFFERLIVES_H

#include "mlir/Dialect/Bufferization/Transforms/BufferViewFlowAnalysis.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/DataLayoutInterfaces.h"
#include <optional>

namespace chameleon {

/// The life of one buffer. Points in time are a numbering of a function's ops in which an op that
/// holds others spans their numbers.
struct BufferLife {
  int64_t bytes = 0;
  int64_t begin = 0, end = 0;                 // inclusive
  int64_t parallelBegin = 0, parallelEnd = 0; // span of the outermost parallel loop around it
  bool parallelLoop = false;                  // there is one
  bool inLoop = false;                        // some loop is around it
};

/// Lives of the static buffers of one function.
class BufferLives {
public:
  explicit BufferLives(mlir::func::FuncOp function);

  /// Nothing if the buffer is dynamic, leaves the function, or is carried from one iteration of a
  /// loop to the next: such a buffer cannot have a fixed place.
  std::optional<BufferLife> ofAllocation(mlir::memref::AllocOp alloc);

  /// The life of memory that a callee takes `bytes` of; nothing if these are 0.
  std::optional<BufferLife> ofCall(mlir::func::CallOp call, int64_t bytes);

private:
  struct Span {
    int64_t begin, end;
  };
  std::optional<mlir::SmallVector<mlir::Operation *>> usersOf(mlir::Value buffer);
  BufferLife lifeAround(mlir::Operation *op, Span span, int64_t bytes);

  mlir::BufferViewFlowAnalysis aliases;
  mlir::DataLayout layout;
  mlir::DenseMap<mlir::Operation *, Span> spans;
};

} // namespace chameleon

#endif // CHAMELEON_LIB_CODEGEN_BUFFERLIVES_H
