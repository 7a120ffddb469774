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

/// One open choice. `Tile`, `Vector` and `Unroll` are ordered; `Choice` is categorical: its
/// `labels` name the options and its `values` are 0, 1, 2, ...
struct Knob {
  std::string name;
  KnobKind kind = KnobKind::Tile;
  std::string dim;                 // loop it acts on ("m", "oh", ...); empty if none
  std::vector<int64_t> values;     // ascending for ordered kinds
  std::vector<std::string> labels; // as many as values for Choice, else empty

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

/// Holds if `expression == 0` (equality) or `expression >= 0` (otherwise).
struct Constraint {
  Expression expression;
  bool equality = false;
  std::string message; // for people: "register tile must divide cache tile"

  bool holds(absl::Span<const int64_t> knobValues) const;
};

class Space {
public:
  /// Fails if a knob has no value, two knobs share a name, a Choice lacks labels or repeats one,
  /// the values of an ordered knob do not ascend, a constraint names a knob that is not there, or
  /// `defaultConfiguration` has another shape than the knobs. `defaultConfiguration` is the
  /// analytic first choice of the schedule (candidate 0). If it is empty or breaks a constraint, a
  /// valid configuration near it (near the first value of every knob) stands in; a space without
  /// any valid configuration ends with an empty default.
  static absl::StatusOr<Space> create(std::string schedule, std::vector<Knob> knobs,
                                      std::vector<Constraint> constraints,
                                      Configuration defaultConfiguration = {});

  const std::string &schedule() const { return scheduleName; }
  absl::Span<const Knob> knobs() const { return knobList; }
  absl::Span<const Constraint> constraints() const { return constraintList; }
  const Configuration &defaultConfiguration() const { return defaultConfig; }
  /// Whether `defaultConfiguration()` can be measured; if not, no valid configuration was found.
  bool hasDefault() const {
    return defaultConfig.indices.size() == knobList.size() && isValid(defaultConfig);
  }

  /// Number of configurations before constraints (a double: it may exceed 2^64).
  double size() const;

  /// Knob values of `c`. Precondition: `c` has one in-range index per knob.
  std::vector<int64_t> values(const Configuration &c) const;

  /// Position of the first violated constraint, or nothing if `c` is valid.
  absl::optional<size_t> firstViolation(const Configuration &c) const;
  bool isValid(const Configuration &c) const { return !firstViolation(c); }

  /// The configuration with the given knob values (label or integer as text, by knob name).
  /// Fails with the knob, what was expected and what came.
  absl::StatusOr<Configuration>
  parse(absl::Span<const std::pair<std::string, std::string>> values) const;

  /// "mc=64 nr=32 order=nmk", knobs in order. `parse` of its parts gives `c` back.
  std::string print(const Configuration &c) const;
  /// The (knob name, value or label as text) pairs of `c`.
  std::vector<std::pair<std::string, std::string>> toPairs(const Configuration &c) const;

private:
  std::string scheduleName;
  std::vector<Knob> knobList;
  std::vector<Constraint> constraintList;
  Configuration defaultConfig;
};

} // namespace chameleon

#endif // CHAMELEON_SEARCH_SPACE_H
