//===- BenchProgram.cpp - A module that can be run and compared --------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "BenchProgram.h"
#include "EntryFacts.h"
#include "PrepareModule.h"
#include "absl/strings/str_cat.h"
#include "chameleon/Codegen/Object.h"
#include "chameleon/Codegen/Pipelines.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include <chrono>
#include <nlohmann/json.hpp>

namespace chameleon {

namespace {

double secondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

absl::Status lower(mlir::ModuleOp module, const BuildOptions &options) {
  mlir::PassManager pm(module.getContext());
  LoweringOptions lowering;
  lowering.threads = options.threads;
  buildLowerToLLVMPipeline(pm, lowering);
  if (mlir::failed(pm.run(module)))
    return absl::InvalidArgumentError("the module does not lower");
  return absl::OkStatus();
}

absl::StatusOr<BenchProgram> build(mlir::MLIRContext &context, const std::string &file,
                                   const BuildOptions &options) {
  auto start = std::chrono::steady_clock::now();
  auto module = mlir::parseSourceFile<mlir::ModuleOp>(file, &context);
  if (!module)
    return absl::InvalidArgumentError("the module is not valid");
  BenchProgram program;
  program.file = file;
  if (auto entry = module->lookupSymbol<mlir::func::FuncOp>(options.entry))
    program.flops = countFlops(entry);
  BenchProgram plain; // schedules leave nothing to see of what an input is for
  bool known = readEntry(*module, options.entry, plain).ok();
  auto lowering = prepareModule(*module, options.baseline, options.threads);
  if (!lowering.ok())
    return lowering.status();
  program.lowering = *lowering;
  if (absl::Status status = readEntry(*module, options.entry, program); !status.ok())
    return status;
  if (known && plain.inputScales.size() == program.inputScales.size())
    program.inputScales = plain.inputScales;
  if (absl::Status status = lower(*module, options); !status.ok())
    return status;
  auto target = hostTargetInfo();
  if (!target.ok())
    return target.status();
  auto object = emitObject(*module, *target);
  if (!object.ok())
    return object.status();
  program.object = *std::move(object);
  program.buildSeconds = secondsSince(start);
  return program;
}

nlohmann::json toJson(const std::vector<ArgumentInfo> &infos) {
  auto list = nlohmann::json::array();
  for (const ArgumentInfo &info : infos)
    list.push_back({{"shape", info.shape}, {"type", info.elementType}});
  return list;
}

std::vector<ArgumentInfo> infosFromJson(const nlohmann::json &list) {
  std::vector<ArgumentInfo> infos;
  for (const nlohmann::json &item : list) {
    ArgumentInfo info;
    info.shape = item["shape"].get<std::vector<int64_t>>();
    info.elementType = item["type"].get<std::string>();
    infos.push_back(std::move(info));
  }
  return infos;
}

} // namespace

absl::StatusOr<BenchProgram> buildProgram(const std::string &file, const BuildOptions &options) {
  mlir::DialectRegistry registry;
  registerBenchDialects(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  std::string diagnostics;
  mlir::ScopedDiagnosticHandler handler(&context, [&](mlir::Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error) {
      llvm::raw_string_ostream stream(diagnostics);
      stream << "\n  " << diagnostic.getLocation() << ": " << diagnostic;
    }
    return mlir::success();
  });
  auto program = build(context, file, options);
  if (program.ok())
    return program;
  return absl::Status(program.status().code(),
                      absl::StrCat(file, ": ", program.status().message(), diagnostics));
}

nlohmann::json toJson(const BenchProgram &program) {
  return {{"file", program.file},
          {"lowering", program.lowering},
          {"entry", program.entry},
          {"init", program.init},
          {"arguments", toJson(program.arguments)},
          {"input_scales", program.inputScales},
          {"constants", program.constants},
          {"weights", program.weights},
          {"packed", toJson(program.packed)},
          {"results", toJson(program.results)},
          {"flops", program.flops},
          {"build_seconds", program.buildSeconds}};
}

BenchProgram programFromJson(const nlohmann::json &json, std::string object) {
  BenchProgram program;
  program.file = json["file"].get<std::string>();
  program.lowering = json["lowering"].get<std::string>();
  program.entry = json["entry"].get<std::string>();
  program.init = json["init"].get<std::string>();
  program.arguments = infosFromJson(json["arguments"]);
  program.inputScales = json["input_scales"].get<std::vector<double>>();
  program.constants = json["constants"].get<std::vector<int64_t>>();
  program.weights = json["weights"].get<std::vector<int64_t>>();
  program.packed = infosFromJson(json["packed"]);
  program.results = infosFromJson(json["results"]);
  program.flops = json["flops"].get<double>();
  program.buildSeconds = json["build_seconds"].get<double>();
  program.object = std::move(object);
  return program;
}

} // namespace chameleon
