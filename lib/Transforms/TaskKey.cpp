//===- TaskKey.cpp - The name of a computation in records -----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Transforms/TaskKey.h"
#include "chameleon/Dialect/Names.h"
#include "chameleon/Dialect/PrintingFlags.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/AttrTypeSubElements.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/SHA256.h"
#include <optional>

using namespace mlir;
using namespace chameleon;

/// Drops what does not change the computation: the symbol's name, visibility and discardable
/// attributes.
static void stripNames(func::FuncOp task) {
  task.setSymName("task");
  task.setPrivate();
  task.removeArgAttrsAttr();
  task->walk([](Operation *op) { op->setDiscardableAttrs(DictionaryAttr::get(op->getContext())); });
}

void chameleon::inlineResources(func::FuncOp task) {
  AttrTypeReplacer replacer;
  replacer.addReplacement([](DenseResourceElementsAttr resource) -> std::optional<Attribute> {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    bool splat = false;
    if (!blob || !DenseElementsAttr::isValidRawBuffer(resource.getType(), blob->getData(), splat)) {
      return std::nullopt;
    }
    return DenseElementsAttr::getFromRawBuffer(resource.getType(), blob->getData());
  });
  replacer.recursivelyReplaceElementsIn(task);
}

std::string chameleon::computeTaskKey(func::FuncOp task) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  OwningOpRef<func::FuncOp> copy(task.clone());
  stripNames(*copy);
  inlineResources(*copy);
  copy->print(stream, plainPrintingFlags().printGenericOpForm().useLocalScope());
  stream << "\nconstant";
  for (unsigned i = 0; i < task.getNumArguments(); ++i) {
    if (task.getArgAttr(i, kConstantAttr)) {
      stream << ' ' << i;
    }
  }
  llvm::SHA256 hash;
  hash.update(text);
  return llvm::toHex(hash.final(), /*LowerCase=*/true);
}

std::string chameleon::printTaskModule(func::FuncOp task) {
  OwningOpRef<ModuleOp> module(ModuleOp::create(task.getLoc()));
  module->push_back(task.clone());
  std::string text;
  llvm::raw_string_ostream stream(text);
  module->print(stream, plainPrintingFlags());
  return text;
}
