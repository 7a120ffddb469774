//===- ChooseLayout.cpp - Images as given or channels last ----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ChooseLayout.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "chameleon/Support/ProgramPath.h"
#include "chameleon/Support/WorkerProcess.h"
#include "chameleon/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/raw_ostream.h"
#include <nlohmann/json.hpp>

using namespace mlir;
using namespace chameleon;

namespace {

/// What the layout has to gain to be changed: a network is more than what was measured of it.
constexpr double kLeastRatio = 1.02;

bool hasImagesToTurn(ModuleOp module) {
  return module
      .walk([](Operation *op) {
        bool turns = isa<linalg::Conv2DNchwFchwOp, linalg::DepthwiseConv2DNchwChwOp,
                         linalg::PoolingNchwMaxOp, linalg::PoolingNchwSumOp>(op);
        return turns ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

/// `module` under its default schedules, in a file that goes with `file`.
absl::Status writeApplied(ModuleOp module, bool channelsLast, const LayoutTrial &trial,
                          std::optional<llvm::FileRemover> &remover, std::string &path) {
  OwningOpRef<ModuleOp> copy(module.clone());
  PassManager pm(module.getContext());
  if (channelsLast) {
    pm.addNestedPass<func::FuncOp>(createChannelsLastPass());
  }
  ApplyPassOptions options;
  options.schedules = trial.schedules;
  options.constantArgs = trial.constantArgs;
  options.workerCommand = trial.workerCommand;
  options.threads = trial.threads;
  pm.addPass(createApplyPass(options));
  if (failed(pm.run(*copy))) {
    return absl::InvalidArgumentError("the default schedules cannot be applied");
  }
  SmallString<128> name;
  int descriptor = -1;
  if (std::error_code error =
          llvm::sys::fs::createTemporaryFile("chameleon-layout", "mlir", descriptor, name)) {
    return absl::InternalError(absl::StrCat("no temporary file: ", error.message()));
  }
  remover.emplace(name);
  path = name.str().str();
  llvm::raw_fd_ostream stream(descriptor, /*shouldClose=*/true);
  copy->print(stream);
  stream.close();
  return stream.has_error() ? absl::InternalError(absl::StrCat("cannot write ", path))
                            : absl::OkStatus();
}

/// What chameleon-bench says of two files, as JSON.
absl::StatusOr<nlohmann::json> bench(const std::string &before, const std::string &after,
                                     const LayoutTrial &trial, absl::Time deadline) {
  absl::StatusOr<std::string> program = findProgram("chameleon-bench");
  if (!program.ok()) {
    return program.status();
  }
  WorkerOptions options;
  options.command = {*program, before,         after,
                     "--json", "--samples=11", absl::StrCat("--threads=", trial.threads)};
  absl::StatusOr<std::unique_ptr<WorkerProcess>> process = WorkerProcess::spawn(options);
  if (!process.ok()) {
    return process.status();
  }
  absl::optional<ExitStatus> ended = (*process)->wait(deadline);
  if (!ended) {
    return absl::DeadlineExceededError(
        absl::StrFormat("comparing them took more than %.0f s", trial.seconds));
  }
  // Text for people comes before it.
  std::string log = (*process)->log();
  size_t begin = log.find("\n{");
  nlohmann::json report = nlohmann::json::parse(begin == std::string::npos ? "" : log.substr(begin),
                                                nullptr, /*allow_exceptions=*/false);
  return report.is_object() ? absl::StatusOr<nlohmann::json>(std::move(report))
                            : absl::InternalError(absl::StrCat("chameleon-bench: ", log));
}

} // namespace

absl::StatusOr<bool> chameleon::isFasterChannelsLast(ModuleOp module, const LayoutTrial &trial) {
  if (!hasImagesToTurn(module)) {
    return false;
  }
  absl::Time deadline = absl::Now() + absl::Seconds(trial.seconds);
  std::optional<llvm::FileRemover> removers[2];
  std::string paths[2];
  for (bool channelsLast : {false, true}) {
    absl::Status status =
        writeApplied(module, channelsLast, trial, removers[channelsLast], paths[channelsLast]);
    if (!status.ok()) {
      return status;
    }
  }
  absl::StatusOr<nlohmann::json> report = bench(paths[0], paths[1], trial, deadline);
  if (!report.ok()) {
    return report.status();
  }
  if (!(*report)["outputs_agree"].get<bool>()) {
    return absl::InternalError("the results of the two layouts differ");
  }
  bool faster = (*report)["ratio"].get<double>() > kLeastRatio &&
                (*report)["ratio_of_minima"].get<double>() > kLeastRatio;
  llvm::errs() << absl::StrFormat(
      "chameleon: layout as given %.3g ms, channels innermost %.3g ms, both untuned: takes %s\n",
      (*report)["before"]["median_ms"].get<double>(), (*report)["after"]["median_ms"].get<double>(),
      faster ? "channels innermost" : "the one given");
  return faster;
}
