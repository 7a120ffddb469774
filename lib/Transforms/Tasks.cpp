//===- Tasks.cpp - The tasks of a module ----------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Transforms/Tasks.h"
#include "chameleon/Dialect/Names.h"
#include "chameleon/Transforms/Passes.h"

using namespace mlir;
using namespace chameleon;

SmallVector<func::FuncOp> chameleon::collectTasks(ModuleOp module) {
  SmallVector<func::FuncOp> tasks;
  for (auto function : module.getOps<func::FuncOp>()) {
    if (function->hasAttr(kTaskAttr)) {
      tasks.push_back(function);
    }
  }
  return tasks;
}

linalg::LinalgOp chameleon::rootOf(func::FuncOp task) {
  linalg::LinalgOp root;
  task.walk([&](linalg::LinalgOp op) {
    if (op->hasAttr(kRootAttr)) {
      root = op;
    }
  });
  return root;
}

TaskMarks::TaskMarks(ArrayRef<func::FuncOp> tasks, const ScheduleFacts &facts,
                     Precedence precedence) {
  for (func::FuncOp task : tasks) {
    linalg::LinalgOp root = rootOf(task);
    if (!root) {
      continue;
    }
    auto mark = [&](StringRef name, Attribute value) {
      Attribute before = root->getAttr(name);
      if (!before || precedence == ReplaceTheirs) {
        marks.push_back({root, name, before});
        root->setAttr(name, value);
      }
    };
    Builder builder(root.getContext());
    if (facts.numerics) {
      std::string name(numericsName(*facts.numerics));
      mark(kNumericsAttr, builder.getStringAttr(name));
    }
    if (facts.threads > 0) {
      mark(kThreadsAttr, builder.getI64IntegerAttr(facts.threads));
    }
  }
}

TaskMarks::~TaskMarks() {
  for (Mark &mark : marks) {
    mark.root->removeAttr(mark.name);
    if (mark.before) {
      mark.root->setAttr(mark.name, mark.before);
    }
  }
}

int64_t chameleon::countUses(ModuleOp module, func::FuncOp task) {
  int64_t uses = 0;
  module.walk([&](func::CallOp call) { uses += call.getCallee() == task.getSymName() ? 1 : 0; });
  return uses;
}

void chameleon::buildOutliningPipeline(OpPassManager &pm, const std::string &constantArgs) {
  pm.addNestedPass<func::FuncOp>(createNormalizePass());
  OutlineTasksPassOptions options;
  options.constantArgs = constantArgs;
  pm.addPass(createOutlineTasksPass(options));
}

LogicalResult chameleon::outlineIfNeeded(
    ModuleOp module, const std::string &constantArgs,
    llvm::function_ref<LogicalResult(OpPassManager &, Operation *)> runPipeline) {
  if (!collectTasks(module).empty()) {
    return success();
  }
  OpPassManager pipeline(ModuleOp::getOperationName());
  buildOutliningPipeline(pipeline, constantArgs);
  return runPipeline(pipeline, module);
}
