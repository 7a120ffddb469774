//===- CompiledModule.cpp - MLIR text that tests can call --------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "CompiledModule.h"
#include "chameleon/Codegen/Object.h"
#include "chameleon/Codegen/Pipelines.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"

namespace chameleon {

std::unique_ptr<mlir::MLIRContext> makeTestContext() {
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  auto context =
      std::make_unique<mlir::MLIRContext>(registry, mlir::MLIRContext::Threading::DISABLED);
  context->allowUnregisteredDialects();
  return context;
}

void CompiledModule::call(const std::string &function, std::vector<void *> pointers) {
  auto entry = code->lookup(function);
  if (entry.ok())
    (*entry)(pointers.data());
}

absl::StatusOr<std::string> compileObject(mlir::ModuleOp module, int threads) {
  mlir::PassManager pm(module.getContext());
  LoweringOptions options;
  options.threads = threads;
  buildLowerToLLVMPipeline(pm, options);
  if (mlir::failed(pm.run(module)))
    return absl::InternalError("the tail failed");
  auto target = hostTargetInfo();
  if (!target.ok())
    return target.status();
  return emitObject(module, *target);
}

absl::StatusOr<CompiledModule> compile(const std::string &text, const Prepare &prepare,
                                       int threads) {
  auto context = makeTestContext();
  auto module = mlir::parseSourceString<mlir::ModuleOp>(text, context.get());
  if (!module)
    return absl::InvalidArgumentError("does not parse");
  if (prepare && !prepare(*module))
    return absl::InternalError("preparation failed");
  auto object = compileObject(*module, threads);
  if (!object.ok())
    return object.status();
  auto code = LoadedObject::load(*object);
  if (!code.ok())
    return code.status();
  CompiledModule compiled;
  compiled.object = *std::move(object);
  compiled.code = *std::move(code);
  return compiled;
}

} // namespace chameleon
