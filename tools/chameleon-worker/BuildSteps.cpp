//===- BuildSteps.cpp ----------------------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BuildSteps.h"
#include "Exactness.h"
#include "TaskModule.h"
#include "absl/strings/str_cat.h"
#include "chameleon/Codegen/Baselines.h"
#include "chameleon/Codegen/Object.h"
#include "chameleon/Codegen/Pipelines.h"
#include "chameleon/Dialect/Names.h"
#include "chameleon/Schedule/Apply.h"
#include "mlir/Pass/PassManager.h"
#include <chrono>

using namespace mlir;

namespace chameleon {
namespace {

class Stopwatch {
public:
  /// Seconds since the last call, or the start.
  double lap() {
    const auto now = std::chrono::steady_clock::now();
    const double seconds = std::chrono::duration<double>(now - last).count();
    last = now;
    return seconds;
  }

private:
  std::chrono::steady_clock::time_point last = std::chrono::steady_clock::now();
};

/// Collects diagnostics as text while it lives.
class Diagnostics {
public:
  explicit Diagnostics(MLIRContext &context)
      : handler(&context, [this](Diagnostic &diagnostic) {
          if (diagnostic.getSeverity() == DiagnosticSeverity::Error && text.size() < kMaxBytes)
            absl::StrAppend(&text, text.empty() ? "" : "; ", diagnostic.str());
          return success();
        }) {}

  absl::Status status(absl::string_view what) const {
    return absl::InternalError(absl::StrCat(what, text.empty() ? "" : ": ", text));
  }

private:
  static constexpr size_t kMaxBytes = 4096;
  std::string text;
  ScopedDiagnosticHandler handler;
};

class Build {
public:
  Build(MLIRContext &context, const ScheduleLibrary &library, const TargetInfo &target,
        const BuildRequest &request, volatile int64_t &phase)
      : context(context), library(library), target(target), request(request), phase(phase) {}

  BuildReply run();

private:
  void enter(BuildPhase next) { phase = static_cast<int64_t>(next); }
  void fail(FailureClass failure, const absl::Status &status) {
    reply.failure = failure;
    reply.message = std::string(status.message());
  }

  absl::Status transform(func::FuncOp task, std::vector<unsigned> &packed);
  absl::Status lower();

  MLIRContext &context;
  const ScheduleLibrary &library;
  const TargetInfo &target;
  const BuildRequest &request;
  volatile int64_t &phase;
  OwningOpRef<ModuleOp> module;
  BuildReply reply;
};

FailureClass scheduleFailure(const absl::Status &status) {
  return absl::IsInvalidArgument(status) ? FailureClass::InvalidConfig
                                         : FailureClass::TransformFailed;
}

/// The share of the operation count of a scheduled task that it really does.
double workShare(func::FuncOp task) {
  auto share = task->getAttrOfType<FloatAttr>(kWorkShareAttr);
  return share ? share.getValueAsDouble() : 1;
}

/// Rewrites the task as the kind of build asks for.
absl::Status Build::transform(func::FuncOp task, std::vector<unsigned> &packed) {
  Diagnostics diagnostics(context);
  switch (request.kind) {
  case BuildKind::Naive:
    return succeeded(makeNaive(*module)) ? absl::OkStatus()
                                         : diagnostics.status("no plain loop nest can be made");
  case BuildKind::Reference:
    return succeeded(makeReference(task)) ? absl::OkStatus()
                                          : diagnostics.status("no f64 reference can be made");
  case BuildKind::Candidate:
    break;
  }
  if (!request.schedule.empty())
    if (absl::Status applied =
            applySchedule(task, library, request.schedule, request.knobs, target);
        !applied.ok())
      return applied;
  if (reply.exactMagnitude > 0 && !hasOnlyExactArithmetic(*module))
    reply.exactMagnitude = 0;
  reply.workShare = workShare(task);
  packed = hoistConstantPacks(task);
  return absl::OkStatus();
}

absl::Status Build::lower() {
  Diagnostics diagnostics(context);
  PassManager passes(&context);
  passes.enableVerifier(false);
  LoweringOptions options;
  options.threads = request.kind == BuildKind::Candidate ? request.threads : 1;
  buildLowerToLLVMPipeline(passes, options);
  if (failed(passes.run(*module)))
    return diagnostics.status("lowering failed");
  return checkEntries(*module, reply.abi);
}

BuildReply Build::run() {
  Stopwatch watch;
  enter(BuildPhase::Schedule);
  absl::StatusOr<OwningOpRef<ModuleOp>> parsed = parseTask(context, request.taskIr);
  if (!parsed.ok()) {
    fail(FailureClass::CompileFailed, parsed.status());
    return std::move(reply);
  }
  module = *std::move(parsed);
  func::FuncOp task = taskOf(*module);
  task->removeAttr(kWorkShareAttr); // a schedule says so, not a model
  reply.exactMagnitude = exactMagnitude(task);
  const std::vector<unsigned> read = readDestinations(task);
  std::vector<unsigned> packed;
  if (absl::Status status = transform(task, packed); !status.ok()) {
    fail(request.kind == BuildKind::Candidate ? scheduleFailure(status)
                                              : FailureClass::CompileFailed,
         status);
    return std::move(reply);
  }
  reply.abi = addEntries(task, read, packed);
  reply.scheduleSeconds = watch.lap();

  enter(BuildPhase::Lower);
  if (absl::Status status = lower(); !status.ok()) {
    fail(FailureClass::CompileFailed, status);
    return std::move(reply);
  }
  reply.lowerSeconds = watch.lap();

  enter(BuildPhase::Codegen);
  Diagnostics diagnostics(context);
  absl::StatusOr<std::string> object = emitObject(*module, target);
  if (object.ok())
    reply.object = *std::move(object);
  else
    fail(FailureClass::CompileFailed, object.status());
  reply.codegenSeconds = watch.lap();
  return std::move(reply);
}

} // namespace

ScheduleReply runSchedule(MLIRContext &context, const ScheduleLibrary &library,
                          const TargetInfo &target, const ScheduleRequest &request) {
  ScheduleReply reply;
  auto fail = [&](FailureClass failure, const absl::Status &status) {
    reply.failure = failure;
    reply.message = std::string(status.message());
    return reply;
  };
  absl::StatusOr<OwningOpRef<ModuleOp>> module = parseTask(context, request.taskIr);
  if (!module.ok())
    return fail(FailureClass::InvalidConfig, module.status());
  absl::Status applied =
      applySchedule(taskOf(**module), library, request.schedule, request.knobs, target);
  if (!applied.ok())
    return fail(scheduleFailure(applied), applied);
  llvm::raw_string_ostream stream(reply.ir);
  module->get()->print(stream, OpPrintingFlags().useLocalScope());
  return reply;
}

BuildReply runBuild(MLIRContext &context, const ScheduleLibrary &library, const TargetInfo &target,
                    const BuildRequest &request, volatile int64_t &phase) {
  return Build(context, library, target, request, phase).run();
}

void warmUp(MLIRContext &context, const TargetInfo &target) {
  static constexpr char kTask[] = R"mlir(
    func.func private @task(%a: tensor<4x8xf32>, %b: tensor<8x16xf32>, %d: tensor<4x16xf32>) -> tensor<4x16xf32>
        attributes {chameleon.task = "0"} {
      %z = arith.constant 0.0 : f32
      %f = linalg.fill ins(%z : f32) outs(%d : tensor<4x16xf32>) -> tensor<4x16xf32>
      %m = linalg.matmul ins(%a, %b : tensor<4x8xf32>, tensor<8x16xf32>) outs(%f : tensor<4x16xf32>) -> tensor<4x16xf32>
      return %m : tensor<4x16xf32>
    })mlir";
  absl::StatusOr<ScheduleLibrary> none = ScheduleLibrary::load(context, {});
  if (!none.ok())
    return;
  BuildRequest request;
  request.taskIr = kTask;
  volatile int64_t phase = 0;
  for (const BuildKind kind : {BuildKind::Candidate, BuildKind::Reference, BuildKind::Naive}) {
    request.kind = kind;
    runBuild(context, *none, target, request, phase);
  }
}

} // namespace chameleon
