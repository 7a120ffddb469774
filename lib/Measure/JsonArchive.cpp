//===- JsonArchive.cpp ----------------------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "JsonArchive.h"
#include "absl/strings/str_cat.h"
#include <cmath>
#include <limits>

namespace chameleon {

nlohmann::json JsonWriter::toJson(const Binary &value) {
  bytes += value.bytes;
  return value.bytes.size();
}

nlohmann::json JsonWriter::toJson(double value) {
  if (std::isnan(value))
    return nullptr;
  if (std::isinf(value)) // JSON has no infinity: the largest double stands for it
    return std::copysign(std::numeric_limits<double>::max(), value);
  return value;
}

void JsonReader::fail(const char *key, const char *what) {
  status = absl::InvalidArgumentError(
      absl::StrCat("expected a message with \"", key, "\", but that key ", what));
}

bool JsonReader::fromJson(const nlohmann::json &json, Binary &value) {
  uint64_t size = 0;
  if (!fromJson(json, size) || size > bytes.size())
    return false;
  value.bytes = std::string(bytes.substr(0, size));
  bytes.remove_prefix(size);
  return true;
}

bool JsonReader::fromJson(const nlohmann::json &json, double &value) {
  if (json.is_null()) {
    value = std::numeric_limits<double>::quiet_NaN();
    return true;
  }
  if (!json.is_number())
    return false;
  value = json.get<double>();
  if (std::fabs(value) == std::numeric_limits<double>::max())
    value = std::copysign(std::numeric_limits<double>::infinity(), value);
  return true;
}

bool JsonReader::fromJson(const nlohmann::json &json, int &value) {
  int64_t wide = 0;
  if (!fromJson(json, wide) || wide < std::numeric_limits<int>::min() ||
      wide > std::numeric_limits<int>::max())
    return false;
  value = static_cast<int>(wide);
  return true;
}

bool JsonReader::fromJson(const nlohmann::json &json, int64_t &value) {
  if (!json.is_number_integer())
    return false;
  value = json.get<int64_t>();
  return true;
}

bool JsonReader::fromJson(const nlohmann::json &json, uint64_t &value) {
  if (!json.is_number_unsigned())
    return false;
  value = json.get<uint64_t>();
  return true;
}

bool JsonReader::fromJson(const nlohmann::json &json, bool &value) {
  if (!json.is_boolean())
    return false;
  value = json.get<bool>();
  return true;
}

bool JsonReader::fromJson(const nlohmann::json &json, std::string &value) {
  if (!json.is_string())
    return false;
  value = json.get<std::string>();
  return true;
}

bool JsonReader::fromJson(const nlohmann::json &json, std::pair<std::string, std::string> &value) {
  return json.is_array() && json.size() == 2 && fromJson(json[0], value.first) &&
         fromJson(json[1], value.second);
}

} // namespace chameleon
