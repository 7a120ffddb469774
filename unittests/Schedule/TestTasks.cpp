//===- TestTasks.cpp - Tasks and schedules as text ------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestTasks.h"
#include "absl/strings/str_cat.h"
#include "chameleon/Dialect/ChameleonDialect.h"
#include "chameleon/Schedule/SchedulePaths.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

namespace chameleon {

std::unique_ptr<mlir::MLIRContext> makeContext() {
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  registerChameleonDialect(registry);
  auto context =
      std::make_unique<mlir::MLIRContext>(registry, mlir::MLIRContext::Threading::DISABLED);
  context->loadAllAvailableDialects();
  return context;
}

static TargetInfo makeTarget(int64_t vectorBytes, int registers) {
  TargetInfo target;
  target.triple = "x86_64-unknown-linux-gnu";
  target.vectorBytes = vectorBytes;
  target.vectorRegisters = registers;
  return target;
}

TargetInfo wideTarget() { return makeTarget(64, 32); }
TargetInfo narrowTarget() { return makeTarget(32, 16); }

static Task parseTask(mlir::MLIRContext &context, const std::string &text) {
  Task task;
  task.module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
  if (task.module)
    task.function = *task.module->getOps<mlir::func::FuncOp>().begin();
  return task;
}

Task matmulTask(mlir::MLIRContext &context, int m, int n, int k, const std::string &attributes) {
  std::string a = absl::StrCat("tensor<", m, "x", k, "xf32>");
  std::string b = absl::StrCat("tensor<", k, "x", n, "xf32>");
  std::string c = absl::StrCat("tensor<", m, "x", n, "xf32>");
  return parseTask(context,
                   absl::StrCat("func.func private @task(%a: ", a, ", %b: ", b,
                                " {chameleon.constant}, %c: ", c, ") -> ", c,
                                " attributes {chameleon.task = \"k\"} {\n",
                                "  %z = arith.constant 0.0 : f32\n",
                                "  %f = linalg.fill ins(%z : f32) outs(%c : ", c, ") -> ", c, "\n",
                                "  %r = linalg.matmul {", attributes, "} ins(%a, %b : ", a, ", ", b,
                                ") outs(%f : ", c, ") -> ", c, "\n  return %r : ", c, "\n}\n"));
}

Task convolutionTask(mlir::MLIRContext &context, int c, int f, int oh, int ow, bool epilogue) {
  std::string x = absl::StrCat("tensor<1x", c, "x", oh + 2, "x", ow + 2, "xf32>");
  std::string w = absl::StrCat("tensor<", f, "x", c, "x3x3xf32>");
  std::string y = absl::StrCat("tensor<1x", f, "x", oh, "x", ow, "xf32>");
  std::string bias = absl::StrCat("tensor<", f, "xf32>");
  std::string last = absl::StrCat(
      "  %e = linalg.generic {indexing_maps = [affine_map<(n, f, h, w) -> (f)>, affine_map<(n, f, "
      "h, w) -> (n, f, h, w)>, affine_map<(n, f, h, w) -> (n, f, h, w)>], iterator_types = "
      "[\"parallel\", \"parallel\", \"parallel\", \"parallel\"]} ins(%b, %r : ",
      bias, ", ", y, ") outs(%y : ", y, ") {\n  ^bb0(%i: f32, %j: f32, %o: f32):\n",
      "    %s = arith.addf %i, %j : f32\n    linalg.yield %s : f32\n  } -> ", y, "\n");
  return parseTask(
      context, absl::StrCat("func.func private @task(%x: ", x, ", %w: ", w,
                            " {chameleon.constant}, %b: ", bias, ", %y: ", y, ") -> ", y,
                            " attributes {chameleon.task = \"k\"} {\n",
                            "  %z = arith.constant 0.0 : f32\n  %n = tensor.empty() : ", y, "\n",
                            "  %f = linalg.fill ins(%z : f32) outs(", epilogue ? "%n" : "%y", " : ",
                            y, ") -> ", y, "\n",
                            "  %r = linalg.conv_2d_nchw_fchw {chameleon.root, strides = dense<1> : "
                            "tensor<2xi64>, dilations = dense<1> : tensor<2xi64>} ins(%x, %w : ",
                            x, ", ", w, ") outs(%f : ", y, ") -> ", y, "\n", epilogue ? last : "",
                            "  return %", epilogue ? "e" : "r", " : ", y, "\n}\n"));
}

Task stridedConvolutionTask(mlir::MLIRContext &context, std::pair<int, int> strides,
                            std::pair<int, int> dilations, const std::string &attributes) {
  auto size = [](int stride, int dilation) { return 8 * stride + 2 * dilation + 1; };
  std::string x = absl::StrCat("tensor<1x4x", size(strides.first, dilations.first), "x",
                               size(strides.second, dilations.second), "xf32>");
  std::string w = "tensor<8x4x3x3xf32>";
  std::string y = "tensor<1x8x9x9xf32>";
  auto pair = [](std::pair<int, int> values) {
    return absl::StrCat("dense<[", values.first, ", ", values.second, "]> : tensor<2xi64>");
  };
  return parseTask(context,
                   absl::StrCat("func.func private @task(%x: ", x, ", %w: ", w, ", %y: ", y,
                                ") -> ", y, " attributes {chameleon.task = \"k\"} {\n",
                                "  %r = linalg.conv_2d_nchw_fchw {", attributes,
                                ", strides = ", pair(strides), ", dilations = ", pair(dilations),
                                "} ins(%x, %w : ", x, ", ", w, ") outs(%y : ", y, ") -> ", y,
                                "\n  return %r : ", y, "\n}\n"));
}

absl::StatusOr<ScheduleLibrary> libraryOf(mlir::MLIRContext &context, const std::string &body) {
  llvm::SmallString<128> path;
  int descriptor = -1;
  if (llvm::sys::fs::createTemporaryFile("schedule", "mlir", descriptor, path))
    return absl::InternalError("cannot make a temporary file");
  {
    llvm::raw_fd_ostream file(descriptor, /*shouldClose=*/true);
    file << "!any = !transform.any_op\n!i64 = !transform.param<i64>\n"
            "module attributes {transform.with_named_sequence} {\n"
            "transform.named_sequence @s(%f: !any {transform.readonly}) attributes "
            "{chameleon.matches = [\"contraction\"]} {\n"
         << body << "\n  transform.yield\n}\n}\n";
  }
  absl::StatusOr<ScheduleLibrary> library = ScheduleLibrary::load(context, {path.str().str()});
  llvm::sys::fs::remove(path);
  return library;
}

absl::StatusOr<ScheduleLibrary> ownLibrary(mlir::MLIRContext &context) {
  return ScheduleLibrary::load(context, resolveSchedulePaths(""));
}

} // namespace chameleon
