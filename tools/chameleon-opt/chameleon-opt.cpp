//===- chameleon-opt.cpp - The driver -------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `mlir-opt` with our dialect, passes and pipelines, and a few spellings of its own.
//
//===----------------------------------------------------------------------===//

#include "chameleon/Codegen/Pipelines.h"
#include "chameleon/Dialect/ChameleonDialect.h"
#include "chameleon/Schedule/ScheduleLibrary.h"
#include "chameleon/Schedule/SchedulePaths.h"
#include "chameleon/Support/Interrupt.h"
#include "chameleon/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include <string>
#include <vector>

static constexpr char kOverview[] =
    R"(Chameleon: an auto-tuner for MLIR

Tune a model on this machine, apply what was found, lower it:
  chameleon-opt model.mlir --auto-tune="budget-seconds=120 database=tune.db" -o tuned.mlir
  chameleon-opt tuned.mlir --chameleon-apply -o applied.mlir
  chameleon-opt applied.mlir --chameleon-lower-to-llvm -o llvm.mlir
Look before: --auto-tune=dry-run=true. Compare: chameleon-bench model.mlir tuned.mlir. Records: chameleon-db tune.db.
--auto-tune is short for --chameleon-auto-tune; with it, --json=FILE writes a summary of the session, and --explain=TASK
says why a configuration was chosen. --chameleon-print-space shows what there is to tune, --chameleon-list-schedules
the schedules. Exit codes: 0 done, or nothing to tune; 1 bad input; 130 interrupted, best so far written.
)";

/// Adds `name=value` to the options of `--chameleon-auto-tune`. Ends the program if that is not
/// among `arguments`: what the user asked for would not happen.
static void addTuneOption(std::vector<std::string> &arguments, llvm::StringRef name,
                          llvm::StringRef value) {
  bool added = false;
  for (std::string &argument : arguments) {
    llvm::StringRef option(argument);
    bool plain = option == "--chameleon-auto-tune";
    if (plain || option.starts_with("--chameleon-auto-tune=")) {
      // Quoted: the value may have blanks.
      argument += (llvm::Twine(plain ? "=" : " ") + name + "='" + value + "'").str();
      added = true;
    }
  }
  if (!added) {
    llvm::errs() << "chameleon-opt: --" << (name == "report" ? "json" : name)
                 << " says something about a tuning session; expected --auto-tune beside it\n";
    std::exit(1);
  }
}

/// Writes out our short spellings: `--auto-tune`, `--json=FILE` and `--explain=TASK`.
static std::vector<std::string> expandArguments(int argc, char **argv) {
  std::vector<std::string> arguments;
  std::string report;
  std::string explain;
  for (int i = 0; i < argc; ++i) {
    llvm::StringRef argument(argv[i]);
    llvm::StringRef name = argument.ltrim('-');
    bool isOption = i > 0 && name.size() < argument.size();
    if (isOption && name.consume_front("json=")) {
      report = name.str();
    } else if (isOption && name.consume_front("explain=")) {
      explain = name.str();
    } else if (isOption && (name == "auto-tune" || name.starts_with("auto-tune="))) {
      arguments.push_back("--chameleon-" + name.str());
    } else {
      arguments.push_back(argument.str());
    }
  }
  if (!report.empty()) {
    addTuneOption(arguments, "report", report);
  }
  if (!explain.empty()) {
    addTuneOption(arguments, "explain", explain);
  }
  return arguments;
}

static bool isVersionRequest(const std::vector<std::string> &arguments) {
  return llvm::is_contained(arguments, "--version") || llvm::is_contained(arguments, "-version");
}

/// Prints the schedules that come with Chameleon.
static int listSchedules() {
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  chameleon::registerChameleonDialect(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  absl::StatusOr<chameleon::ScheduleLibrary> library =
      chameleon::ScheduleLibrary::load(context, chameleon::resolveSchedulePaths(""));
  if (!library.ok()) {
    llvm::errs() << "chameleon-opt: " << std::string(library.status().message()) << "\n";
    return 1;
  }
  for (const std::string &name : library->names()) {
    llvm::outs() << "@" << name << "  for " << library->patterns(name) << "\n";
  }
  return 0;
}

/// MlirOptMain, but for a file that is replaced only by a success: it may be what an earlier
/// session found.
static llvm::LogicalResult optimize(int argc, char **argv, mlir::DialectRegistry &registry) {
  auto [input, output] = mlir::registerAndParseCLIOptions(argc, argv, kOverview, registry);
  if (!llvm::sys::fs::is_regular_file(output)) {
    return mlir::MlirOptMain(argc, argv, input, output, registry);
  }
  llvm::SmallString<256> target; // what a link points to, not the link
  if (llvm::sys::fs::real_path(output, target)) {
    target = output;
  }
  const std::string fresh = (target + ".new").str();
  if (failed(mlir::MlirOptMain(argc, argv, input, fresh, registry))) {
    return llvm::failure();
  }
  if (std::error_code error = llvm::sys::fs::rename(fresh, target)) {
    llvm::errs() << "chameleon-opt: expected '" << target << "' to be replaced by '" << fresh
                 << "', but: " << error.message() << "\n";
    return llvm::failure();
  }
  return llvm::success();
}

int main(int argc, char **argv) {
  std::vector<std::string> arguments = expandArguments(argc, argv);
  if (isVersionRequest(arguments)) {
    llvm::outs() << "chameleon-opt " << CHAMELEON_VERSION << " (LLVM " << LLVM_VERSION_STRING
                 << ")\n";
    return 0;
  }
  if (llvm::is_contained(arguments, "--chameleon-list-schedules")) {
    return listSchedules();
  }
  std::vector<char *> pointers;
  for (std::string &argument : arguments) {
    pointers.push_back(argument.data());
  }
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  mlir::registerAllPasses();
  chameleon::registerChameleonDialect(registry);
  chameleon::registerChameleonTransformsPasses();
  chameleon::registerCodegenPasses();
  int code = mlir::asMainReturnCode(
      optimize(static_cast<int>(pointers.size()), pointers.data(), registry));
  return code == 0 && chameleon::interruptRequested() ? chameleon::interruptedExitCode : code;
}
