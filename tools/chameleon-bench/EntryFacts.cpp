//===- EntryFacts.cpp - What a comparison needs to know of an entry ----===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "EntryFacts.h"
#include "absl/strings/str_cat.h"
#include "chameleon/Dialect/Classify.h"
#include "chameleon/Dialect/Names.h"
#include "chameleon/Schedule/Apply.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include <cmath>

namespace chameleon {

namespace {

bool multipliesAndAdds(mlir::linalg::LinalgOp op) {
  if (mlir::linalg::isaContractionOpInterface(op))
    return true;
  return mlir::linalg::isaConvolutionOpInterface(op) && op.getNumDpsInputs() == 2 &&
         !op->getName().stripDialect().contains("pooling");
}

double product(llvm::ArrayRef<int64_t> extents) {
  double result = 1;
  for (int64_t extent : extents)
    result *= static_cast<double>(extent);
  return result;
}

/// How many products are summed for one element of the result.
double fanIn(mlir::linalg::LinalgOp op) {
  double result = 1;
  for (auto [iterator, extent] : llvm::zip(op.getIteratorTypesArray(), op.getStaticLoopRanges()))
    if (iterator == mlir::utils::IteratorType::reduction)
      result *= static_cast<double>(extent);
  return result;
}

/// Calls of calls that `inputScale` follows: tasks are one deep.
constexpr int kMostCalls = 8;

/// Weights get the scale that keeps the variance of activations (He's); everything else is in [-1,
/// 1]. Follows `value` through ops that only rearrange it or take a part, and into functions that
/// are called.
double inputScale(mlir::Value value, int calls = 0) {
  double scale = 1;
  for (mlir::OpOperand &use : value.getUses()) {
    mlir::Operation *user = use.getOwner();
    auto op = mlir::dyn_cast<mlir::linalg::LinalgOp>(user);
    if (op && multipliesAndAdds(op) && use.getOperandNumber() == 1)
      scale = std::min(scale, std::sqrt(6 / fanIn(op)));
    bool rearranges = mlir::isa<mlir::tensor::ExpandShapeOp, mlir::tensor::CollapseShapeOp,
                                mlir::tensor::ExtractSliceOp, mlir::linalg::PackOp>(user) ||
                      permutationOf(user);
    if (rearranges && use.getOperandNumber() == 0)
      scale = std::min(scale, inputScale(user->getResult(0), calls));
    auto call = mlir::dyn_cast<mlir::func::CallOp>(user);
    auto callee = call ? mlir::SymbolTable::lookupNearestSymbolFrom<mlir::func::FuncOp>(
                             call, call.getCalleeAttr())
                       : mlir::func::FuncOp();
    if (callee && !callee.isExternal() && calls < kMostCalls)
      scale = std::min(scale, inputScale(callee.getArgument(use.getOperandNumber()), calls + 1));
  }
  return scale;
}

/// The same for weights of which only the shape is known: rows of a matrix, or all but the first
/// dimension, are taken as what is summed over.
double weightScale(const std::vector<int64_t> &shape) {
  if (shape.size() < 2)
    return 1;
  double summed = shape.size() == 2 ? static_cast<double>(shape[0])
                                    : product(llvm::ArrayRef<int64_t>(shape).drop_front());
  return std::sqrt(6 / std::max(summed, 6.0));
}

absl::StatusOr<ArgumentInfo> describe(mlir::Type type) {
  ArgumentInfo info;
  auto tensor = mlir::dyn_cast<mlir::RankedTensorType>(type);
  std::string text;
  llvm::raw_string_ostream stream(text);
  if (!tensor || !tensor.hasStaticShape()) {
    stream << type;
    return absl::InvalidArgumentError(
        absl::StrCat("expected tensors of static shape as arguments and results, but got ", text));
  }
  info.shape.assign(tensor.getShape().begin(), tensor.getShape().end());
  stream << tensor.getElementType();
  info.elementType = text;
  return info;
}

absl::Status describeAll(llvm::ArrayRef<mlir::Type> types, std::vector<ArgumentInfo> &infos) {
  for (mlir::Type type : types) {
    auto info = describe(type);
    if (!info.ok())
      return info.status();
    infos.push_back(*std::move(info));
  }
  return absl::OkStatus();
}

absl::StatusOr<mlir::func::FuncOp> findEntry(mlir::ModuleOp module, const std::string &name) {
  if (auto entry = module.lookupSymbol<mlir::func::FuncOp>(kMainFunction))
    return entry;
  auto entry = module.lookupSymbol<mlir::func::FuncOp>(name);
  if (entry && entry.isPublic() && !entry.isExternal())
    return entry;
  std::string known;
  for (auto function : module.getOps<mlir::func::FuncOp>())
    if (function.isPublic() && !function.isExternal())
      absl::StrAppend(&known, known.empty() ? "" : ", ", function.getSymName().str());
  return absl::NotFoundError(absl::StrCat("expected a public function \"", name, "\"; ",
                                          known.empty() ? "the module has no public function"
                                                        : "choose one with --entry: " + known));
}

/// Puts the arguments of the plain entry together from those of `init` and of `entry`.
absl::Status mergeArguments(mlir::func::FuncOp entry, mlir::func::FuncOp init,
                            BenchProgram &program) {
  auto positions = entry->getAttrOfType<mlir::DenseI64ArrayAttr>("chameleon.constants");
  size_t count = entry.getNumArguments() - init.getNumResults() + init.getNumArguments();
  if (!positions || positions.size() != init.getNumArguments() ||
      entry.getNumArguments() < init.getNumResults())
    return absl::InvalidArgumentError(absl::StrCat("expected chameleon.constants on ",
                                                   kMainFunction, " to list the arguments that ",
                                                   kInitFunction, " takes"));
  program.constants.assign(positions.asArrayRef().begin(), positions.asArrayRef().end());
  std::vector<mlir::Type> types(count);
  for (auto [position, type] : llvm::zip(program.constants, init.getArgumentTypes())) {
    if (position < 0 || static_cast<size_t>(position) >= count || types[position])
      return absl::InvalidArgumentError("chameleon.constants has positions that are not arguments");
    types[position] = type;
  }
  unsigned next = 0;
  for (mlir::Type &type : types)
    if (!type)
      type = entry.getArgumentTypes()[next++];
  program.init = kInitFunction;
  if (absl::Status status = describeAll(llvm::to_vector(init.getResultTypes()), program.packed);
      !status.ok())
    return status;
  return describeAll(types, program.arguments);
}

/// `callers` are the functions on the way to `function`: a call back into one counts nothing.
double countFlopsBelow(mlir::func::FuncOp function,
                       llvm::SmallVectorImpl<mlir::Operation *> &callers) {
  double flops = 0;
  callers.push_back(function);
  function.walk([&](mlir::Operation *op) {
    if (auto call = mlir::dyn_cast<mlir::func::CallOp>(op)) {
      auto module = op->getParentOfType<mlir::ModuleOp>();
      auto callee = module.lookupSymbol<mlir::func::FuncOp>(call.getCallee());
      // What runs once for all calls is not counted.
      if (callee && !llvm::is_contained(callers, callee.getOperation()) &&
          !callee->hasAttr(kPackFunctionAttr))
        flops += countFlopsBelow(callee, callers);
    }
    auto linalgOp = mlir::dyn_cast<mlir::linalg::LinalgOp>(op);
    if (linalgOp && multipliesAndAdds(linalgOp))
      flops += 2 * product(linalgOp.getStaticLoopRanges());
  });
  callers.pop_back();
  return flops;
}

/// Those that `init` takes, and those that the entry takes as they are, marked as constant.
std::vector<int64_t> weightsOf(mlir::func::FuncOp entry, const BenchProgram &program) {
  std::vector<int64_t> weights = program.constants;
  unsigned next = 0; // argument of the entry
  for (int64_t i = 0, end = static_cast<int64_t>(program.arguments.size()); i < end; ++i)
    if (!llvm::is_contained(program.constants, i) && entry.getArgAttr(next++, kConstantAttr))
      weights.push_back(i);
  return weights;
}

} // namespace

double countFlops(mlir::func::FuncOp function) {
  llvm::SmallVector<mlir::Operation *> callers;
  return countFlopsBelow(function, callers);
}

absl::Status readEntry(mlir::ModuleOp module, const std::string &name, BenchProgram &program) {
  auto entry = findEntry(module, name);
  if (!entry.ok())
    return entry.status();
  program.entry = entry->getSymName().str();
  auto init = module.lookupSymbol<mlir::func::FuncOp>(kInitFunction);
  // The destinations of a task are its results.
  llvm::ArrayRef<mlir::Type> inputs = entry->getArgumentTypes();
  if ((*entry)->hasAttr(kTaskAttr) && entry->getNumResults() <= inputs.size())
    inputs = inputs.drop_back(entry->getNumResults());
  absl::Status status = init && program.entry == kMainFunction
                            ? mergeArguments(*entry, init, program)
                            : describeAll(inputs, program.arguments);
  if (!status.ok())
    return status;
  program.weights = weightsOf(*entry, program);
  for (mlir::BlockArgument argument : entry->getArguments())
    program.inputScales.push_back(inputScale(argument));
  program.inputScales.resize(program.arguments.size(), 1);
  for (int64_t position : program.constants)
    program.inputScales[position] = weightScale(program.arguments[position].shape);
  return describeAll(llvm::to_vector(entry->getResultTypes()), program.results);
}

} // namespace chameleon
