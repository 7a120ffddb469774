//===- DiagnosticText.h - Diagnostics as text -----------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_SCHEDULE_DIAGNOSTICTEXT_H
#define CHAMELEON_LIB_SCHEDULE_DIAGNOSTICTEXT_H

#include "mlir/IR/Diagnostics.h"
#include <string>

namespace chameleon {

/// Collects the diagnostics of a context while it lives, instead of printing them.
class DiagnosticText {
public:
  explicit DiagnosticText(mlir::MLIRContext &context)
      : handler(&context, [this](mlir::Diagnostic &diagnostic) {
          if (collected.size() < kMaxBytes) {
            collected += (collected.empty() ? "" : "; ") + diagnostic.str();
          }
          return mlir::success();
        }) {}

  /// What came so far, capped; "no message" if nothing came.
  std::string text() const { return collected.empty() ? "no message" : collected; }

private:
  static constexpr size_t kMaxBytes = 4096;
  std::string collected;
  mlir::ScopedDiagnosticHandler handler;
};

} // namespace chameleon

#endif // CHAMELEON_LIB_SCHEDULE_DIAGNOSTICTEXT_H
