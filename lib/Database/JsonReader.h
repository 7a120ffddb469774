//===- JsonReader.h - Members of a JSON object, checked ------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Private to Database: reads members of an object that may come from anywhere. The first thing that
// is not as expected is kept as a status that names the place; values read after it do not matter.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_DATABASE_JSONREADER_H
#define CHAMELEON_LIB_DATABASE_JSONREADER_H

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "chameleon/Database/Rows.h"
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace chameleon {

class JsonReader {
public:
  /// `place` names `object` in messages: "records[3]".
  JsonReader(const nlohmann::json &object, std::string place);

  std::string text(const char *name);
  int64_t integer(const char *name);
  int integer32(const char *name);
  uint64_t unsignedInteger(const char *name);
  bool boolean(const char *name);
  bool booleanOrFalse(const char *name); // false where there is no such member
  double number(const char *name);
  double numberOrNull(const char *name); // NaN for null
  std::string object(const char *name);  // as JSON text
  ConfigurationPairs pairs(const char *name);
  std::vector<int64_t> integers(const char *name);
  std::vector<std::string> texts(const char *name);
  /// Reads each element of an array of objects, to the first problem.
  void each(const char *name, absl::FunctionRef<void(JsonReader &)> read);
  /// A text that `parse` (string_view -> StatusOr<T>) understands.
  template <typename Parse> auto parsed(const char *name, Parse parse) {
    auto value = parse(text(name));
    if (!value.ok()) {
      fail(name, value.status().message());
    }
    return value.ok() ? *value : typename decltype(value)::value_type();
  }

  /// Fails with "expected `expectation`" about member `name` unless `condition` holds.
  void require(bool condition, const char *name, const char *expectation);

  const absl::Status &status() const { return firstProblem; }

private:
  const nlohmann::json &member(const char *name);
  void fail(const char *name, absl::string_view problem);

  const nlohmann::json &source;
  std::string place;
  absl::Status firstProblem;
};

} // namespace chameleon

#endif // CHAMELEON_LIB_DATABASE_JSONREADER_H
