//===- Space.h - Knobs, constraints, configurations -----------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A space is one schedule instantiated for one task and target: a list of knobs, each with finitely
// many values, and constraints between them. A configuration gives one value index per knob.
// A space is never enumerated in memory: one of 1e12 configurations costs no more than one of 1e3.
//
// A space may offer several algorithms, each with knobs and constraints of its own: these carry a
// condition, "knob `algorithm` has the value 1", and are active only where it holds. A knob that is
// not active rests at its start value; a configuration is canonical, and only then valid, if all of
// them do. So no two valid configurations mean the same program.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SEARCH_SPACE_H
#define CHAMELEON_SEARCH_SPACE_H

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace chameleon {

enum class KnobKind { Tile, Vector, Unroll, Choice };

/// Holds where the knob at position `knob` has the value (not index) `value`.
struct Condition {
  size_t knob = 0;
  int64_t value = 0;

  bool operator==(const Condition &other) const {
    return knob == other.knob && value == other.value;
  }
};

/// Whether all of `conditions` hold; of none, true.
bool allHold(absl::Span<const Condition> conditions, absl::Span<const int64_t> knobValues);

/// A label of a choice, or a value, that the task or the target rules out, and why.
struct PrunedLabel {
  std::string label;
  std::string reason;
};

/// One open choice. `Tile`, `Vector` and `Unroll` are ordered; `Choice` is categorical: its
/// `labels` name the options and its `values` are their positions in the schedule: 0, 1, 2, ...,
/// but for those that were dropped.
struct Knob {
  std::string name;
  KnobKind kind = KnobKind::Tile;
  std::string dim;                       // loop it acts on ("m", "oh", ...); empty if none
  std::vector<int64_t> values;           // ascending for ordered kinds
  std::vector<std::string> labels;       // as many as values for Choice, else empty
  std::vector<Condition> condition = {}; // active where all hold; over earlier knobs only
  int32_t start = 0;                     // index where a default begins, and an inactive knob rests
  bool parallel = false;                 // its tiles are shared out among threads
  std::vector<PrunedLabel> pruned = {};  // for people

  bool ordered() const { return kind != KnobKind::Choice; }
};

/// One value index per knob, in the order of the space's knobs.
struct Configuration {
  std::vector<int32_t> indices;

  bool operator==(const Configuration &other) const { return indices == other.indices; }
  template <typename H> friend H AbslHashValue(H h, const Configuration &c) {
    return H::combine(std::move(h), c.indices);
  }
};

/// Integer arithmetic over knob values in postfix order. Overflow, division or remainder by a value
/// <= 0, and a malformed program have no value: a constraint that uses them is violated.
class Expression {
public:
  enum class Op : uint8_t { Constant, Knob, Add, Sub, Mul, FloorDiv, CeilDiv, Mod };
  struct Instruction {
    Op op;
    int64_t operand = 0; // the constant, or the knob's position in the space
  };

  Expression() = default;
  explicit Expression(std::vector<Instruction> code) : code(std::move(code)) {}

  /// The value under `knobValues` (one value per knob, not index).
  absl::optional<int64_t> evaluate(absl::Span<const int64_t> knobValues) const;
  absl::Span<const Instruction> instructions() const { return code; }

private:
  std::vector<Instruction> code;
};

/// Holds if `expression == 0` (equality) or `expression >= 0` (otherwise), and where it is not
/// active.
struct Constraint {
  Expression expression;
  bool equality = false;
  std::string message;                   // for people: "register tile must divide cache tile"
  std::vector<Condition> condition = {}; // active where all hold

  bool holds(absl::Span<const int64_t> knobValues) const;
};

/// Positions of the knobs of Winograd's algorithm, where a space offers it: the closed form has to
/// know what they mean, since they cut no loop of the task. Meant where `outputs` is active.
struct WinogradKnobs {
  size_t outputs = 0;                // per side of a tile
  size_t rows = 0;                   // tiles of the image in one register block
  size_t columns = 0;                // output channels in one register block
  size_t steps = 0;                  // input channels that are unrolled
  absl::optional<size_t> chunk = {}; // input channels whose weights are transformed at a time
};

class Space {
public:
  /// Fails if a knob has no value, two knobs share a name, a Choice lacks labels or repeats one,
  /// the values of an ordered knob do not ascend, a constraint names a knob that is not there, a
  /// condition one that is not there or not declared before, or `defaultConfiguration` has another
  /// shape than the knobs. `defaultConfiguration` is the analytic first choice of the schedule
  /// (candidate 0). If it is empty or breaks a constraint, a valid configuration near it (near the
  /// start of every knob) stands in; a space without any valid configuration ends with an empty
  /// default.
  ///
  /// The starts of knobs under a condition move to a valid configuration near them, where there is
  /// one, so that a step from one algorithm to another lands in the other's default.
  static absl::StatusOr<Space> create(std::string schedule, std::vector<Knob> knobs,
                                      std::vector<Constraint> constraints,
                                      const Configuration &defaultConfiguration = {});

  /// Says which knobs are those of Winograd's algorithm. Fails if a position is not one of a knob
  /// with an order.
  absl::Status setWinograd(const WinogradKnobs &knobs);
  const absl::optional<WinogradKnobs> &winograd() const { return winogradKnobs; }

  const std::string &schedule() const { return scheduleName; }
  absl::Span<const Knob> knobs() const { return knobList; }
  absl::Span<const Constraint> constraints() const { return constraintList; }
  const Configuration &defaultConfiguration() const { return defaultConfig; }
  /// Whether `defaultConfiguration()` can be measured; if not, no valid configuration was found.
  bool hasDefault() const {
    return defaultConfig.indices.size() == knobList.size() && isValid(defaultConfig);
  }

  /// Number of canonical configurations before constraints: over all values of the knobs that
  /// others depend on, the sum of the products of active knobs (a double: it may exceed 2^64).
  double size() const;

  /// Whether some knobs are active only in a part of the space.
  bool hasConditions() const { return !conditionalKnobs.empty(); }
  /// Positions of the knobs that conditions of knobs name, in order: together they say which
  /// algorithm a configuration takes.
  absl::Span<const size_t> governors() const { return governorList; }
  /// Whether the conditions of the knob at position `knob` hold in `c`, which need not be
  /// canonical.
  bool isActive(size_t knob, const Configuration &c) const;
  /// Positions of the active knobs of `c`, in order.
  std::vector<size_t> activeKnobs(const Configuration &c) const;
  /// `c` with every knob that is not active at its start.
  Configuration canonical(Configuration c) const;
  bool isCanonical(const Configuration &c) const;

  /// For every value of every knob that others are conditional on, except those of the default: the
  /// valid configuration near the starts that has it. In the order of knobs and values; without
  /// those for which none was found.
  absl::Span<const Configuration> otherDefaults() const { return otherDefaultList; }

  /// Knob values of `c`. Precondition: `c` has one in-range index per knob.
  std::vector<int64_t> values(const Configuration &c) const;

  /// Position of the first violated constraint, or nothing if `c` keeps all of them.
  absl::optional<size_t> firstViolation(const Configuration &c) const;
  /// Whether `c` is canonical and keeps every constraint.
  bool isValid(const Configuration &c) const { return isCanonical(c) && !firstViolation(c); }

  /// The canonical configuration with the given knob values (label or integer as text, by knob
  /// name); knobs that are not active may be left out. Fails with the knob, what was expected and
  /// what came; also if a knob that is not active is given another value than its start.
  absl::StatusOr<Configuration>
  parse(absl::Span<const std::pair<std::string, std::string>> values) const;

  /// "mc=64 nr=32 order=nmk", active knobs in order. `parse` of its parts gives a canonical `c`
  /// back.
  std::string print(const Configuration &c) const;
  /// The (knob name, value or label as text) pairs of the active knobs of `c`.
  std::vector<std::pair<std::string, std::string>> toPairs(const Configuration &c) const;

private:
  void findConditions();
  void settleStarts();
  absl::optional<Configuration> defaultWith(size_t knob, int32_t index) const;
  void findOtherDefaults();
  Configuration starts() const;
  double countFrom(size_t knob, Configuration &c) const;

  std::string scheduleName;
  std::vector<Knob> knobList;
  std::vector<Constraint> constraintList;
  Configuration defaultConfig;
  std::vector<size_t> conditionalKnobs; // those with a condition, in order
  std::vector<size_t> governorList;     // those that conditions of knobs name, in order
  std::vector<Configuration> otherDefaultList;
  absl::optional<WinogradKnobs> winogradKnobs;
};

} // namespace chameleon

#endif // CHAMELEON_SEARCH_SPACE_H
