//===- JsonArchive.h - One list of fields for writing and reading ---------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A message lists its fields once, in `template <typename A> void fields(A &, Message &)`, by calls
// `archive("key", member)`. `JsonWriter` makes an object of them, `JsonReader` fills them from one
// and keeps the first error (a missing key or a value of another type). NaN travels as null.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_MEASURE_JSONARCHIVE_H
#define CHAMELEON_LIB_MEASURE_JSONARCHIVE_H

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace chameleon {

/// Marks a string member that holds arbitrary bytes: they follow the JSON, which holds their
/// length.
struct Binary {
  std::string &bytes;
};

class JsonWriter {
public:
  explicit JsonWriter(std::string &bytes) : bytes(bytes) {}

  nlohmann::json object = nlohmann::json::object();

  template <typename T> void operator()(const char *key, const T &value) {
    object[key] = toJson(value);
  }

private:
  nlohmann::json toJson(const Binary &value);
  static nlohmann::json toJson(double value);
  static nlohmann::json toJson(int value) { return value; }
  static nlohmann::json toJson(int64_t value) { return value; }
  static nlohmann::json toJson(uint64_t value) { return value; }
  static nlohmann::json toJson(bool value) { return value; }
  static nlohmann::json toJson(const std::string &value) { return value; }
  static nlohmann::json toJson(const std::pair<std::string, std::string> &value) {
    return nlohmann::json::array({value.first, value.second});
  }
  template <typename T> nlohmann::json toJson(const std::vector<T> &values) {
    nlohmann::json array = nlohmann::json::array();
    for (const T &value : values)
      array.push_back(toJson(value));
    return array;
  }
  template <typename T> nlohmann::json toJson(const T &value) {
    if constexpr (std::is_enum_v<T>)
      return static_cast<int>(value);
    else {
      JsonWriter nested(bytes);
      fields(nested, const_cast<T &>(value)); // the writer only reads
      return std::move(nested.object);
    }
  }

  std::string &bytes;
};

class JsonReader {
public:
  /// Takes the bytes of Binary members off the front of `bytes`.
  JsonReader(const nlohmann::json &object, absl::string_view &bytes)
      : object(object), bytes(bytes) {}

  absl::Status status;

  template <typename T> void operator()(const char *key, T &&value) {
    if (!status.ok())
      return;
    auto found = object.find(key);
    if (found == object.end())
      return fail(key, "is missing");
    if (!fromJson(*found, value) && status.ok())
      fail(key, "has a value of another type");
  }

private:
  void fail(const char *key, const char *what);

  bool fromJson(const nlohmann::json &json, Binary &value);
  bool fromJson(const nlohmann::json &json, double &value);
  bool fromJson(const nlohmann::json &json, int &value);
  bool fromJson(const nlohmann::json &json, int64_t &value);
  bool fromJson(const nlohmann::json &json, uint64_t &value);
  bool fromJson(const nlohmann::json &json, bool &value);
  bool fromJson(const nlohmann::json &json, std::string &value);
  bool fromJson(const nlohmann::json &json, std::pair<std::string, std::string> &value);
  template <typename T> bool fromJson(const nlohmann::json &json, std::vector<T> &values) {
    if (!json.is_array())
      return false;
    values.clear();
    for (const nlohmann::json &element : json)
      if (!fromJson(element, values.emplace_back()))
        return false;
    return true;
  }
  template <typename T> bool fromJson(const nlohmann::json &json, T &value) {
    if constexpr (std::is_enum_v<T>) {
      // `lastOf` bounds the values that an enumeration may take.
      int number = 0;
      if (!fromJson(json, number) || number < 0 || number > static_cast<int>(lastOf(value)))
        return false;
      value = static_cast<T>(number);
      return true;
    } else {
      if (!json.is_object())
        return false;
      JsonReader nested(json, bytes);
      fields(nested, value);
      status.Update(nested.status);
      return status.ok();
    }
  }

  const nlohmann::json &object;
  absl::string_view &bytes;
};

} // namespace chameleon

#endif // CHAMELEON_LIB_MEASURE_JSONARCHIVE_H
