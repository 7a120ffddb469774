//===- TaskModule.cpp ----------------------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TaskModule.h"
#include "absl/strings/str_cat.h"
#include "chameleon/Dialect/Classify.h"
#include "chameleon/Dialect/Names.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"

using namespace mlir;

namespace chameleon {
namespace {

constexpr char kEntry[] = "chameleon_entry";
constexpr char kInitEntry[] = "chameleon_entry_init";

bool isForeign(Operation *op) {
  return isa<LLVM::LLVMDialect>(op->getDialect()) || isa<CallOpInterface>(op);
}

bool isStaticTensor(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && tensor.hasStaticShape();
}

absl::Status checkTask(ModuleOp module) {
  auto functions = llvm::to_vector(module.getOps<func::FuncOp>());
  if (functions.size() != 1 || functions.front().isExternal())
    return absl::InvalidArgumentError(absl::StrCat(
        "expected a module with one task function, but got ", functions.size(), " functions"));
  func::FuncOp task = functions.front();
  if (!llvm::all_of(task.getArgumentTypes(), isStaticTensor) ||
      !llvm::all_of(task.getResultTypes(), isStaticTensor) || task.getNumResults() == 0 ||
      task.getNumArguments() < task.getNumResults())
    return absl::InvalidArgumentError(
        "expected a task on tensors of static shape with one destination per result");
  Operation *foreign = nullptr;
  module.walk([&](Operation *op) { foreign = isForeign(op) ? op : foreign; });
  if (foreign)
    return absl::PermissionDeniedError(
        absl::StrCat("expected a task without foreign code, but it has \"",
                     foreign->getName().getStringRef().str(), "\""));
  return absl::OkStatus();
}

/// Whether what `destination` held before is looked at.
bool isRead(BlockArgument destination) {
  return !llvm::all_of(destination.getUses(), [](OpOperand &use) {
    auto structured = dyn_cast<linalg::LinalgOp>(use.getOwner());
    if (structured && structured.isDpsInit(&use))
      return overwritesInit(structured, use);
    auto pack = dyn_cast<linalg::PackOp>(use.getOwner());
    auto unpack = dyn_cast<linalg::UnPackOp>(use.getOwner());
    return (pack && &use == &pack.getDestMutable()) || (unpack && &use == &unpack.getDestMutable());
  });
}

ArgumentInfo describe(Type type, ArgumentRole role) {
  auto tensor = cast<RankedTensorType>(type);
  ArgumentInfo info;
  info.role = role;
  info.shape.assign(tensor.getShape().begin(), tensor.getShape().end());
  llvm::raw_string_ostream(info.elementType) << tensor.getElementType();
  return info;
}

Value makeEmpty(OpBuilder &builder, Location loc, Type type) {
  auto tensor = cast<RankedTensorType>(type);
  return tensor::EmptyOp::create(builder, loc, tensor.getShape(), tensor.getElementType());
}

/// A public function of `name` that calls `callee`: argument i of the call is argument `sources[i]`
/// of the new function, or an empty tensor where that is negative.
void addCaller(func::FuncOp callee, llvm::StringRef name, llvm::ArrayRef<int> sources) {
  OpBuilder builder(callee.getContext());
  builder.setInsertionPointAfter(callee);
  llvm::SmallVector<Type> inputs;
  for (auto [type, source] : llvm::zip(callee.getArgumentTypes(), sources))
    if (source >= 0)
      inputs.push_back(type);
  const Location loc = callee.getLoc();
  auto caller = func::FuncOp::create(builder, loc, name,
                                     builder.getFunctionType(inputs, callee.getResultTypes()));
  Block *body = caller.addEntryBlock();
  builder.setInsertionPointToStart(body);
  llvm::SmallVector<Value> operands;
  for (auto [type, source] : llvm::zip(callee.getArgumentTypes(), sources))
    operands.push_back(source >= 0 ? Value(body->getArgument(source))
                                   : makeEmpty(builder, loc, type));
  auto call = func::CallOp::create(builder, loc, callee, operands);
  func::ReturnOp::create(builder, loc, call.getResults());
}

void addInitCaller(func::FuncOp task, size_t packedCount) {
  auto init = task->getParentOfType<ModuleOp>().lookupSymbol<func::FuncOp>(
      (task.getSymName() + "_init").str());
  llvm::SmallVector<int> sources;
  for (unsigned i = 0; i < init.getNumArguments(); ++i)
    sources.push_back(i < packedCount ? static_cast<int>(i) : -1);
  addCaller(init, kInitEntry, sources);
}

} // namespace

absl::StatusOr<OwningOpRef<ModuleOp>> parseTask(MLIRContext &context, const std::string &ir) {
  std::string errors;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    absl::StrAppend(&errors, errors.empty() ? "" : "; ", diagnostic.str());
    return success();
  });
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(ir, ParserConfig(&context));
  if (!module)
    return absl::InvalidArgumentError(
        absl::StrCat("expected the IR of a task, but it does not parse: ", errors));
  if (absl::Status checked = checkTask(*module); !checked.ok())
    return checked;
  taskOf(*module).setPrivate();
  return module;
}

func::FuncOp taskOf(ModuleOp module) { return *module.getOps<func::FuncOp>().begin(); }

std::vector<unsigned> readDestinations(func::FuncOp task) {
  std::vector<unsigned> positions;
  for (BlockArgument argument : task.getArguments().take_back(task.getNumResults()))
    if (isRead(argument))
      positions.push_back(argument.getArgNumber());
  return positions;
}

TaskAbi addEntries(func::FuncOp task, const std::vector<unsigned> &read,
                   const std::vector<unsigned> &packed) {
  TaskAbi abi;
  abi.function = kEntry;
  const unsigned firstDestination = task.getNumArguments() - task.getNumResults();
  llvm::SmallVector<int> sources;
  for (BlockArgument argument : task.getArguments()) {
    const unsigned position = argument.getArgNumber();
    if (position >= firstDestination && !llvm::is_contained(read, position)) {
      sources.push_back(-1);
      continue;
    }
    ArgumentRole role = ArgumentRole::Input;
    if (llvm::is_contained(packed, position))
      role = ArgumentRole::Packed;
    else if (position < firstDestination && task.getArgAttr(position, kConstantAttr))
      role = ArgumentRole::Constant;
    sources.push_back(static_cast<int>(abi.arguments.size()));
    abi.arguments.push_back(describe(argument.getType(), role));
  }
  for (Type type : task.getResultTypes())
    abi.arguments.push_back(describe(type, ArgumentRole::Output));
  addCaller(task, kEntry, sources);
  if (!packed.empty()) {
    abi.init = kInitEntry;
    abi.packed.assign(packed.begin(), packed.end());
    addInitCaller(task, packed.size());
  }
  return abi;
}

absl::Status checkEntries(ModuleOp module, const TaskAbi &abi) {
  auto check = [&](const std::string &name, size_t pointers) -> absl::Status {
    auto function = module.lookupSymbol<LLVM::LLVMFuncOp>(name);
    if (function && function.getNumArguments() == pointers &&
        isa<LLVM::LLVMVoidType>(function.getFunctionType().getReturnType()))
      return absl::OkStatus();
    return absl::InternalError(absl::StrCat(
        "expected the lowered function ", name, " to take ", pointers, " pointers, but it ",
        function ? absl::StrCat("takes ", function.getNumArguments()) : "is gone"));
  };
  absl::Status entry = check(abi.function, abi.arguments.size());
  return !entry.ok() || abi.init.empty() ? entry : check(abi.init, 2 * abi.packed.size());
}

} // namespace chameleon
