//===- JsonReader.cpp - Members of a JSON object, checked ----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "JsonReader.h"

#include "absl/strings/str_cat.h"
#include <algorithm>
#include <limits>

namespace chameleon {

JsonReader::JsonReader(const nlohmann::json &object, std::string place)
    : source(object), place(std::move(place)) {
  if (!source.is_object()) {
    firstProblem = absl::InvalidArgumentError(
        absl::StrCat(this->place, ": expected an object, but got ", source.type_name()));
  }
}

void JsonReader::fail(const char *name, absl::string_view problem) {
  if (firstProblem.ok()) {
    firstProblem = absl::InvalidArgumentError(absl::StrCat(place, ".", name, ": ", problem));
  }
}

const nlohmann::json &JsonReader::member(const char *name) {
  static const nlohmann::json missing = nlohmann::json::value_t::discarded;
  if (!source.is_object()) {
    return missing;
  }
  const auto found = source.find(name);
  return found == source.end() ? missing : *found;
}

void JsonReader::require(bool condition, const char *name, const char *expectation) {
  if (condition) {
    return;
  }
  const nlohmann::json &value = member(name);
  const std::string got =
      value.is_discarded() ? "nothing"
                           : value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  fail(name, absl::StrCat("expected ", expectation, ", but got ", got.substr(0, 80)));
}

std::string JsonReader::text(const char *name) {
  const nlohmann::json &value = member(name);
  require(value.is_string(), name, "a text");
  return value.is_string() ? value.get<std::string>() : std::string();
}

/// Beyond 2^63 the reader of JSON gives an unsigned number that get() would wrap around.
static bool fitsInt64(const nlohmann::json &value) {
  return value.is_number_integer() &&
         (!value.is_number_unsigned() ||
          value.get<uint64_t>() <= uint64_t{std::numeric_limits<int64_t>::max()});
}

int64_t JsonReader::integer(const char *name) {
  const nlohmann::json &value = member(name);
  const bool fits = fitsInt64(value);
  require(fits, name, "an integer");
  return fits ? value.get<int64_t>() : 0;
}

int JsonReader::integer32(const char *name) {
  const int64_t value = integer(name);
  const bool fits = value >= 0 && value <= std::numeric_limits<int>::max();
  require(fits, name, "an integer from 0 to 2147483647");
  return fits ? static_cast<int>(value) : 0;
}

uint64_t JsonReader::unsignedInteger(const char *name) {
  const nlohmann::json &value = member(name);
  require(value.is_number_unsigned(), name, "an integer from 0 on");
  return value.is_number_unsigned() ? value.get<uint64_t>() : 0;
}

bool JsonReader::boolean(const char *name) {
  const nlohmann::json &value = member(name);
  require(value.is_boolean(), name, "true or false");
  return value.is_boolean() && value.get<bool>();
}

bool JsonReader::booleanOrFalse(const char *name) { return source.contains(name) && boolean(name); }

double JsonReader::number(const char *name) {
  const nlohmann::json &value = member(name);
  require(value.is_number(), name, "a number");
  return value.is_number() ? value.get<double>() : 0;
}

double JsonReader::numberOrNull(const char *name) {
  if (member(name).is_null()) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  return number(name);
}

std::string JsonReader::object(const char *name) {
  const nlohmann::json &value = member(name);
  require(value.is_object(), name, "an object");
  return value.is_object() ? value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)
                           : std::string("{}");
}

ConfigurationPairs JsonReader::pairs(const char *name) {
  const nlohmann::json &value = member(name);
  ConfigurationPairs result;
  bool sound = value.is_array();
  for (size_t i = 0; sound && i < value.size(); ++i) {
    const nlohmann::json &pair = value[i];
    sound = pair.is_array() && pair.size() == 2 && pair[0].is_string() && pair[1].is_string();
    if (sound) {
      result.emplace_back(pair[0].get<std::string>(), pair[1].get<std::string>());
    }
  }
  require(sound, name, "an array of [name, value] pairs of texts");
  return result;
}

std::vector<int64_t> JsonReader::integers(const char *name) {
  const nlohmann::json &value = member(name);
  const bool sound = value.is_array() && std::all_of(value.begin(), value.end(), fitsInt64);
  require(sound, name, "an array of integers");
  return sound ? value.get<std::vector<int64_t>>() : std::vector<int64_t>();
}

std::vector<std::string> JsonReader::texts(const char *name) {
  const nlohmann::json &value = member(name);
  const bool sound = value.is_array() && std::all_of(value.begin(), value.end(),
                                                     [](auto &item) { return item.is_string(); });
  require(sound, name, "an array of texts");
  return sound ? value.get<std::vector<std::string>>() : std::vector<std::string>();
}

void JsonReader::each(const char *name, absl::FunctionRef<void(JsonReader &)> read) {
  const nlohmann::json &value = member(name);
  require(value.is_array(), name, "an array of objects");
  for (size_t i = 0; value.is_array() && i < value.size() && firstProblem.ok(); ++i) {
    JsonReader item(value[i], absl::StrCat(place, ".", name, "[", i, "]"));
    if (item.status().ok()) {
      read(item);
    }
    firstProblem = item.status();
  }
}

} // namespace chameleon
