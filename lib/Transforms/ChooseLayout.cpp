//===- ChooseLayout.cpp - Images as given or channels last ----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ChooseLayout.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "chameleon/Dialect/Names.h"
#include "chameleon/Support/Interrupt.h"
#include "chameleon/Support/ProgramPath.h"
#include "chameleon/Support/WorkerProcess.h"
#include "chameleon/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/ToolOutputFile.h"
#include <nlohmann/json.hpp>

using namespace mlir;
using namespace chameleon;

namespace {

/// Ratios below this are noise.
constexpr double kLeastRatio = 1.02;

using TemporaryFile = std::unique_ptr<llvm::ToolOutputFile>; // deleted with it, and on a signal

bool hasNchwImages(ModuleOp module) {
  return module
      .walk([](Operation *op) {
        bool nchw = isa<linalg::Conv2DNchwFchwOp, linalg::DepthwiseConv2DNchwChwOp,
                        linalg::PoolingNchwMaxOp, linalg::PoolingNchwSumOp>(op);
        return nchw ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

/// Runs on `module`; what is said of it goes into the status.
absl::Status runOn(ModuleOp module, PassManager &pm) {
  std::string problem;
  ScopedDiagnosticHandler handler(module.getContext(), [&](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() == DiagnosticSeverity::Error && problem.empty()) {
      problem = diagnostic.str();
    }
    return success(); // remarks come again, from the session
  });
  return succeeded(pm.run(module)) ? absl::OkStatus() : absl::InvalidArgumentError(problem);
}

/// `module` under its default schedules, in a file.
absl::StatusOr<TemporaryFile> writeApplied(ModuleOp module, bool channelsLast,
                                           const LayoutTrialOptions &options) {
  OwningOpRef<ModuleOp> copy(module.clone());
  std::string numerics(numericsName(options.numerics));
  copy->walk([&](linalg::LinalgOp op) {
    if (!op->hasAttr(kNumericsAttr)) {
      op->setAttr(kNumericsAttr, StringAttr::get(op.getContext(), numerics));
    }
  });
  PassManager pm(module.getContext());
  if (channelsLast) {
    pm.addNestedPass<func::FuncOp>(createChannelsLastPass());
  }
  ApplyPassOptions apply;
  apply.schedules = options.schedules;
  apply.constantArgs = options.constantArgs;
  apply.threads = options.threads;
  pm.addPass(createApplyPass(apply));
  if (absl::Status status = runOn(*copy, pm); !status.ok()) {
    return status;
  }
  SmallString<128> name;
  int descriptor = -1;
  std::error_code error =
      llvm::sys::fs::createTemporaryFile("chameleon-layout", "mlir", descriptor, name);
  if (error) {
    return absl::InternalError(absl::StrCat("no temporary file: ", error.message()));
  }
  auto file = std::make_unique<llvm::ToolOutputFile>(name, descriptor);
  copy->print(file->os());
  file->os().close();
  if (std::error_code failure = file->os().error()) {
    file->os().clear_error();
    return absl::InternalError(
        absl::StrCat("cannot write ", name.c_str(), ": ", failure.message()));
  }
  return file;
}

/// The public function of `module`; empty if there is not exactly one.
std::string entryOf(ModuleOp module) {
  std::string name;
  for (auto function : module.getOps<func::FuncOp>()) {
    if (function.isPublic() && !function.isExternal()) {
      if (!name.empty()) {
        return "";
      }
      name = function.getSymName().str();
    }
  }
  return name;
}

/// Waits for `process` to end. Fails at the deadline, and on Ctrl-C.
absl::Status waitFor(WorkerProcess &process, absl::Time deadline) {
  constexpr absl::Duration kSlice = absl::Milliseconds(100);
  while (!process.wait(absl::Now() + kSlice)) {
    if (interruptRequested()) {
      return absl::CancelledError("interrupted");
    }
    if (absl::Now() > deadline) {
      return absl::DeadlineExceededError("comparing the layouts takes too long for the budget");
    }
  }
  return absl::OkStatus();
}

/// What chameleon-bench says of two files, as JSON.
absl::StatusOr<nlohmann::json> bench(llvm::ToolOutputFile &before, llvm::ToolOutputFile &after,
                                     const std::string &entry, const LayoutTrialOptions &options,
                                     absl::Time deadline) {
  absl::StatusOr<std::string> program = findProgram("chameleon-bench");
  if (!program.ok()) {
    return program.status();
  }
  double left = absl::ToDoubleSeconds(deadline - absl::Now());
  if (left <= 0) {
    return absl::DeadlineExceededError("building the layouts takes too long for the budget");
  }
  WorkerOptions worker;
  worker.command = {*program,
                    before.getFilename().str(),
                    after.getFilename().str(),
                    "--json",
                    absl::StrCat("--threads=", options.threads),
                    absl::StrCat("--measure-mode=", std::string(measureModeName(options.mode))),
                    absl::StrCat("--budget-seconds=", left / 4),
                    absl::StrCat("--timeout-seconds=", std::max(1.0, left))};
  if (!entry.empty()) {
    worker.command.push_back("--entry=" + entry);
  }
  absl::StatusOr<std::unique_ptr<WorkerProcess>> process = WorkerProcess::spawn(worker);
  if (!process.ok()) {
    return process.status();
  }
  if (absl::Status status = waitFor(**process, deadline); !status.ok()) {
    return status;
  }
  // Words for people come before it.
  std::string log = (*process)->log();
  size_t begin = log.find("\n{");
  nlohmann::json report = nlohmann::json::parse(begin == std::string::npos ? "" : log.substr(begin),
                                                nullptr, /*allow_exceptions=*/false);
  if (!report.is_object()) {
    absl::string_view words = absl::StripAsciiWhitespace(log);
    absl::ConsumePrefix(&words, "chameleon-bench: error: ");
    return absl::InternalError(words);
  }
  return report;
}

} // namespace

absl::StatusOr<absl::optional<LayoutTrial>>
chameleon::tryLayouts(ModuleOp module, const LayoutTrialOptions &options) {
  if (!hasNchwImages(module)) {
    return absl::optional<LayoutTrial>();
  }
  absl::Time deadline = absl::Now() + absl::Seconds(options.seconds);
  absl::StatusOr<TemporaryFile> given = writeApplied(module, /*channelsLast=*/false, options);
  if (!given.ok()) {
    return given.status();
  }
  if (interruptRequested()) {
    return absl::CancelledError("interrupted");
  }
  absl::StatusOr<TemporaryFile> last = writeApplied(module, /*channelsLast=*/true, options);
  if (!last.ok()) {
    return last.status();
  }
  absl::StatusOr<nlohmann::json> report =
      bench(**given, **last, entryOf(module), options, deadline);
  if (!report.ok()) {
    return report.status();
  }
  if (!(*report)["outputs_agree"].get<bool>()) {
    return absl::InternalError("the results of the two layouts differ");
  }
  LayoutTrial trial;
  trial.givenMs = (*report)["before"]["median_ms"].get<double>();
  trial.channelsLastMs = (*report)["after"]["median_ms"].get<double>();
  trial.fasterChannelsLast = (*report)["ratio"].get<double>() > kLeastRatio &&
                             (*report)["ratio_of_minima"].get<double>() > kLeastRatio;
  return absl::optional<LayoutTrial>(trial);
}
