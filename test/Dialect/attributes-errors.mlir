// RUN: chameleon-opt %s --split-input-file --verify-diagnostics

// expected-error @+1 {{expected 'dim' or 'values'}}
#a = #chameleon.tile<max = 4>

// -----

// expected-error @+1 {{expected 'values' to be non-negative and ascending}}
#a = #chameleon.tile<dim = "m", values = [4, 2]>

// -----

// expected-error @+1 {{expected 'multiple_of' to be positive, but got 0}}
#a = #chameleon.tile<dim = "m", multiple_of = 0>

// -----

// expected-error @+1 {{expected 'max' to be at least 'min' (8), but got 4}}
#a = #chameleon.unroll<dim = "m", min = 8, max = 4>

// -----

// expected-error @+1 {{expected 'dim', 'values', 'multiple_of', 'min', 'max', 'prefer' or 'partial', but got 'step'}}
#a = #chameleon.vector<dim = "m", step = 2>

// -----

// expected-error @+1 {{expected at least one option}}
#a = #chameleon.choice<[]>

// -----

// expected-error @+1 {{expected distinct options, but got 'x' twice}}
#a = #chameleon.choice<["x", "x"]>

// -----

// expected-error @+1 {{expected 'prefer' to name an option, but got 'z'}}
#a = #chameleon.choice<["x", "y"], prefer = "z">

// -----

// expected-error @+1 {{but got 'moon'}}
#a = #chameleon.fact<"moon">

// -----

// expected-error @+1 {{but got 'extent'}}
#a = #chameleon.fact<"extent">

// -----

// expected-error @+1 {{expected each knob to have a name}}
#a = #chameleon.space<@s, knobs = [#chameleon.tile<dim = "m">]>

// -----

// expected-error @+1 {{expected distinct knobs, but got 'a' twice}}
#a = #chameleon.space<@s, knobs = [#chameleon.choice<"a", ["x"]>, #chameleon.choice<"a", ["y"]>]>

// -----

// expected-error @+1 {{expected knobs as #chameleon.tile, vector, unroll or choice, but got 3}}
#a = #chameleon.space<@s, knobs = [3]>

// -----

// expected-error @+1 {{expected knob 'mc' to be an integer or a string, but got}}
#a = #chameleon.config<@s, {mc = 1.5}>

// -----

// expected-error @+1 {{expected a positive median and number of samples, and a mad of at least 0, but got 0, 3 and 1}}
#a = #chameleon.measured<median_ns = 0, mad_ns = 1, samples = 3, target = "t">

// -----

func.func @config_on_no_linalg_op() {
  // expected-error @+1 {{expected 'chameleon.config' on a linalg op with loops}}
  %0 = arith.constant {chameleon.config = #chameleon.config<@s, {}>} 0 : i32
  return
}

// -----

func.func @space_as_string(%c: tensor<4xf32>, %zero: f32) {
  // expected-error @+1 {{expected 'chameleon.space' to be #chameleon.space, but got "s"}}
  %0 = linalg.fill {chameleon.space = "s"} ins(%zero : f32) outs(%c : tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

// expected-error @+1 {{expected 'chameleon.task' to be a string (the task's key), but got}}
func.func private @task() attributes {chameleon.task}

// -----

// expected-error @+1 {{argument 0 has the attribute 'chameleon.root', expected 'chameleon.constant'}}
func.func private @argument(%x: i32 {chameleon.root})

// -----

// expected-error @+1 {{expected 'chameleon.constant' to be a unit attribute, but got 1}}
func.func private @constant(%x: i32 {chameleon.constant = 1})

// -----

func.func @numerics(%c: tensor<4xf32>, %zero: f32) {
  // expected-error @+1 {{expected 'chameleon.numerics' to be "strict", "accurate" or "fast", but got "exact"}}
  %0 = linalg.fill {chameleon.numerics = "exact"} ins(%zero : f32) outs(%c : tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @numerics_as_number(%c: tensor<4xf32>, %zero: f32) {
  // expected-error @+1 {{expected 'chameleon.numerics' to be "strict", "accurate" or "fast", but got 1}}
  %0 = linalg.fill {chameleon.numerics = 1} ins(%zero : f32) outs(%c : tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @threads(%c: tensor<4xf32>, %zero: f32) {
  // expected-error @+1 {{expected 'chameleon.threads' to be an i64 of at least 1, but got 0 : i64}}
  %0 = linalg.fill {chameleon.threads = 0} ins(%zero : f32) outs(%c : tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @numerics_on_no_linalg_op() {
  // expected-error @+1 {{expected 'chameleon.numerics' on a linalg op with loops}}
  %0 = arith.constant {chameleon.numerics = "fast"} 0 : i32
  return
}

// -----

// expected-error @+1 {{expected 'chameleon.work_share' to be an f64 in (0, 1], but got 0.000000e+00 : f64}}
func.func private @share() attributes {chameleon.work_share = 0.0 : f64}

// -----

// expected-error @+1 {{expected 'chameleon.work_share' to be an f64 in (0, 1], but got 1.500000e+00 : f64}}
func.func private @share() attributes {chameleon.work_share = 1.5 : f64}

// -----

// expected-error @+1 {{expected 'chameleon.work_share' to be an f64 in (0, 1], but got 5.000000e-01 : f32}}
func.func private @share() attributes {chameleon.work_share = 0.5 : f32}

// -----

func.func @share_on_no_function() {
  // expected-error @+1 {{expected 'chameleon.work_share' on a function}}
  %0 = arith.constant {chameleon.work_share = 0.5 : f64} 0 : i32
  return
}
