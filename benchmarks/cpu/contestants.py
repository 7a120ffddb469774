# Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Who takes part: Chameleon and its peers, each as something that takes a sample when it is asked to.

A contestant has `names`, the columns it fills; `start()`, which makes it ready and may take long; `sample()`, which
gives milliseconds of one call by name; and `close()`. The first two raise `NotMeasured`, with the reason, if it cannot
take part.
"""
import dataclasses
import json
import os
import pathlib
import re
import select
import subprocess
import time

from cases import Case
from results import DEFAULT, OURS

PEERS = {"ops": ("onednn", "openblas", "iree", "metaschedule"), "networks": ("torch", "iree"),
         "exported": ("torch",)}
LAYOUTS = ("given", "channels-last")  # of images, for ours
FLUSHING = ("onednn",)  # those that can be measured in cold mode
HERE = pathlib.Path(__file__).resolve().parent

ONEDNN_VARIANTS = ("any", "reorders", "plain")
TORCH_VARIANTS = ("eager", "channels_last", "inductor")
IREE_VARIANTS = {
    "default": (),
    "data_tiling": ("--iree-opt-data-tiling=true",),
    "im2col": ("--iree-global-opt-use-im2col-for-convs",),
}
START_SECONDS = 900  # for a peer to compile and pack, beside what it may tune
SAMPLE_SECONDS = 300


class NotMeasured(Exception):
    """A contestant cannot take part; the text says why."""


@dataclasses.dataclass(frozen=True)
class Setting:
    """What holds for every contestant of a run."""

    bin: pathlib.Path  # with chameleon-opt and chameleon-bench
    venv: pathlib.Path
    build: pathlib.Path  # for databases and what peers compile
    cores: tuple
    numerics: str = "accurate"
    seconds: float = 60.0
    mode: str = "warm"  # cold: weights leave the caches before each call
    seed: int = 0  # of tuning
    layout: str = "given"  # of LAYOUTS

    @property
    def threads(self):
        """How many threads each contestant uses."""
        return len(self.cores)

    @property
    def seed_suffix(self):
        """Of the files of one seed: another one learns nothing from them."""
        return f"-seed{self.seed}" if self.seed else ""

    def environment(self):
        """Threads as every library asks for them, and an allocator that keeps its pages."""
        variables = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TVM_NUM_THREADS")
        keep = {"MALLOC_MMAP_THRESHOLD_": 1 << 30, "MALLOC_TRIM_THRESHOLD_": 1 << 32, "MALLOC_TOP_PAD_": 1 << 28}
        # The oneDNN of PyPI reaches the CPU through Intel's OpenCL, which has to be found.
        opencl = {"OCL_ICD_FILENAMES": self.venv / "lib" / "libintelocl.so", "ONEDNN_VERBOSE": "none"}
        return {**os.environ, **dict.fromkeys(variables, str(self.threads)),
                **{name: str(value) for name, value in {**keep, **opencl}.items()}}

    def pinned(self, command):
        """The command on the cores of this run."""
        return ["taskset", "-c", ",".join(map(str, self.cores)), *map(str, command)]


def last_words(text):
    """The line of a program's complaints that says most."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if re.search(r"error|expected", line, re.I)]
    return (errors or lines or ["it said nothing"])[0 if errors else -1][:300]


def run(setting, command, seconds, pinned=True, **options):
    """The finished process; raises `NotMeasured` if it is not there, fails or takes too long."""
    name = pathlib.Path(command[0]).name
    command = setting.pinned(command) if pinned else [str(word) for word in command]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, env=setting.environment(),
                              check=False, **options)
    except subprocess.TimeoutExpired:
        raise NotMeasured(f"{name} took more than {seconds:.0f} s") from None
    except FileNotFoundError as error:
        raise NotMeasured(f"there is no {error.filename}") from None
    if done.returncode != 0:
        raise NotMeasured(f"{name} exits with {done.returncode}: {last_words(done.stderr + done.stdout)}")
    return done


def export(setting, case):
    """Writes the module of a case of the suite `exported`, unless an earlier run has, by the same definitions."""
    script, definitions = HERE / "peers" / "export.py", HERE / "peers" / "architectures.py"
    newest = max(path.stat().st_mtime for path in (script, definitions))
    if case.path.exists() and case.path.stat().st_mtime > newest:
        return
    missing = "what exports its module is not installed ({}); run benchmarks/setup.sh torch torch_mlir"
    python = setting.venv / "bin" / "python"
    if not python.exists():
        raise NotMeasured(missing.format(f"there is no {python}"))
    case.path.parent.mkdir(parents=True, exist_ok=True)
    try:
        run(setting, [python, script, case.name, case.path], START_SECONDS, pinned=False)
    except NotMeasured as error:
        if found := re.search(r"No module named \S+", str(error)):
            raise NotMeasured(missing.format(found.group(0))) from None
        raise NotMeasured(f"its module is not exported: {error}") from None


class Contestant:
    """The base: nothing to prepare, nothing to close."""

    def __init__(self, setting: Setting, case: Case, product, names):
        self.setting, self.case, self.names = setting, case, tuple(names)
        self.product, self.version = product, None  # of what runs; the version once it is known

    def start(self):
        """Makes it ready for samples."""

    def sample(self):
        """Milliseconds of one call, by name."""
        raise NotImplementedError

    def close(self):
        """Ends what was started."""


class Chameleon(Contestant):
    """Tunes with a database that stays, applies, and has chameleon-bench time the result beside the default schedules.

    chameleon-bench builds both modules anew for every round.
    """

    SAMPLES = 5

    def __init__(self, setting, case):
        super().__init__(setting, case, "chameleon", (OURS, DEFAULT))
        self.applied = self._file("applied.mlir")
        self.outputs_agree = None
        self.winograd_tasks = None  # for how many tasks Winograd's algorithm was chosen

    def _file(self, ending):
        setting = self.setting
        marks = ("-cold" if setting.mode == "cold" else "") + ("-last" if setting.layout == "channels-last" else "")
        key = f"{setting.numerics}-{setting.threads}{marks}{setting.seed_suffix}"
        return setting.build / "tuned" / f"{self.case.name}.{key}.{ending}"

    def start(self):
        """Tunes, or takes what an earlier run found with the same program in as many seconds or more."""
        if self.case.suite == "exported":
            export(self.setting, self.case)
        tuned, stamp = self._file("mlir"), self._file("stamp.json")
        opt = self.setting.bin / "chameleon-opt"
        sources = [opt.stat().st_mtime, self.case.path.stat().st_mtime]
        known = json.loads(stamp.read_text()) if stamp.exists() and self.applied.exists() else {}
        if known.get("sources") != sources or known.get("seconds", 0) < self.setting.seconds:
            self._tune(opt, tuned)
            stamp.write_text(json.dumps({"sources": sources, "seconds": self.setting.seconds}))
        self.winograd_tasks = tuned.read_text().count('algorithm = "winograd"')

    def _tune(self, opt, tuned):
        setting = self.setting
        tuned.parent.mkdir(parents=True, exist_ok=True)
        if setting.seed:  # from nothing, whatever an earlier run has left
            for leftover in tuned.parent.glob(self._database().name + "*"):
                leftover.unlink()
        options = {"budget-seconds": f"{setting.seconds:g}", "seed": setting.seed, "database": self._database(),
                   "numerics": setting.numerics, "threads": setting.threads}
        if self.case.kind != "network":  # of networks the tuner knows best how their weights are found
            options["measure-mode"] = setting.mode
        pairs = " ".join(f"{name}={value}" for name, value in options.items())
        source = self.case.path
        if setting.layout == "channels-last":
            source = self._file("source.mlir")
            run(setting, [opt, self.case.path, "--chameleon-channels-last", "-o", source], 600, pinned=False)
        # Not pinned: a core beside the measured one builds candidates.
        limit = setting.seconds * 2 + 600
        run(setting, [opt, source, f"--auto-tune={pairs}", "-o", tuned], limit, pinned=False)
        run(setting, [opt, tuned, f"--chameleon-apply=threads={setting.threads}", "-o", self.applied], 600, pinned=False)

    def _database(self):
        """That of all cases, which learn from each other; with a seed one of its own."""
        return self._file("db") if self.setting.seed else self.setting.build / "tune.db"

    def _bench(self, baseline, samples):
        command = [self.setting.bin / "chameleon-bench", self.case.path, self.applied, "--json",
                   f"--baseline={baseline}", f"--samples={samples}", f"--threads={self.setting.threads}",
                   f"--measure-mode={self.setting.mode}"]
        return json.loads(run(self.setting, command, 1200).stdout)

    def sample(self):
        """Ours and the default, which take turns inside chameleon-bench."""
        report = self._bench("default", self.SAMPLES)
        self.outputs_agree = report["outputs_agree"]
        return {OURS: report["after"]["median_ms"], DEFAULT: report["before"]["median_ms"]}

    def naive_ms(self):
        """Plain loops, once."""
        return self._bench("naive", 3)["before"]["median_ms"]


class Served(Contestant):
    """A process that stays and takes a sample for each line it is sent (peers/sampling.py)."""

    def __init__(self, setting, case, product, name, command, start_seconds=START_SECONDS, pins_itself=False):
        super().__init__(setting, case, product, (name,))
        self.command = [str(word) for word in command] if pins_itself else setting.pinned(command)
        self.program, self.start_seconds, self.process, self.rest = command[0], start_seconds, None, b""
        self.log = setting.build / "logs" / f"{case.name}.{name}.txt"

    def start(self):
        """Waits until the process is ready."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if not pathlib.Path(self.program).exists():
            raise NotMeasured(f"not installed (there is no {self.program}); run benchmarks/setup.sh")
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE,
                                            stdout=subprocess.PIPE, stderr=log, env=self.setting.environment())
        end = time.monotonic() + self.start_seconds
        while not (answer := self._line(end - time.monotonic())).startswith(("ready", "error")):
            pass  # what libraries print on their own
        word, _, text = answer.partition(" ")
        if word == "error":
            raise NotMeasured(f"not installed ({text}); run benchmarks/setup.sh" if "No module named" in text else text)
        self.version = text

    def sample(self):
        """One answer of the process."""
        self.process.stdin.write(b"sample\n")
        self.process.stdin.flush()
        return {self.names[0]: float(self._line(SAMPLE_SECONDS))}

    def _line(self, seconds):
        end = time.monotonic() + seconds
        while b"\n" not in self.rest:
            ready, _, _ = select.select([self.process.stdout], [], [], max(0, end - time.monotonic()))
            if not ready:
                raise NotMeasured(f"no answer in {seconds:.0f} s (see {self.log})")
            read = os.read(self.process.stdout.fileno(), 65536)
            if not read:
                words = last_words(self.log.read_text(errors="replace"))
                raise NotMeasured(f"it ended with exit code {self.process.wait()}: {words}")
            self.rest += read
        line, _, self.rest = self.rest.partition(b"\n")
        return line.decode(errors="replace").strip()

    def close(self):
        """Ends the process."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process.stdin.close()
            self.process.stdout.close()


class Iree(Contestant):
    """Compiles once for each kind of options; iree-benchmark-module is started for every sample, and times itself."""

    def __init__(self, setting, case, variant):
        super().__init__(setting, case, "iree", (f"iree_{variant}",))
        self.options = IREE_VARIANTS[variant]
        self.module = setting.build / "iree" / f"{case.name}.{variant}.vmfb"

    def start(self):
        """Compiles, unless an earlier run has."""
        self.version = self._version()
        stamp = self.module.with_suffix(".version")
        known = stamp.read_text() if stamp.exists() and self.module.exists() else None
        if known == self.version and self.module.stat().st_mtime > self.case.path.stat().st_mtime:
            return
        self.module.parent.mkdir(parents=True, exist_ok=True)
        run(self.setting, [self._tool("iree-compile"), self.case.path, "--iree-hal-target-device=local",
                           "--iree-hal-local-target-device-backends=llvm-cpu", "--iree-llvmcpu-target-cpu=host",
                           *self.options, "-o", self.module], START_SECONDS, pinned=False)
        stamp.write_text(self.version)

    def sample(self):
        """The median of 5 repetitions of google-benchmark, each of at least 4 ms of calls."""
        device = ["--device=local-sync"]
        if self.setting.threads > 1:
            device = ["--device=local-task", f"--task_topology_group_count={self.setting.threads}"]
        value = 1 if self.case.element.startswith("i") else 0.01
        inputs = [f"--input={argument}={value}" for argument in self.case.arguments]
        done = run(self.setting, [self._tool("iree-benchmark-module"), f"--module={self.module}", "--function=main",
                                  "--benchmark_format=json", "--benchmark_repetitions=5",
                                  "--benchmark_min_time=0.004s", *device, *inputs], SAMPLE_SECONDS)
        runs = json.loads(done.stdout[done.stdout.index("{"):])["benchmarks"]
        result = next(one for one in runs if one.get("aggregate_name") == "median")
        scale = {"ns": 1e-6, "us": 1e-3, "ms": 1.0, "s": 1e3}[result["time_unit"]]
        return {self.names[0]: result["real_time"] * scale}

    def _tool(self, name):
        path = self.setting.venv / "bin" / name
        if not path.exists():
            raise NotMeasured("not installed; run benchmarks/setup.sh iree")
        return path

    def _version(self):
        text = run(self.setting, [self._tool("iree-compile"), "--version"], 60, pinned=False).stdout
        found = re.search(r"IREE compiler version (\S+)", text)
        return found.group(1) if found else "unknown"


def host_cpu_name(setting):
    """The processor as LLVM names it."""
    for llc in ("llc-22", "llc"):
        try:
            text = run(setting, [llc, "--version"], 30, pinned=False).stdout
            return re.search(r"Host CPU: (\S+)", text).group(1)
        except (NotMeasured, AttributeError):
            pass
    return "x86-64-v3"


def _onednn(setting, case):
    for library in ("onednn", "onednn_debian"):
        driver = setting.venv / "bin" / f"chameleon-{library.replace('_', '-')}"
        for variant in ONEDNN_VARIANTS:
            command = [driver, variant, setting.threads, setting.mode, case.element, *case.words]
            yield Served(setting, case, library, f"{library}_{variant}", command)


def _openblas(setting, case):
    if case.kind == "matmul" and case.element == "f32":
        yield Served(setting, case, "openblas", "openblas", _python(setting, "openblas.py", *case.words[1:]))


def _torch(setting, case):
    for variant in TORCH_VARIANTS:
        if variant == "channels_last" and not case.takes_images:
            continue
        norms = "folded" if case.suite == "networks" else "given"
        command = _python(setting, "torch_networks.py", norms, case.name, variant, setting.threads)
        yield Served(setting, case, "torch", f"torch_{variant}", command)


def _iree(setting, case):
    for variant in IREE_VARIANTS:
        if variant != "im2col" or case.kind == "conv" or case.takes_images:
            yield Iree(setting, case, variant)


def _metaschedule(setting, case):
    if case.element != "f32":
        return
    folder = (setting.build / "metaschedule" /
              f"{case.name}.{setting.threads}.{setting.seconds:g}s{setting.seed_suffix}")
    cores = ",".join(map(str, setting.cores))
    command = _python(setting, "metaschedule.py", folder, setting.seconds, setting.seed, cores,
                      host_cpu_name(setting), *case.words)
    yield Served(setting, case, "metaschedule", "metaschedule", command, START_SECONDS + setting.seconds,
                 pins_itself=True)


def _python(setting, script, *words):
    return [setting.venv / "bin" / "python", HERE / "peers" / script, *words]


_MAKERS = {"onednn": _onednn, "openblas": _openblas, "torch": _torch, "iree": _iree, "metaschedule": _metaschedule}


def peers_of(setting, case, peers):
    """The contestants that these peers send to a case."""
    return [contestant for peer in peers for contestant in _MAKERS[peer](setting, case)]
