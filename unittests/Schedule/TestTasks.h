//===- TestTasks.h - Tasks and schedules as text --------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_UNITTESTS_SCHEDULE_TESTTASKS_H
#define CHAMELEON_UNITTESTS_SCHEDULE_TESTTASKS_H

#include "chameleon/Schedule/ScheduleLibrary.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"
#include <memory>
#include <string>

namespace chameleon {

/// A context with every upstream dialect and ours.
std::unique_ptr<mlir::MLIRContext> makeContext();

/// A machine of 32 registers of 64 bytes: 16 lanes of f32.
TargetInfo wideTarget();
/// A machine of 16 registers of 32 bytes: 8 lanes of f32.
TargetInfo narrowTarget();

/// A task function and the module that holds it.
struct Task {
  mlir::OwningOpRef<mlir::ModuleOp> module;
  mlir::func::FuncOp function;
};

/// C = A * B of m x k and k x n in f32 with constant B; `attributes` stand on the root.
Task matmulTask(mlir::MLIRContext &context, int m, int n, int k,
                const std::string &attributes = "chameleon.root");

/// A 3x3 convolution of stride 1: c channels to f, oh x ow outputs, constant weights; with
/// `epilogue` a bias per channel is added.
Task convolutionTask(mlir::MLIRContext &context, int c, int f, int oh, int ow,
                     bool epilogue = false);

/// A 3x3 convolution (4 channels to 8, 9 x 9 outputs) with these strides and dilations along height
/// and width; `attributes` stand on the root.
Task stridedConvolutionTask(mlir::MLIRContext &context, std::pair<int, int> strides,
                            std::pair<int, int> dilations,
                            const std::string &attributes = "chameleon.root");

/// A library of one file with the sequence @s whose body is `body`; it matches contractions.
absl::StatusOr<ScheduleLibrary> libraryOf(mlir::MLIRContext &context, const std::string &body);

/// The schedules that come with Chameleon.
absl::StatusOr<ScheduleLibrary> ownLibrary(mlir::MLIRContext &context);

} // namespace chameleon

#endif // CHAMELEON_UNITTESTS_SCHEDULE_TESTTASKS_H
