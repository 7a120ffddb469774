//===- SpaceBuilder.cpp - From a schedule's knobs to a space --------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SpaceBuilder.h"
#include "Facts.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "chameleon/Dialect/ChameleonTransformOps.h"
#include "mlir/Dialect/Transform/TuneExtension/TuneExtensionOps.h"
#include <cmath>
#include <queue>
#include <set>

using namespace mlir;
using namespace chameleon;

static constexpr int64_t kDefaultMaxUnroll = 16;
/// A partial domain with fewer divisors than this takes sizes that leave a remainder as well.
static constexpr int64_t kFewDivisors = 2;
/// What a default gives up to stay near to what its domain prefers: a size twice as far off may
/// save this share of padding (as a power of the distance).
static constexpr double kDistanceCost = 0.15;

//===----------------------------------------------------------------------===//
// Domains
//===----------------------------------------------------------------------===//

static std::vector<int64_t> divisors(int64_t n) {
  std::vector<int64_t> result;
  for (int64_t i = 1; i <= n; ++i) {
    if (n % i == 0) {
      result.push_back(i);
    }
  }
  return result;
}

/// Sizes along a vectorized loop: whole registers, at most the extent rounded up.
static std::vector<int64_t> vectorValues(const OrderedDomain &domain, int64_t lanes,
                                         int64_t extent) {
  static constexpr int64_t kDefaultUnits[] = {1, 2, 4};
  ArrayRef<int64_t> units =
      domain.values.empty() ? ArrayRef<int64_t>(kDefaultUnits) : domain.values;
  std::vector<int64_t> result;
  for (int64_t unit : units) {
    int64_t size = unit * lanes;
    bool inRange = unit >= domain.min && (domain.max == 0 || unit <= domain.max);
    bool fits =
        domain.dim.empty() || (size < extent + lanes && (domain.partial || extent % size == 0));
    if (inRange && fits) {
      result.push_back(size);
    }
  }
  return result;
}

/// Divisors of `extent` among `sizes`, 1 and the extent itself not counted.
static int64_t countProperDivisors(const std::set<int64_t> &sizes, int64_t extent, int64_t max) {
  return llvm::count_if(sizes, [&](int64_t size) {
    return size > 1 && size < extent && size <= max && extent % size == 0;
  });
}

/// The sizes that cut `extent` into equal parts but for a shorter last one.
static void addBalancedSizes(std::set<int64_t> &sizes, int64_t extent) {
  for (int64_t size = 1; size < extent; ++size) {
    int64_t parts = (extent + size - 1) / size;
    sizes.insert((extent + parts - 1) / parts);
  }
}

/// Sizes of a tile or unroll domain along a loop of `extent` steps.
static std::vector<int64_t> tileValues(const OrderedDomain &domain, int64_t extent) {
  int64_t max = domain.max;
  if (max == 0) {
    max = domain.kind == OrderedDomain::Kind::Unroll ? kDefaultMaxUnroll : extent;
  }
  std::set<int64_t> candidates;
  for (int64_t size : domain.values) {
    candidates.insert(std::min(size, extent));
  }
  if (domain.values.empty()) {
    std::vector<int64_t> all = divisors(extent);
    candidates.insert(all.begin(), all.end());
    if (domain.partial && countProperDivisors(candidates, extent, max) < kFewDivisors) {
      addBalancedSizes(candidates, extent);
    }
  }
  std::vector<int64_t> result;
  for (int64_t size : candidates) {
    bool divides = domain.partial || (size != 0 && extent % size == 0);
    bool inRange = size >= std::min(domain.min, extent) && size <= max;
    if (divides && inRange && size % domain.multipleOf == 0) {
      result.push_back(size);
    }
  }
  return result;
}

/// Values of an ordered domain along a loop of `extent` steps.
static std::vector<int64_t> orderedValues(const OrderedDomain &domain, int64_t lanes,
                                          int64_t extent) {
  if (domain.kind == OrderedDomain::Kind::Vector) {
    return vectorValues(domain, lanes, extent);
  }
  if (domain.dim.empty()) {
    return std::vector<int64_t>(domain.values.begin(), domain.values.end());
  }
  return tileValues(domain, extent);
}

/// The value that costs least, as padding of `extent` (0: none) to whole tiles times the distance
/// from `prefer`; the first one if there is no preference.
static int32_t preferredIndex(const std::vector<int64_t> &values, int64_t prefer, int64_t extent) {
  if (prefer <= 0) {
    return 0;
  }
  auto cost = [&](int64_t value) {
    double size = static_cast<double>(std::max<int64_t>(value, 1));
    double ratio = size / static_cast<double>(prefer);
    double length = static_cast<double>(std::max<int64_t>(extent, 1));
    double padding = extent > 0 ? std::ceil(length / size) * size / length : 1.0;
    return padding * std::pow(std::max(ratio, 1 / ratio), kDistanceCost);
  };
  auto best = std::min_element(values.begin(), values.end(),
                               [&](int64_t a, int64_t b) { return cost(a) < cost(b); });
  return static_cast<int32_t>(best - values.begin());
}

static KnobKind toKnobKind(OrderedDomain::Kind kind) {
  switch (kind) {
  case OrderedDomain::Kind::Vector:
    return KnobKind::Vector;
  case OrderedDomain::Kind::Unroll:
    return KnobKind::Unroll;
  default:
    return KnobKind::Tile;
  }
}

namespace {
/// A knob and where the default starts.
struct InstantiatedKnob {
  Knob knob;
  int32_t start = 0;
};
} // namespace

static absl::StatusOr<InstantiatedKnob> instantiateOrdered(const std::string &name,
                                                           const OrderedDomain &domain,
                                                           const TaskInfo &task,
                                                           const TargetInfo &target) {
  LoopInfo loop{"", 0, false};
  if (!domain.dim.empty()) {
    absl::StatusOr<LoopInfo> found = findLoop(task, domain.dim);
    if (!found.ok()) {
      return found.status();
    }
    loop = *found;
  }
  int64_t lanes = target.lanes(task.elementBits);
  std::vector<int64_t> values = orderedValues(domain, lanes, loop.extent);
  if (values.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat("knob '", name, "' has no value that fits loop '", domain.dim.str(), "'"));
  }
  bool inRegisters = domain.kind == OrderedDomain::Kind::Vector;
  int64_t prefer = domain.prefer * (inRegisters ? lanes : 1);
  int32_t start = preferredIndex(values, prefer, loop.extent);
  return InstantiatedKnob{Knob{name, toKnobKind(domain.kind), loop.name, std::move(values), {}},
                          start};
}

static InstantiatedKnob instantiateChoice(const std::string &name, ArrayRef<StringAttr> labels) {
  Knob knob{name, KnobKind::Choice, "", {}, {}};
  for (auto [i, label] : llvm::enumerate(labels)) {
    knob.values.push_back(static_cast<int64_t>(i));
    knob.labels.push_back(label.getValue().str());
  }
  return {knob, 0};
}

/// A knob of upstream's kind: `options` is a plain list of integers or strings.
static absl::StatusOr<InstantiatedKnob> instantiateList(const std::string &name,
                                                        ArrayAttr options) {
  SmallVector<StringAttr> labels;
  std::set<int64_t> values;
  for (Attribute option : options) {
    if (auto label = dyn_cast<StringAttr>(option)) {
      labels.push_back(label);
    } else if (auto integer = dyn_cast<IntegerAttr>(option)) {
      values.insert(integer.getInt());
    }
  }
  if (labels.size() == options.size() && !labels.empty()) {
    return instantiateChoice(name, labels);
  }
  if (values.size() != options.size() || values.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "knob '", name, "': expected options to be distinct integers or distinct strings"));
  }
  return InstantiatedKnob{
      Knob{name, KnobKind::Tile, "", std::vector<int64_t>(values.begin(), values.end()), {}}, 0};
}

static absl::StatusOr<InstantiatedKnob>
instantiate(transform::tune::KnobOp op, const TaskInfo &task, const TargetInfo &target) {
  std::string name = op.getName().str();
  if (auto list = dyn_cast<ArrayAttr>(op.getOptions())) {
    return instantiateList(name, list);
  }
  auto domain = dyn_cast<DomainAttrInterface>(op.getOptions());
  if (!domain) {
    return absl::InvalidArgumentError(absl::StrCat(
        "knob '", name,
        "': expected options to be a list, #chameleon.tile, vector, unroll, choice or fact"));
  }
  if (OrderedDomain ordered = domain.getOrdered()) {
    return instantiateOrdered(name, ordered, task, target);
  }
  return instantiateChoice(name, domain.getLabels());
}

//===----------------------------------------------------------------------===//
// Narrowing by hand
//===----------------------------------------------------------------------===//

static DomainAttrInterface findNarrowed(SpaceAttr narrowed, StringRef name) {
  if (narrowed) {
    for (Attribute knob : narrowed.getKnobs()) {
      auto domain = cast<DomainAttrInterface>(knob);
      if (domain.getName() == name) {
        return domain;
      }
    }
  }
  return {};
}

/// Keeps only the values or labels of `knob` that `domain` lists; fails if it lists one that is not
/// there.
static absl::Status narrow(InstantiatedKnob &instantiated, DomainAttrInterface domain) {
  Knob &knob = instantiated.knob;
  Knob kept{knob.name, knob.kind, knob.dim, {}, {}};
  auto keep = [&](size_t i) {
    kept.values.push_back(knob.values[i]);
    if (!knob.labels.empty()) {
      kept.labels.push_back(knob.labels[i]);
    }
  };
  auto missing = [&](const std::string &value) {
    return absl::InvalidArgumentError(absl::StrCat("chameleon.space: knob '", knob.name,
                                                   "' does not have the value ", value,
                                                   " for this task"));
  };
  if (knob.kind == KnobKind::Choice) {
    for (StringAttr label : domain.getLabels()) {
      auto found = llvm::find(knob.labels, label.getValue().str());
      if (found == knob.labels.end()) {
        return missing(label.getValue().str());
      }
      keep(found - knob.labels.begin());
    }
  } else {
    for (int64_t value : domain.getOrdered().values) {
      auto found = llvm::find(knob.values, value);
      if (found == knob.values.end()) {
        return missing(std::to_string(value));
      }
      keep(found - knob.values.begin());
    }
  }
  if (kept.values.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("chameleon.space: expected values for knob '", knob.name, "'"));
  }
  int64_t start = knob.values[instantiated.start];
  auto still = llvm::find(kept.values, start);
  instantiated.start =
      still == kept.values.end() ? 0 : static_cast<int32_t>(still - kept.values.begin());
  knob = kept;
  return absl::OkStatus();
}

//===----------------------------------------------------------------------===//
// Knobs
//===----------------------------------------------------------------------===//

std::vector<int64_t> KnobTable::allValues(absl::Span<const int64_t> knobValues) const {
  std::vector<int64_t> values;
  for (const Symbol &symbol : symbols) {
    values.push_back(symbol.isKnob ? knobValues[symbol.value] : symbol.value);
  }
  return values;
}

/// Adds `op` to `table`.
static absl::Status addKnob(KnobTable &table, transform::tune::KnobOp op, const TaskInfo &task,
                            const TargetInfo &target, SpaceAttr narrowed) {
  table.names.push_back(op.getName().str());
  if (auto fact = dyn_cast<FactAttr>(op.getOptions())) {
    absl::StatusOr<int64_t> value = evaluateFact(fact.getName(), task, target);
    if (!value.ok()) {
      return value.status();
    }
    table.symbols.push_back({false, *value});
    return absl::OkStatus();
  }
  absl::StatusOr<InstantiatedKnob> knob = instantiate(op, task, target);
  if (!knob.ok()) {
    return knob.status();
  }
  if (DomainAttrInterface domain = findNarrowed(narrowed, op.getName())) {
    if (absl::Status status = narrow(*knob, domain); !status.ok()) {
      return status;
    }
  }
  table.symbols.push_back({true, static_cast<int64_t>(table.knobs.size())});
  table.knobs.push_back(std::move(knob->knob));
  table.starts.push_back(knob->start);
  return absl::OkStatus();
}

absl::StatusOr<KnobTable> chameleon::readKnobs(transform::NamedSequenceOp schedule,
                                               const TaskInfo &task, const TargetInfo &target,
                                               SpaceAttr narrowed) {
  KnobTable table;
  absl::Status status;
  schedule->walk<WalkOrder::PreOrder>([&](transform::tune::KnobOp op) {
    status = addKnob(table, op, task, target, narrowed);
    return status.ok() ? WalkResult::advance() : WalkResult::interrupt();
  });
  if (!status.ok()) {
    return status;
  }
  return table;
}

//===----------------------------------------------------------------------===//
// Constraints and the default
//===----------------------------------------------------------------------===//

static absl::StatusOr<std::vector<Constraint>> readConstraints(transform::NamedSequenceOp schedule,
                                                               const KnobTable &table) {
  std::vector<Constraint> constraints;
  absl::Status status;
  schedule->walk([&](RequireOp op) {
    std::vector<Symbol> symbols;
    for (Value param : op.getParams()) {
      auto knob = param.getDefiningOp<transform::tune::KnobOp>();
      auto found = knob ? llvm::find(table.names, knob.getName().str()) : table.names.end();
      if (found == table.names.end()) {
        status = absl::InvalidArgumentError(
            absl::StrCat("schedule @", schedule.getSymName().str(),
                         ": expected the operands of require to be knobs"));
        return;
      }
      symbols.push_back(table.symbols[found - table.names.begin()]);
    }
    for (Constraint &constraint : toConstraints(op.getSet(), symbols, op.getMessage().str())) {
      constraints.push_back(std::move(constraint));
    }
  });
  if (!status.ok()) {
    return status;
  }
  return constraints;
}

/// The valid configuration nearest to `starts` by steps of knobs; empty if none is found soon.
static Configuration findDefault(const Space &space, const std::vector<int32_t> &starts) {
  static constexpr size_t kMaxVisited = 20000;
  std::queue<std::vector<int32_t>> frontier;
  std::set<std::vector<int32_t>> seen{starts};
  frontier.push(starts);
  while (!frontier.empty() && seen.size() < kMaxVisited) {
    Configuration candidate{frontier.front()};
    frontier.pop();
    if (space.isValid(candidate)) {
      return candidate;
    }
    for (size_t knob = 0; knob < candidate.indices.size(); ++knob) {
      for (int32_t step : {-1, 1}) {
        std::vector<int32_t> next = candidate.indices;
        next[knob] += step;
        bool inRange =
            next[knob] >= 0 && next[knob] < static_cast<int32_t>(space.knobs()[knob].values.size());
        if (inRange && seen.insert(next).second) {
          frontier.push(std::move(next));
        }
      }
    }
  }
  return {};
}

absl::StatusOr<Space> chameleon::buildSpace(transform::NamedSequenceOp schedule,
                                            const TaskInfo &task, const TargetInfo &target,
                                            SpaceAttr narrowed) {
  absl::StatusOr<KnobTable> table = readKnobs(schedule, task, target, narrowed);
  if (!table.ok()) {
    return table.status();
  }
  absl::StatusOr<std::vector<Constraint>> constraints = readConstraints(schedule, *table);
  if (!constraints.ok()) {
    return constraints.status();
  }
  std::string name = schedule.getSymName().str();
  absl::StatusOr<Space> space = Space::create(name, table->knobs, *constraints);
  if (!space.ok()) {
    return space.status();
  }
  return Space::create(name, table->knobs, *constraints, findDefault(*space, table->starts));
}
