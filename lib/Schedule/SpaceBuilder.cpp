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
#include "chameleon/Search/TileModel.h"
#include "chameleon/Search/ValidSampling.h"
#include "mlir/Dialect/Linalg/TransformOps/LinalgTransformOps.h"
#include "mlir/Dialect/Transform/TuneExtension/TuneExtensionOps.h"
#include <cmath>
#include <map>
#include <set>

using namespace mlir;
using namespace chameleon;

static constexpr int64_t kDefaultMaxUnroll = 16;
/// A partial domain with fewer divisors than this takes sizes that leave a remainder as well.
static constexpr int64_t kFewDivisors = 3;
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

/// By how much `size` grows if it is filled up to a multiple of `unit`.
static double paddingTo(double unit, double size) { return std::ceil(size / unit) * unit / size; }

/// The value that costs least, as padding of `extent` (0: none) to whole tiles, and of these to
/// whole vectors of `lanes`, times the distance from `prefer`; the first one if there is no
/// preference.
static int32_t preferredIndex(const std::vector<int64_t> &values, int64_t prefer, int64_t extent,
                              int64_t lanes) {
  if (prefer <= 0) {
    return 0;
  }
  auto cost = [&](int64_t value) {
    double size = static_cast<double>(std::max<int64_t>(value, 1));
    double ratio = size / static_cast<double>(prefer);
    double padding = paddingTo(static_cast<double>(lanes), size);
    if (extent > 0) {
      padding *= paddingTo(size, static_cast<double>(extent));
    }
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

static absl::StatusOr<Knob> instantiateOrdered(const std::string &name, const OrderedDomain &domain,
                                               const TaskInfo &task, const TargetInfo &target) {
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
  Knob knob{name, toKnobKind(domain.kind), loop.name, std::move(values), {}};
  // Vectors are along the last dimension of the result.
  bool filled = domain.dim == "last";
  knob.start = preferredIndex(knob.values, prefer, loop.extent, filled ? lanes : 1);
  return knob;
}

static Knob instantiateChoice(const std::string &name, ArrayRef<StringAttr> labels,
                              StringRef preferred = "") {
  Knob knob{name, KnobKind::Choice, "", {}, {}};
  for (auto [i, label] : llvm::enumerate(labels)) {
    knob.values.push_back(static_cast<int64_t>(i));
    knob.labels.push_back(label.getValue().str());
    if (label.getValue() == preferred) {
      knob.start = static_cast<int32_t>(i);
    }
  }
  return knob;
}

/// A knob of upstream's kind: `options` is a plain list of integers or strings.
static absl::StatusOr<Knob> instantiateList(const std::string &name, ArrayAttr options) {
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
  return Knob{name, KnobKind::Tile, "", std::vector<int64_t>(values.begin(), values.end()), {}};
}

static absl::StatusOr<Knob> instantiate(transform::tune::KnobOp op, const TaskInfo &task,
                                        const TargetInfo &target) {
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
  return instantiateChoice(name, domain.getLabels(), domain.getPreferred());
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

/// Leaves `knob` the values at the positions `kept`. Its start stays the same value, or becomes the
/// first one.
static void keepOnly(Knob &knob, ArrayRef<size_t> kept) {
  std::vector<int64_t> values;
  std::vector<std::string> labels;
  int64_t start = knob.values[knob.start];
  for (size_t i : kept) {
    values.push_back(knob.values[i]);
    if (!knob.labels.empty()) {
      labels.push_back(knob.labels[i]);
    }
  }
  auto still = llvm::find(values, start);
  knob.start = still == values.end() ? 0 : static_cast<int32_t>(still - values.begin());
  knob.values = std::move(values);
  knob.labels = std::move(labels);
}

/// Keeps only the values or labels of `knob` that `domain` lists; fails if it lists one that is not
/// there.
static absl::Status narrow(Knob &knob, DomainAttrInterface domain) {
  std::vector<size_t> kept;
  auto keep = [&](size_t i) { kept.push_back(i); };
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
  if (kept.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("chameleon.space: expected values for knob '", knob.name, "'"));
  }
  keepOnly(knob, kept);
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

namespace {
/// Where an op stands among the alternatives of a schedule.
struct Place {
  bool reachable = true;            // false: a fact or a label that is not there keeps it out
  std::vector<Condition> condition; // what the knobs must pick, outermost first
};

/// Per knob: the values (of those that pick alternatives, the regions) that are ruled out, and why.
using Dropped = std::map<std::string, std::map<int64_t, std::string>>;

/// Reads a schedule once, without the values in `dropped`; `newlyDropped` are those that this
/// showed to have no use.
class ScheduleReader {
public:
  ScheduleReader(transform::NamedSequenceOp schedule, const TaskInfo &task,
                 const TargetInfo &target, SpaceAttr narrowed, const Dropped &dropped)
      : schedule(schedule), task(task), target(target), narrowed(narrowed), dropped(dropped) {}

  absl::Status run() {
    absl::Status status;
    schedule->walk<WalkOrder::PreOrder>([&](Operation *op) {
      if (auto knob = dyn_cast<transform::tune::KnobOp>(op)) {
        status = readKnob(knob);
      } else if (auto rule = dyn_cast<RequireOp>(op)) {
        status = readRule(rule);
      } else if (auto winograd = dyn_cast<WinogradOp>(op)) {
        status = readWinograd(winograd);
      } else {
        markParallel(op, [](Value size) { return size; });
      }
      return status.ok() ? WalkResult::advance() : WalkResult::interrupt();
    });
    return status;
  }

  KnobTable table;
  Dropped newlyDropped;

private:
  absl::StatusOr<Place> placeOf(Operation *op) const;
  const Symbol *symbolOf(StringRef name) const;
  void addFixed(int64_t value) { table.symbols.push_back({false, value}); }
  absl::Status readKnob(transform::tune::KnobOp op);
  absl::Status addFact(FactAttr fact, const Place &place);
  absl::Status addKnob(transform::tune::KnobOp op, const Place &place);
  absl::Status dropLabels(Knob &knob) const;
  absl::Status readRule(RequireOp op);
  void fixWhatIsLeft(const Constraint &rule);
  absl::StatusOr<std::vector<Symbol>> operandsOf(RequireOp op) const;
  const Symbol *symbolOf(Value param) const;
  absl::Status readWinograd(WinogradOp op);
  void markParallel(Operation *op, function_ref<Value(Value)> inSchedule);
  void ruleOut(const std::vector<Condition> &condition, const std::string &reason);

  std::string scheduleText() const {
    transform::NamedSequenceOp op = schedule;
    return "schedule @" + op.getSymName().str();
  }

  transform::NamedSequenceOp schedule;
  const TaskInfo &task;
  const TargetInfo &target;
  SpaceAttr narrowed;
  const Dropped &dropped;
};
} // namespace

const Symbol *ScheduleReader::symbolOf(StringRef name) const {
  auto found = llvm::find(table.names, name.str());
  return found == table.names.end() ? nullptr : &table.symbols[found - table.names.begin()];
}

absl::StatusOr<Place> ScheduleReader::placeOf(Operation *op) const {
  Place place;
  for (Operation *inner = op; inner != schedule; inner = inner->getParentOp()) {
    auto alternatives = dyn_cast<transform::tune::AlternativesOp>(inner->getParentOp());
    if (!alternatives) {
      continue;
    }
    const Symbol *picker = symbolOf(alternatives.getName());
    if (!picker) {
      return absl::InvalidArgumentError(
          absl::StrCat(scheduleText(), ": expected the knob '", alternatives.getName().str(),
                       "' before the alternatives of its name, which hold knobs"));
    }
    int64_t region = inner->getParentRegion()->getRegionNumber();
    bool picked = picker->isKnob ? llvm::is_contained(table.knobs[picker->value].values, region)
                                 : picker->value == region;
    place.reachable = place.reachable && picked;
    if (picked && picker->isKnob) {
      place.condition.insert(place.condition.begin(), {static_cast<size_t>(picker->value), region});
    }
  }
  return place;
}

/// No configuration with `condition` can be meant: drops the label of the innermost choice, if that
/// is open only under the rest of the condition; else a constraint says so.
void ScheduleReader::ruleOut(const std::vector<Condition> &condition, const std::string &reason) {
  const Condition &innermost = condition.back();
  const Knob &picker = table.knobs[innermost.knob];
  bool alone = llvm::all_of(condition, [&](const Condition &each) {
    return each == innermost || llvm::is_contained(picker.condition, each);
  });
  if (alone) {
    newlyDropped[picker.name].emplace(innermost.value, reason);
    return;
  }
  Expression never({{Expression::Op::Constant, -1}});
  table.constraints.push_back({never, /*equality=*/false, reason, condition});
}

absl::Status ScheduleReader::readKnob(transform::tune::KnobOp op) {
  absl::StatusOr<Place> place = placeOf(op);
  if (!place.ok()) {
    return place.status();
  }
  table.names.push_back(op.getName().str());
  if (auto fact = dyn_cast<FactAttr>(op.getOptions())) {
    return addFact(fact, *place);
  }
  if (!place->reachable) {
    addFixed(1);
    return absl::OkStatus();
  }
  return addKnob(op, *place);
}

absl::Status ScheduleReader::addFact(FactAttr fact, const Place &place) {
  absl::StatusOr<int64_t> value = evaluateFact(fact.getName(), task, target);
  addFixed(value.value_or(1));
  if (value.ok() || !place.reachable) {
    return absl::OkStatus();
  }
  if (place.condition.empty()) {
    return value.status();
  }
  ruleOut(place.condition, std::string(value.status().message()));
  return absl::OkStatus();
}

absl::Status ScheduleReader::addKnob(transform::tune::KnobOp op, const Place &place) {
  absl::StatusOr<Knob> knob = instantiate(op, task, target);
  absl::Status status = knob.status();
  DomainAttrInterface domain = findNarrowed(narrowed, op.getName());
  if (status.ok() && domain) {
    status = narrow(*knob, domain);
  }
  if (status.ok()) {
    status = dropLabels(*knob);
  }
  if (absl::IsFailedPrecondition(status) && !place.condition.empty()) {
    addFixed(1);
    ruleOut(place.condition, std::string(status.message()));
    return absl::OkStatus();
  }
  if (!status.ok()) {
    return status;
  }
  knob->condition = place.condition;
  table.symbols.push_back({true, static_cast<int64_t>(table.knobs.size())});
  table.knobs.push_back(std::move(*knob));
  return absl::OkStatus();
}

/// Takes from `knob` the values that are ruled out. Fails if nothing is left.
absl::Status ScheduleReader::dropLabels(Knob &knob) const {
  auto found = dropped.find(knob.name);
  if (found == dropped.end()) {
    return absl::OkStatus();
  }
  std::vector<size_t> kept;
  for (size_t i = 0; i < knob.values.size(); ++i) {
    auto reason = found->second.find(knob.values[i]);
    if (reason == found->second.end()) {
      kept.push_back(i);
    } else {
      knob.pruned.push_back(
          {knob.ordered() ? absl::StrCat(knob.values[i]) : knob.labels[i], reason->second});
    }
  }
  if (kept.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat("nothing is left to choose for '", knob.name, "' (",
                     absl::StrJoin(knob.pruned, "; ",
                                   [](std::string *out, const PrunedLabel &pruned) {
                                     absl::StrAppend(out, pruned.label, ": ", pruned.reason);
                                   }),
                     ")"));
  }
  keepOnly(knob, kept);
  return absl::OkStatus();
}

/// What the value of a tune.knob stands for; null if `param` is none.
const Symbol *ScheduleReader::symbolOf(Value param) const {
  auto knob = param.getDefiningOp<transform::tune::KnobOp>();
  return knob ? symbolOf(knob.getName()) : nullptr;
}

/// Tells the cost model which knobs are sizes of tiles that run in parallel: those of a
/// `tile_using_forall`, here or in a sequence that is included. `inSchedule` is what a parameter of
/// the sequence of `op` stands for.
void ScheduleReader::markParallel(Operation *op, function_ref<Value(Value)> inSchedule) {
  if (auto tile = dyn_cast<transform::TileUsingForallOp>(op)) {
    for (Value size : tile.getTileSizes()) {
      const Symbol *symbol = symbolOf(inSchedule(size));
      if (symbol && symbol->isKnob) {
        table.knobs[symbol->value].parallel = true;
      }
    }
  }
  auto include = dyn_cast<transform::IncludeOp>(op);
  auto callee = include ? SymbolTable::lookupNearestSymbolFrom<transform::NamedSequenceOp>(
                              include, include.getTargetAttr())
                        : transform::NamedSequenceOp();
  if (!callee) {
    return;
  }
  callee->walk([&](Operation *inner) {
    markParallel(inner, [&](Value size) {
      auto argument = dyn_cast<BlockArgument>(size);
      return argument && argument.getOwner() == &callee.getBody().front()
                 ? inSchedule(include.getOperands()[argument.getArgNumber()])
                 : size;
    });
  });
}

/// An op whose numbers are open tells the cost model which knobs they are: the first one, if they
/// are knobs of the alternative that it stands in.
absl::Status ScheduleReader::readWinograd(WinogradOp op) {
  absl::StatusOr<Place> place = placeOf(op);
  if (!place.ok()) {
    return place.status();
  }
  const Symbol *symbols[] = {symbolOf(op.getOutputs()), symbolOf(op.getRows()),
                             symbolOf(op.getColumns()), symbolOf(op.getSteps())};
  bool open = llvm::all_of(symbols, [&](const Symbol *symbol) {
    return symbol && symbol->isKnob && table.knobs[symbol->value].ordered();
  });
  if (!place->reachable || !open || table.winograd ||
      table.knobs[symbols[0]->value].condition != place->condition) {
    return absl::OkStatus();
  }
  auto position = [&](int i) { return static_cast<size_t>(symbols[i]->value); };
  table.winograd = WinogradKnobs{position(0), position(1), position(2), position(3)};
  const Symbol *chunk = op.getChunk() ? symbolOf(op.getChunk()) : nullptr;
  if (chunk && chunk->isKnob && table.knobs[chunk->value].ordered()) {
    table.winograd->chunk = static_cast<size_t>(chunk->value);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Symbol>> ScheduleReader::operandsOf(RequireOp op) const {
  std::vector<Symbol> symbols;
  for (Value param : op.getParams()) {
    const Symbol *symbol = symbolOf(param);
    if (!symbol) {
      return absl::InvalidArgumentError(
          absl::StrCat(scheduleText(), ": expected the operands of require to be knobs"));
    }
    symbols.push_back(*symbol);
  }
  return symbols;
}

/// If `rule` is over one knob only, and leaves it one value wherever the knob counts, drops the
/// others: nothing is open there, and a search need not find that out.
void ScheduleReader::fixWhatIsLeft(const Constraint &rule) {
  absl::optional<size_t> only;
  for (const Expression::Instruction &each : rule.expression.instructions()) {
    auto position = static_cast<size_t>(each.operand);
    if (each.op == Expression::Op::Knob && only.value_or(position) != position) {
      return;
    }
    only = each.op == Expression::Op::Knob ? position : only;
  }
  if (!only || !llvm::all_of(rule.condition, [&](const Condition &each) {
        return llvm::is_contained(table.knobs[*only].condition, each);
      })) {
    return;
  }
  const Knob &knob = table.knobs[*only];
  std::map<int64_t, std::string> others;
  std::vector<int64_t> values(table.knobs.size());
  for (int64_t value : knob.values) {
    values[*only] = value;
    if (!Constraint{rule.expression, rule.equality, rule.message}.holds(values)) {
      others.emplace(value, rule.message);
    }
  }
  if (!others.empty() && others.size() + 1 == knob.values.size()) {
    newlyDropped[knob.name].merge(others);
  }
}

absl::Status ScheduleReader::readRule(RequireOp op) {
  absl::StatusOr<Place> place = placeOf(op);
  absl::StatusOr<std::vector<Symbol>> symbols = operandsOf(op);
  if (!place.ok() || !symbols.ok()) {
    return place.ok() ? symbols.status() : place.status();
  }
  bool open = llvm::any_of(*symbols, [](const Symbol &symbol) { return symbol.isKnob; });
  for (Constraint &constraint : toConstraints(op.getSet(), *symbols, op.getMessage().str())) {
    if (!place->reachable) {
      continue;
    }
    if (open || place->condition.empty()) {
      constraint.condition = place->condition;
      fixWhatIsLeft(constraint);
      table.constraints.push_back(std::move(constraint));
    } else if (!constraint.holds({})) {
      ruleOut(place->condition, constraint.message);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<KnobTable> chameleon::readSchedule(transform::NamedSequenceOp schedule,
                                                  const TaskInfo &task, const TargetInfo &target,
                                                  SpaceAttr narrowed) {
  Dropped dropped;
  for (;;) { // ends: each round drops a value that the ones before kept
    ScheduleReader reader(schedule, task, target, narrowed, dropped);
    if (absl::Status status = reader.run(); !status.ok()) {
      return status;
    }
    if (reader.newlyDropped.empty()) {
      return std::move(reader.table);
    }
    for (auto &[knob, values] : reader.newlyDropped) {
      dropped[knob].merge(values);
    }
  }
}

//===----------------------------------------------------------------------===//
// The space
//===----------------------------------------------------------------------===//

/// Threads may have so many times an even share to do.
static constexpr double kEvenEnough = 1.15;

/// Lowers sizes of parallel tiles from `starts` on until each of the threads that run `task` has
/// about as much to do, if somebody knows how many they are: step by step the one that helps most.
static Configuration spreadOverThreads(const Space &space, const TaskInfo &task,
                                       const TargetInfo &target, Configuration starts) {
  if (task.threads <= 1 || task.threads == kManyThreads) {
    return starts;
  }
  TileModel model(space, task, target);
  auto share = [&](const Configuration &c) { return model.largestShare(space.values(c)); };
  while (share(starts) * static_cast<double>(task.threads) > kEvenEnough) {
    Configuration best = starts;
    for (size_t i = 0; i < space.knobs().size(); ++i) {
      if (!space.knobs()[i].parallel) {
        continue;
      }
      Configuration lower = starts;
      while (lower.indices[i] > 0 && share(lower) >= share(starts)) {
        --lower.indices[i];
      }
      best = share(lower) < share(best) ? lower : best;
    }
    if (best == starts) {
      break;
    }
    starts = best;
  }
  return starts;
}

/// The valid configuration nearest to the starts (nearestValid), of the same algorithm if it has
/// one; empty if none is found soon.
static Configuration findDefault(const Space &space, const TaskInfo &task,
                                 const TargetInfo &target) {
  Configuration starts;
  for (const Knob &knob : space.knobs()) {
    starts.indices.push_back(knob.start);
  }
  starts = spreadOverThreads(space, task, target, std::move(starts));
  auto found = nearestValid(space, starts, space.governors());
  if (!found && space.hasConditions()) {
    found = nearestValid(space, starts, {});
  }
  return found.value_or(Configuration());
}

absl::StatusOr<Space> chameleon::buildSpace(transform::NamedSequenceOp schedule,
                                            const TaskInfo &task, const TargetInfo &target,
                                            SpaceAttr narrowed) {
  absl::StatusOr<KnobTable> table = readSchedule(schedule, task, target, narrowed);
  if (!table.ok()) {
    return table.status();
  }
  std::string name = schedule.getSymName().str();
  absl::StatusOr<Space> space = Space::create(name, table->knobs, table->constraints);
  if (!space.ok()) {
    return space.status();
  }
  space = Space::create(name, table->knobs, table->constraints, findDefault(*space, task, target));
  if (space.ok() && table->winograd) {
    if (absl::Status status = space->setWinograd(*table->winograd); !status.ok()) {
      return status;
    }
  }
  return space;
}
