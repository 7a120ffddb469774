//===- Space.cpp - Knobs, constraints, configurations ---------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Search/Space.h"
#include "absl/container/flat_hash_set.h"
#include "absl/container/inlined_vector.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "chameleon/Search/ValidSampling.h"
#include <algorithm>

namespace chameleon {

static absl::Status checkKnob(const Knob &knob) {
  if (knob.values.empty())
    return absl::InvalidArgumentError(
        absl::StrCat("expected knob '", knob.name, "' to have a value, but it has none"));
  if (!knob.ordered() && knob.labels.size() != knob.values.size())
    return absl::InvalidArgumentError(absl::StrCat("expected choice '", knob.name, "' to have ",
                                                   knob.values.size(), " labels, but got ",
                                                   knob.labels.size()));
  absl::flat_hash_set<std::string> labels(knob.labels.begin(), knob.labels.end());
  if (labels.size() != knob.labels.size())
    return absl::InvalidArgumentError(absl::StrCat("expected the labels of choice '", knob.name,
                                                   "' to differ, but got ",
                                                   absl::StrJoin(knob.labels, ", ")));
  auto notAscending = std::adjacent_find(knob.values.begin(), knob.values.end(),
                                         [](int64_t a, int64_t b) { return a >= b; });
  if (knob.ordered() && notAscending != knob.values.end())
    return absl::InvalidArgumentError(absl::StrCat("expected the values of knob '", knob.name,
                                                   "' to ascend, but ", *notAscending,
                                                   " is followed by ", *(notAscending + 1)));
  return absl::OkStatus();
}

static absl::Status checkKnobs(absl::Span<const Knob> knobs) {
  absl::flat_hash_set<std::string> names;
  for (const Knob &knob : knobs) {
    if (absl::Status status = checkKnob(knob); !status.ok())
      return status;
    if (!names.insert(knob.name).second)
      return absl::InvalidArgumentError(
          absl::StrCat("expected knob names to differ, but got '", knob.name, "' twice"));
  }
  return absl::OkStatus();
}

static absl::Status checkConstraint(const Constraint &constraint, size_t numKnobs) {
  for (const Expression::Instruction &instruction : constraint.expression.instructions())
    if (instruction.op == Expression::Op::Knob &&
        (instruction.operand < 0 || instruction.operand >= static_cast<int64_t>(numKnobs)))
      return absl::InvalidArgumentError(
          absl::StrCat("expected constraint '", constraint.message, "' to name knobs 0 to ",
                       static_cast<int64_t>(numKnobs) - 1, ", but got ", instruction.operand));
  return absl::OkStatus();
}

/// Conditions of what stands before knob `end` name knobs before it.
static absl::Status checkCondition(absl::Span<const Condition> conditions, size_t end,
                                   const std::string &name) {
  for (const Condition &condition : conditions)
    if (condition.knob >= end)
      return absl::InvalidArgumentError(
          absl::StrCat("expected the condition of '", name, "' to name one of the ", end,
                       " knobs before it, but got knob ", condition.knob));
  return absl::OkStatus();
}

static absl::Status checkConditions(absl::Span<const Knob> knobs,
                                    absl::Span<const Constraint> constraints) {
  absl::Status status;
  for (size_t i = 0; i < knobs.size(); ++i) {
    status.Update(checkCondition(knobs[i].condition, i, knobs[i].name));
    if (knobs[i].start < 0 || knobs[i].start >= static_cast<int64_t>(knobs[i].values.size()))
      status.Update(absl::InvalidArgumentError(
          absl::StrCat("expected a start below ", knobs[i].values.size(), " for knob '",
                       knobs[i].name, "', but got ", knobs[i].start)));
  }
  for (const Constraint &constraint : constraints)
    status.Update(checkCondition(constraint.condition, knobs.size(), constraint.message));
  return status;
}

static absl::Status checkShape(absl::Span<const Knob> knobs, const Configuration &configuration) {
  if (configuration.indices.size() != knobs.size())
    return absl::InvalidArgumentError(absl::StrCat("expected a configuration of ", knobs.size(),
                                                   " indices, but got ",
                                                   configuration.indices.size()));
  for (size_t i = 0; i < knobs.size(); ++i)
    if (configuration.indices[i] < 0 ||
        configuration.indices[i] >= static_cast<int64_t>(knobs[i].values.size()))
      return absl::InvalidArgumentError(
          absl::StrCat("expected an index below ", knobs[i].values.size(), " for knob '",
                       knobs[i].name, "', but got ", configuration.indices[i]));
  return absl::OkStatus();
}

absl::StatusOr<Space> Space::create(std::string schedule, std::vector<Knob> knobs,
                                    std::vector<Constraint> constraints,
                                    const Configuration &defaultConfiguration) {
  if (absl::Status status = checkKnobs(knobs); !status.ok())
    return status;
  for (const Constraint &constraint : constraints)
    if (absl::Status status = checkConstraint(constraint, knobs.size()); !status.ok())
      return status;
  if (absl::Status status = checkConditions(knobs, constraints); !status.ok())
    return status;
  bool given = !defaultConfiguration.indices.empty();
  if (given)
    if (absl::Status status = checkShape(knobs, defaultConfiguration); !status.ok())
      return status;

  Space space;
  space.scheduleName = std::move(schedule);
  space.knobList = std::move(knobs);
  space.constraintList = std::move(constraints);
  space.findConditions();
  space.settleStarts();
  Rng rng(0);
  space.defaultConfig = ValidSampler(space)
                            .near(given ? defaultConfiguration : space.starts(), rng)
                            .value_or(Configuration());
  space.findOtherDefaults();
  return space;
}

absl::Status Space::setWinograd(const WinogradKnobs &knobs) {
  std::vector<size_t> all = {knobs.outputs, knobs.rows, knobs.columns, knobs.steps};
  if (knobs.chunk)
    all.push_back(*knobs.chunk);
  for (size_t knob : all)
    if (knob >= knobList.size() || !knobList[knob].ordered())
      return absl::InvalidArgumentError(
          absl::StrCat("expected the knobs of Winograd's algorithm to be numbers among the ",
                       knobList.size(), " knobs, but got knob ", knob));
  winogradKnobs = knobs;
  return absl::OkStatus();
}

//===----------------------------------------------------------------------===//
// Conditions
//===----------------------------------------------------------------------===//

void Space::findConditions() {
  for (size_t knob = 0; knob < knobList.size(); ++knob) {
    if (!knobList[knob].condition.empty())
      conditionalKnobs.push_back(knob);
    for (const Condition &condition : knobList[knob].condition)
      governorList.push_back(condition.knob);
  }
  std::sort(governorList.begin(), governorList.end());
  governorList.erase(std::unique(governorList.begin(), governorList.end()), governorList.end());
}

Configuration Space::starts() const {
  Configuration result;
  for (const Knob &knob : knobList)
    result.indices.push_back(knob.start);
  return result;
}

/// Sets `knob` to `index`, and the knobs that it depends on so that it is active. Notes what was
/// set in `held`. Returns false if a knob does not have the value that is asked for.
static bool force(absl::Span<const Knob> knobs, size_t knob, int32_t index, Configuration &c,
                  std::vector<size_t> &held) {
  c.indices[knob] = index;
  held.push_back(knob);
  return std::all_of(
      knobs[knob].condition.begin(), knobs[knob].condition.end(), [&](const Condition &condition) {
        const std::vector<int64_t> &values = knobs[condition.knob].values;
        auto found = std::find(values.begin(), values.end(), condition.value);
        return found != values.end() &&
               force(knobs, condition.knob, static_cast<int32_t>(found - values.begin()), c, held);
      });
}

/// The valid configuration near the starts in which `knob` is active and has the value at `index`.
absl::optional<Configuration> Space::defaultWith(size_t knob, int32_t index) const {
  Configuration start = starts();
  std::vector<size_t> held;
  if (!force(knobList, knob, index, start, held))
    return absl::nullopt;
  start = canonical(std::move(start));
  Rng rng(0);
  auto near = ValidSampler(*this).near(start, rng);
  bool kept = near && std::all_of(held.begin(), held.end(), [&](size_t position) {
                return near->indices[position] == start.indices[position];
              });
  if (!kept)
    return absl::nullopt; // soon, where the rules leave nothing of an algorithm
  auto nearest = nearestValid(*this, start, held);
  return nearest ? nearest : near;
}

void Space::settleStarts() {
  for (size_t governor : governorList)
    for (size_t index = 0; index < knobList[governor].values.size(); ++index) {
      auto settled = defaultWith(governor, static_cast<int32_t>(index));
      Condition own{governor, knobList[governor].values[index]};
      for (size_t knob : conditionalKnobs) {
        const std::vector<Condition> &condition = knobList[knob].condition;
        bool governed = std::find(condition.begin(), condition.end(), own) != condition.end();
        if (settled && governed && isActive(knob, *settled))
          knobList[knob].start = settled->indices[knob];
      }
    }
}

void Space::findOtherDefaults() {
  if (!hasDefault())
    return;
  for (size_t governor : governorList)
    for (size_t i = 0; i < knobList[governor].values.size(); ++i) {
      auto index = static_cast<int32_t>(i);
      if (defaultConfig.indices[governor] == index && isActive(governor, defaultConfig))
        continue;
      auto other = defaultWith(governor, index);
      if (other && std::find(otherDefaultList.begin(), otherDefaultList.end(), *other) ==
                       otherDefaultList.end())
        otherDefaultList.push_back(std::move(*other));
    }
}

bool Space::isActive(size_t knob, const Configuration &c) const {
  const std::vector<Condition> &conditions = knobList[knob].condition;
  return std::all_of(conditions.begin(), conditions.end(), [&](const Condition &condition) {
    return knobList[condition.knob].values[c.indices[condition.knob]] == condition.value;
  });
}

std::vector<size_t> Space::activeKnobs(const Configuration &c) const {
  std::vector<size_t> result;
  result.reserve(knobList.size());
  for (size_t knob = 0; knob < knobList.size(); ++knob)
    if (isActive(knob, c))
      result.push_back(knob);
  return result;
}

Configuration Space::canonical(Configuration c) const {
  for (size_t knob : conditionalKnobs)
    if (!isActive(knob, c))
      c.indices[knob] = knobList[knob].start;
  return c;
}

bool Space::isCanonical(const Configuration &c) const {
  return std::all_of(conditionalKnobs.begin(), conditionalKnobs.end(), [&](size_t knob) {
    return c.indices[knob] == knobList[knob].start || isActive(knob, c);
  });
}

double Space::size() const {
  Configuration c = starts();
  return countFrom(0, c);
}

/// Canonical settings of the knobs from position `knob` on, given those before in `c`.
double Space::countFrom(size_t knob, Configuration &c) const {
  if (knob == knobList.size())
    return 1;
  if (!isActive(knob, c)) {
    c.indices[knob] = knobList[knob].start;
    return countFrom(knob + 1, c);
  }
  auto count = static_cast<int32_t>(knobList[knob].values.size());
  if (!std::binary_search(governorList.begin(), governorList.end(), knob))
    return count * countFrom(knob + 1, c);
  double sum = 0;
  for (int32_t index = 0; index < count; ++index) {
    c.indices[knob] = index;
    sum += countFrom(knob + 1, c);
  }
  return sum;
}

//===----------------------------------------------------------------------===//
// Values and text
//===----------------------------------------------------------------------===//

std::vector<int64_t> Space::values(const Configuration &c) const {
  std::vector<int64_t> result(knobList.size());
  for (size_t i = 0; i < knobList.size(); ++i)
    result[i] = knobList[i].values[c.indices[i]];
  return result;
}

absl::optional<size_t> Space::firstViolation(const Configuration &c) const {
  absl::InlinedVector<int64_t, 24> knobValues(knobList.size());
  for (size_t i = 0; i < knobList.size(); ++i)
    knobValues[i] = knobList[i].values[c.indices[i]];
  for (size_t i = 0; i < constraintList.size(); ++i)
    if (!constraintList[i].holds(knobValues))
      return i;
  return absl::nullopt;
}

static std::string valueText(const Knob &knob, int32_t index) {
  return knob.ordered() ? absl::StrCat(knob.values[index]) : knob.labels[index];
}

static std::string domainText(const Knob &knob) {
  return knob.ordered() ? absl::StrJoin(knob.values, ", ") : absl::StrJoin(knob.labels, ", ");
}

static absl::StatusOr<int32_t> parseIndex(const Knob &knob, absl::string_view text) {
  for (size_t i = 0; i < knob.values.size(); ++i)
    if (valueText(knob, static_cast<int32_t>(i)) == text)
      return static_cast<int32_t>(i);
  return absl::InvalidArgumentError(absl::StrCat("expected knob '", knob.name, "' to be one of ",
                                                 domainText(knob), ", but got '", text, "'"));
}

/// Why a knob that was left out has to be given, or one that was given is of no use.
static absl::Status missingValue(const Knob &knob) {
  return absl::InvalidArgumentError(absl::StrCat("expected a value for knob '", knob.name,
                                                 "', but got none; give every knob one"));
}

static absl::Status uselessValue(const Knob &knob, int32_t index, absl::Span<const Knob> knobs) {
  auto text = [&](std::string *out, const Condition &condition) {
    const Knob &governor = knobs[condition.knob];
    auto found = std::find(governor.values.begin(), governor.values.end(), condition.value);
    absl::StrAppend(
        out, governor.name, "=",
        found == governor.values.end()
            ? absl::StrCat(condition.value)
            : valueText(governor, static_cast<int32_t>(found - governor.values.begin())));
  };
  return absl::InvalidArgumentError(absl::StrCat(
      "expected no value for knob '", knob.name, "', which acts only where ",
      absl::StrJoin(knob.condition, " and ", text), ", but got ", valueText(knob, index)));
}

absl::StatusOr<Configuration>
Space::parse(absl::Span<const std::pair<std::string, std::string>> values) const {
  Configuration result;
  result.indices.assign(knobList.size(), -1);
  for (const auto &[name, text] : values) {
    auto knob = std::find_if(knobList.begin(), knobList.end(),
                             [&name = name](const Knob &k) { return k.name == name; });
    if (knob == knobList.end())
      return absl::InvalidArgumentError(absl::StrCat(
          "expected a knob of schedule '", scheduleName, "' (",
          absl::StrJoin(knobList, ", ",
                        [](std::string *out, const Knob &k) { absl::StrAppend(out, k.name); }),
          "), but got '", name, "'"));
    absl::StatusOr<int32_t> index = parseIndex(*knob, text);
    if (!index.ok())
      return index.status();
    int32_t &slot = result.indices[knob - knobList.begin()];
    if (slot >= 0)
      return absl::InvalidArgumentError(
          absl::StrCat("expected one value for knob '", name, "', but got two"));
    slot = *index;
  }
  for (size_t i = 0; i < knobList.size(); ++i) { // conditions name earlier knobs
    bool active = isActive(i, result);
    if (result.indices[i] < 0 && active)
      return missingValue(knobList[i]);
    if (result.indices[i] < 0)
      result.indices[i] = knobList[i].start;
    if (!active && result.indices[i] != knobList[i].start)
      return uselessValue(knobList[i], result.indices[i], knobList);
  }
  return result;
}

std::string Space::print(const Configuration &c) const {
  return absl::StrJoin(toPairs(c), " ", absl::PairFormatter("="));
}

std::vector<std::pair<std::string, std::string>> Space::toPairs(const Configuration &c) const {
  std::vector<std::pair<std::string, std::string>> result;
  result.reserve(knobList.size());
  for (size_t i : activeKnobs(c))
    result.emplace_back(knobList[i].name, valueText(knobList[i], c.indices[i]));
  return result;
}

} // namespace chameleon
