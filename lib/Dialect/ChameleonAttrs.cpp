//===- ChameleonAttrs.cpp - Parsing, printing, verifying our attributes ---===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Dialect/ChameleonDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace chameleon;

#include "chameleon/Dialect/ChameleonAttrInterfaces.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "chameleon/Dialect/ChameleonAttrs.cpp.inc"

void ChameleonDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "chameleon/Dialect/ChameleonAttrs.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// Ordered domains: tile, vector, unroll
//===----------------------------------------------------------------------===//

namespace {
/// The parameters of an ordered domain while it is parsed.
struct DomainParts {
  std::string name;
  std::string dim;
  SmallVector<int64_t> values;
  int64_t multipleOf = 1;
  int64_t min = 1;
  int64_t max = 0;
  int64_t prefer = 0;
  bool partial = false;
};
} // namespace

static ParseResult parseIntegers(AsmParser &parser, SmallVectorImpl<int64_t> &values) {
  return parser.parseCommaSeparatedList(
      AsmParser::Delimiter::Square, [&]() { return parser.parseInteger(values.emplace_back()); });
}

/// One `key = value` (or the flag `partial`) of an ordered domain.
static ParseResult parseDomainEntry(AsmParser &parser, DomainParts &parts) {
  SMLoc loc = parser.getCurrentLocation();
  StringRef key;
  if (parser.parseKeyword(&key)) {
    return failure();
  }
  if (key == "partial") {
    parts.partial = true;
    return success();
  }
  if (parser.parseEqual()) {
    return failure();
  }
  if (key == "dim") {
    return parser.parseString(&parts.dim);
  }
  if (key == "values") {
    return parseIntegers(parser, parts.values);
  }
  int64_t *slot = llvm::StringSwitch<int64_t *>(key)
                      .Case("multiple_of", &parts.multipleOf)
                      .Case("min", &parts.min)
                      .Case("max", &parts.max)
                      .Case("prefer", &parts.prefer)
                      .Default(nullptr);
  if (!slot) {
    return parser.emitError(loc)
           << "expected 'dim', 'values', 'multiple_of', 'min', 'max', 'prefer' or 'partial', "
              "but got '"
           << key << "'";
  }
  return parser.parseInteger(*slot);
}

/// `<` [string] (`,` entry)* `>`, where the name may be left out.
static ParseResult parseDomain(AsmParser &parser, DomainParts &parts) {
  if (parser.parseLess()) {
    return failure();
  }
  if (succeeded(parser.parseOptionalString(&parts.name))) {
    if (failed(parser.parseOptionalComma())) {
      return parser.parseGreater();
    }
  }
  if (succeeded(parser.parseOptionalGreater())) {
    return success();
  }
  do {
    if (parseDomainEntry(parser, parts)) {
      return failure();
    }
  } while (succeeded(parser.parseOptionalComma()));
  return parser.parseGreater();
}

template <typename AttrT> static Attribute parseOrderedDomain(AsmParser &parser) {
  DomainParts parts;
  if (parseDomain(parser, parts)) {
    return {};
  }
  return parser.getChecked<AttrT>(parser.getContext(), parts.name, parts.dim, parts.values,
                                  parts.multipleOf, parts.min, parts.max, parts.prefer,
                                  parts.partial);
}

template <typename AttrT> static void printOrderedDomain(AttrT attr, AsmPrinter &printer) {
  printer << '<';
  StringRef separator = "";
  auto next = [&]() -> raw_ostream & {
    printer << separator;
    separator = ", ";
    return printer.getStream();
  };
  if (!attr.getName().empty()) {
    next();
    printer.printString(attr.getName());
  }
  if (!attr.getDim().empty()) {
    next() << "dim = ";
    printer.printString(attr.getDim());
  }
  if (!attr.getValues().empty()) {
    next() << "values = [";
    llvm::interleaveComma(attr.getValues(), printer.getStream());
    printer << ']';
  }
  auto number = [&](StringRef key, int64_t value, int64_t unset) {
    if (value != unset) {
      next() << key << " = " << value;
    }
  };
  number("multiple_of", attr.getMultipleOf(), 1);
  number("min", attr.getMin(), 1);
  number("max", attr.getMax(), 0);
  number("prefer", attr.getPrefer(), 0);
  if (attr.getPartial()) {
    next() << "partial";
  }
  printer << '>';
}

static LogicalResult verifyOrderedDomain(function_ref<InFlightDiagnostic()> emitError,
                                         StringRef dim, ArrayRef<int64_t> values,
                                         int64_t multipleOf, int64_t min, int64_t max) {
  if (dim.empty() && values.empty()) {
    return emitError() << "expected 'dim' or 'values'";
  }
  if (!llvm::is_sorted(values, std::less_equal<int64_t>()) ||
      llvm::any_of(values, [](int64_t value) { return value < 0; })) {
    return emitError() << "expected 'values' to be non-negative and ascending";
  }
  if (multipleOf < 1) {
    return emitError() << "expected 'multiple_of' to be positive, but got " << multipleOf;
  }
  if (max != 0 && max < min) {
    return emitError() << "expected 'max' to be at least 'min' (" << min << "), but got " << max;
  }
  return success();
}

#define CHAMELEON_ORDERED_DOMAIN(ATTR, KIND)                                                       \
  Attribute ATTR::parse(AsmParser &parser, Type) { return parseOrderedDomain<ATTR>(parser); }      \
  void ATTR::print(AsmPrinter &printer) const { printOrderedDomain(*this, printer); }              \
  LogicalResult ATTR::verify(function_ref<InFlightDiagnostic()> emitError, StringRef name,         \
                             StringRef dim, ArrayRef<int64_t> values, int64_t multipleOf,          \
                             int64_t min, int64_t max, int64_t prefer, bool partial) {             \
    return verifyOrderedDomain(emitError, dim, values, multipleOf, min, max);                      \
  }                                                                                                \
  OrderedDomain ATTR::getOrdered() const {                                                         \
    return {OrderedDomain::Kind::KIND,                                                             \
            getDim(),                                                                              \
            getValues(),                                                                           \
            getMultipleOf(),                                                                       \
            getMin(),                                                                              \
            getMax(),                                                                              \
            getPrefer(),                                                                           \
            getPartial()};                                                                         \
  }

CHAMELEON_ORDERED_DOMAIN(TileAttr, Tile)
CHAMELEON_ORDERED_DOMAIN(VectorAttr, Vector)
CHAMELEON_ORDERED_DOMAIN(UnrollAttr, Unroll)
#undef CHAMELEON_ORDERED_DOMAIN

//===----------------------------------------------------------------------===//
// ChoiceAttr
//===----------------------------------------------------------------------===//

Attribute ChoiceAttr::parse(AsmParser &parser, Type) {
  std::string name;
  SmallVector<StringAttr> labels;
  if (parser.parseLess()) {
    return {};
  }
  if (succeeded(parser.parseOptionalString(&name)) && parser.parseComma()) {
    return {};
  }
  auto parseLabel = [&]() -> ParseResult {
    std::string label;
    if (parser.parseString(&label)) {
      return failure();
    }
    labels.push_back(StringAttr::get(parser.getContext(), label));
    return success();
  };
  std::string preferred;
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, parseLabel)) {
    return {};
  }
  if (succeeded(parser.parseOptionalComma()) &&
      (parser.parseKeyword("prefer") || parser.parseEqual() || parser.parseString(&preferred))) {
    return {};
  }
  if (parser.parseGreater()) {
    return {};
  }
  return parser.getChecked<ChoiceAttr>(parser.getContext(), name, labels, preferred);
}

void ChoiceAttr::print(AsmPrinter &printer) const {
  printer << '<';
  if (!getName().empty()) {
    printer.printString(getName());
    printer << ", ";
  }
  printer << '[';
  llvm::interleaveComma(getLabels(), printer, [&](StringAttr label) { printer << label; });
  printer << ']';
  if (!getPreferred().empty()) {
    printer << ", prefer = ";
    printer.printString(getPreferred());
  }
  printer << '>';
}

LogicalResult ChoiceAttr::verify(function_ref<InFlightDiagnostic()> emitError, StringRef name,
                                 ArrayRef<StringAttr> labels, StringRef preferred) {
  if (labels.empty()) {
    return emitError() << "expected at least one option";
  }
  llvm::StringSet<> seen;
  for (StringAttr label : labels) {
    if (!seen.insert(label.getValue()).second) {
      return emitError() << "expected distinct options, but got '" << label.getValue() << "' twice";
    }
  }
  if (!preferred.empty() && !seen.contains(preferred)) {
    return emitError() << "expected 'prefer' to name an option, but got '" << preferred << "'";
  }
  return success();
}

//===----------------------------------------------------------------------===//
// FactAttr
//===----------------------------------------------------------------------===//

LogicalResult FactAttr::verify(function_ref<InFlightDiagnostic()> emitError, StringRef name) {
  static constexpr const char *kSimple[] = {"lanes",
                                            "registers",
                                            "float_bits",
                                            "dot",
                                            "l1",
                                            "l2",
                                            "l3",
                                            "contiguous_reduction",
                                            "transposed_input",
                                            "numerics",
                                            "threads"};
  static constexpr const char *kCalls[] = {"extent(", "stride(", "dilation(", "constant(",
                                           "unit_stride("};
  bool call = name.ends_with(")") &&
              llvm::any_of(kCalls, [&](StringRef prefix) { return name.starts_with(prefix); });
  if (!llvm::is_contained(kSimple, name) && !call) {
    return emitError() << "expected 'lanes', 'registers', 'float_bits', 'dot', 'l1', 'l2', 'l3', "
                          "'contiguous_reduction', 'transposed_input', 'numerics', 'threads', "
                          "'extent(<loop>)', 'stride(<loop>)', 'dilation(<loop>)', "
                          "'constant(<operand>)' or 'unit_stride(<operand>,<loop>)', but got '"
                       << name << "'";
  }
  return success();
}

//===----------------------------------------------------------------------===//
// SpaceAttr
//===----------------------------------------------------------------------===//

Attribute SpaceAttr::parse(AsmParser &parser, Type) {
  FlatSymbolRefAttr schedule;
  SmallVector<Attribute> knobs;
  auto parseKnob = [&]() { return parser.parseAttribute(knobs.emplace_back()); };
  if (parser.parseLess() || parser.parseAttribute(schedule) || parser.parseComma() ||
      parser.parseKeyword("knobs") || parser.parseEqual() ||
      parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, parseKnob) ||
      parser.parseGreater()) {
    return {};
  }
  return parser.getChecked<SpaceAttr>(parser.getContext(), schedule, knobs);
}

void SpaceAttr::print(AsmPrinter &printer) const {
  printer << '<' << getSchedule() << ", knobs = [";
  llvm::interleaveComma(getKnobs(), printer);
  printer << "]>";
}

LogicalResult SpaceAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                FlatSymbolRefAttr schedule, ArrayRef<Attribute> knobs) {
  llvm::StringSet<> seen;
  for (Attribute knob : knobs) {
    auto domain = dyn_cast<DomainAttrInterface>(knob);
    if (!domain) {
      return emitError() << "expected knobs as #chameleon.tile, vector, unroll or choice, but got "
                         << knob;
    }
    if (domain.getName().empty()) {
      return emitError() << "expected each knob to have a name, but got " << knob;
    }
    if (!seen.insert(domain.getName()).second) {
      return emitError() << "expected distinct knobs, but got '" << domain.getName() << "' twice";
    }
  }
  return success();
}

//===----------------------------------------------------------------------===//
// ConfigAttr
//===----------------------------------------------------------------------===//

Attribute ConfigAttr::parse(AsmParser &parser, Type) {
  FlatSymbolRefAttr schedule;
  DictionaryAttr values;
  if (parser.parseLess() || parser.parseAttribute(schedule) || parser.parseComma() ||
      parser.parseAttribute(values) || parser.parseGreater()) {
    return {};
  }
  return parser.getChecked<ConfigAttr>(parser.getContext(), schedule, values);
}

void ConfigAttr::print(AsmPrinter &printer) const {
  printer << '<' << getSchedule() << ", {";
  llvm::interleaveComma(getValues(), printer, [&](NamedAttribute entry) {
    printer.printKeywordOrString(entry.getName().getValue());
    printer << " = ";
    if (auto integer = dyn_cast<IntegerAttr>(entry.getValue())) {
      printer << integer.getInt();
    } else {
      printer << entry.getValue();
    }
  });
  printer << "}>";
}

LogicalResult ConfigAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                 FlatSymbolRefAttr schedule, DictionaryAttr values) {
  for (NamedAttribute entry : values) {
    if (!isa<IntegerAttr, StringAttr>(entry.getValue())) {
      return emitError() << "expected knob '" << entry.getName().getValue()
                         << "' to be an integer or a string, but got " << entry.getValue();
    }
  }
  return success();
}

//===----------------------------------------------------------------------===//
// MeasuredAttr
//===----------------------------------------------------------------------===//

static ParseResult parseNumber(AsmParser &parser, StringRef key, int64_t &value) {
  return failure(parser.parseKeyword(key) || parser.parseEqual() || parser.parseInteger(value) ||
                 parser.parseComma());
}

Attribute MeasuredAttr::parse(AsmParser &parser, Type) {
  int64_t medianNs = 0;
  int64_t madNs = 0;
  int64_t samples = 0;
  std::string target;
  if (parser.parseLess() || parseNumber(parser, "median_ns", medianNs) ||
      parseNumber(parser, "mad_ns", madNs) || parseNumber(parser, "samples", samples) ||
      parser.parseKeyword("target") || parser.parseEqual() || parser.parseString(&target) ||
      parser.parseGreater()) {
    return {};
  }
  return parser.getChecked<MeasuredAttr>(parser.getContext(), medianNs, madNs, samples, target);
}

void MeasuredAttr::print(AsmPrinter &printer) const {
  printer << "<median_ns = " << getMedianNs() << ", mad_ns = " << getMadNs()
          << ", samples = " << getSamples() << ", target = ";
  printer.printString(getTarget());
  printer << '>';
}

LogicalResult MeasuredAttr::verify(function_ref<InFlightDiagnostic()> emitError, int64_t medianNs,
                                   int64_t madNs, int64_t samples, StringRef target) {
  if (medianNs <= 0 || madNs < 0 || samples <= 0) {
    return emitError() << "expected a positive median and number of samples, and a mad of at least "
                          "0, but got "
                       << medianNs << ", " << samples << " and " << madNs;
  }
  return success();
}
