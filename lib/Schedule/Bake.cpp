//===- Bake.cpp - A schedule without open knobs ---------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Bake.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "chameleon/Dialect/ChameleonTransformOps.h"
#include "chameleon/Dialect/Names.h"
#include "mlir/Dialect/Transform/TuneExtension/TuneExtensionOps.h"
#include "mlir/IR/AffineMap.h"
#include "mlir/IR/PatternMatch.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace chameleon;

namespace {

class Baker {
public:
  Baker(transform::NamedSequenceOp schedule, const std::vector<std::string> &names,
        const std::vector<int64_t> &values, const std::vector<std::string> &labels)
      : schedule(schedule), names(names), values(values), labels(labels),
        rewriter(schedule.getContext()) {}

  absl::Status run() {
    if (absl::Status status = pickAlternatives(); !status.ok()) {
      return status;
    }
    for (transform::NamedSequenceOp sequence : withIncluded()) {
      absl::Status status;
      sequence->walk([&](Operation *op) {
        status = fillBindings(op);
        return status.ok() ? WalkResult::advance() : WalkResult::interrupt();
      });
      if (!status.ok()) {
        return status;
      }
    }
    schedule->walk([&](RequireOp op) { op.erase(); });
    return substituteKnobs();
  }

private:
  absl::StatusOr<size_t> position(StringRef name) {
    auto found = llvm::find(names, name.str());
    if (found == names.end()) {
      return absl::InvalidArgumentError(absl::StrCat("schedule @", schedule.getSymName().str(),
                                                     " has no knob '", name.str(), "'"));
    }
    return static_cast<size_t>(found - names.begin());
  }

  /// The schedule and the sequences that it includes: knobs are known in all of them.
  SmallVector<transform::NamedSequenceOp> withIncluded() {
    llvm::SetVector<transform::NamedSequenceOp> sequences;
    sequences.insert(schedule);
    for (size_t i = 0; i < sequences.size(); ++i) {
      sequences[i]->walk([&](transform::IncludeOp include) {
        auto target = SymbolTable::lookupNearestSymbolFrom<transform::NamedSequenceOp>(
            include, include.getTargetAttr());
        if (target) {
          sequences.insert(target);
        }
      });
    }
    return sequences.takeVector();
  }

  /// Replaces each alternatives op by the region that the knob of its name picks, outermost first.
  absl::Status pickAlternatives() {
    while (auto op = findFirst<transform::tune::AlternativesOp>()) {
      absl::StatusOr<size_t> knob = position(op.getName());
      if (!knob.ok()) {
        return knob.status();
      }
      int64_t region = values[*knob];
      if (region < 0 || region >= static_cast<int64_t>(op.getAlternatives().size())) {
        return absl::InvalidArgumentError(absl::StrCat(
            "alternatives '", op.getName().str(), "' has ", op.getAlternatives().size(),
            " regions, but the knob picks region ", region));
      }
      Block &body = op.getAlternatives()[region].front();
      Operation *yield = body.getTerminator();
      SmallVector<Value> results(yield->getOperands());
      rewriter.inlineBlockBefore(&body, op);
      rewriter.replaceOp(op, results);
      rewriter.eraseOp(yield);
    }
    return absl::OkStatus();
  }

  template <typename OpT> OpT findFirst() {
    OpT found;
    schedule->walk<WalkOrder::PreOrder>([&](OpT op) {
      found = op;
      return WalkResult::interrupt();
    });
    return found;
  }

  absl::Status substituteKnobs() {
    while (auto op = findFirst<transform::tune::KnobOp>()) {
      absl::StatusOr<size_t> knob = position(op.getName());
      if (!knob.ok()) {
        return knob.status();
      }
      rewriter.setInsertionPoint(op);
      auto value = rewriter.getI64IntegerAttr(values[*knob]);
      rewriter.replaceOpWithNewOp<transform::ParamConstantOp>(op, op.getResult().getType(), value);
    }
    return absl::OkStatus();
  }

  absl::Status fillBindings(Operation *op) {
    auto bindings = op->getAttrOfType<DictionaryAttr>(kBindAttr);
    if (!bindings) {
      return absl::OkStatus();
    }
    for (NamedAttribute binding : bindings) {
      Attribute slot = op->getAttr(binding.getName());
      if (!slot) {
        return failed(op, binding, "the op has no such attribute");
      }
      absl::StatusOr<Attribute> filled = evaluate(op, binding, slot);
      if (!filled.ok()) {
        return filled.status();
      }
      op->setAttr(binding.getName(), *filled);
    }
    op->removeAttr(kBindAttr);
    return absl::OkStatus();
  }

  absl::StatusOr<Attribute> evaluate(Operation *op, NamedAttribute binding, Attribute slot) {
    if (auto map = dyn_cast<AffineMapAttr>(binding.getValue())) {
      return evaluateMap(op, binding, map.getValue(), slot);
    }
    if (auto selection = dyn_cast<DictionaryAttr>(binding.getValue())) {
      return evaluateSelection(op, binding, selection);
    }
    return failed(op, binding, "expected an affine map or a selection {knob = ..., <label> = ...}");
  }

  /// The map's results over the first knobs as symbols, in the type that the slot has.
  absl::StatusOr<Attribute> evaluateMap(Operation *op, NamedAttribute binding, AffineMap map,
                                        Attribute slot) {
    if (map.getNumDims() != 0 || map.getNumSymbols() > values.size()) {
      return failed(op, binding,
                    absl::StrCat("expected a map of at most ", values.size(),
                                 " symbols, one per knob in order, but got ", map.getNumDims(),
                                 " dimensions and ", map.getNumSymbols(), " symbols"));
    }
    SmallVector<Attribute> symbols;
    for (int64_t value : ArrayRef<int64_t>(values).take_front(map.getNumSymbols())) {
      symbols.push_back(rewriter.getIndexAttr(value));
    }
    SmallVector<Attribute> folded;
    bool poison = false;
    if (mlir::failed(map.constantFold(symbols, folded, &poison)) || poison) {
      return failed(op, binding, "the map divides by zero or less");
    }
    SmallVector<int64_t> results;
    for (Attribute value : folded) {
      results.push_back(cast<IntegerAttr>(value).getInt());
    }
    if (auto integer = dyn_cast<IntegerAttr>(slot)) {
      return Attribute(IntegerAttr::get(integer.getType(), results.front()));
    }
    if (isa<DenseI64ArrayAttr>(slot)) {
      return Attribute(rewriter.getDenseI64ArrayAttr(results));
    }
    if (isa<ArrayAttr>(slot)) {
      return Attribute(rewriter.getI64ArrayAttr(results));
    }
    return failed(op, binding, "the attribute is no integer and no list of integers");
  }

  /// {knob = "order", chw = [...], hwc = [...]}: the entry that the knob's label names.
  absl::StatusOr<Attribute> evaluateSelection(Operation *op, NamedAttribute binding,
                                              DictionaryAttr selection) {
    auto name = selection.getAs<StringAttr>("knob");
    if (!name) {
      return failed(op, binding, "expected an entry 'knob'");
    }
    absl::StatusOr<size_t> knob = position(name.getValue());
    if (!knob.ok()) {
      return knob.status();
    }
    Attribute chosen = selection.get(labels[*knob]);
    if (!chosen) {
      return failed(op, binding, absl::StrCat("there is no entry for '", labels[*knob], "'"));
    }
    return chosen;
  }

  absl::Status failed(Operation *op, NamedAttribute binding, absl::string_view why) {
    return absl::InvalidArgumentError(absl::StrCat("schedule @", schedule.getSymName().str(),
                                                   ": cannot bind '",
                                                   binding.getName().getValue().str(), "' of ",
                                                   op->getName().getStringRef().str(), ": ", why));
  }

  transform::NamedSequenceOp schedule;
  const std::vector<std::string> &names;
  const std::vector<int64_t> &values;
  const std::vector<std::string> &labels;
  IRRewriter rewriter;
};

} // namespace

absl::Status chameleon::bake(transform::NamedSequenceOp schedule,
                             const std::vector<std::string> &names,
                             const std::vector<int64_t> &values,
                             const std::vector<std::string> &labels) {
  return Baker(schedule, names, values, labels).run();
}
