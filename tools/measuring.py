"""What the benchmarks of tools/bench share: the machine, the programs that are measured, and tables."""
import json, os, platform, re, statistics, subprocess, sys, tempfile, time
from typing import Any

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROUNDS = 3
SECONDS = 3


# The machine

def processor() -> str:
    with open("/proc/cpuinfo") as f:
        names = [line.split(":", 1)[1].strip() for line in f if line.startswith("model name")]
    return names[0] if names else platform.machine()


def sync_latency(folder: str) -> tuple[float, float]:
    """Microseconds of appending 4 KiB and fdatasync: median and 99th percentile of 300."""
    path, times = os.path.join(folder, "sync"), []
    file = os.open(path, os.O_WRONLY | os.O_CREAT)
    for _ in range(300):
        start = time.perf_counter()
        os.write(file, bytes(4096))
        os.fdatasync(file)
        times.append((time.perf_counter() - start) * 1e6)
    os.close(file)
    os.remove(path)
    times.sort()
    return times[150], times[297]


def print_machine(folder: str) -> None:
    median, slow = sync_latency(folder)
    kind = subprocess.run(["df", "--output=fstype", folder], stdout=subprocess.PIPE, text=True).stdout.split()[-1]
    print(f"machine  {processor()}, {len(os.sched_getaffinity(0))} cores, Linux {platform.release()}, "
          f"load {os.getloadavg()[0]:.1f}")
    print(f"disk     {kind}, append of 4 KiB and fdatasync: p50 {median:.0f} us, p99 {slow:.0f} us\n", flush=True)


# The programs

class Programs:
    """The release of both programs, and a folder on the checkout's disk that goes away afterwards."""

    def __init__(self, daybook: str, bench: str) -> None:
        self.daybook, self.bench = daybook, bench
        os.makedirs(os.path.join(ROOT, ".build"), exist_ok=True)
        self.folder = tempfile.mkdtemp(prefix="bench-", dir=os.path.join(ROOT, ".build"))
        self.environment = dict(os.environ, XDG_STATE_HOME=os.path.join(self.folder, "state"))

    def run(self, *command: str, ok: tuple[int, ...] = (0,)) -> str:
        done = subprocess.run(command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode not in ok:
            raise SystemExit(f"tools/bench: {' '.join(command[:2])} ended with {done.returncode}: {done.stderr.strip()}")
        return done.stdout

    def measure(self, *arguments: str) -> Any:
        return json.loads(self.run(self.bench, *arguments))

    def make_ledger(self, name: str) -> str:
        path = os.path.join(self.folder, name)
        self.run(self.daybook, "init", "--origin", "bench.example/log", "--ledger", path)
        return path

    def start(self, *command: str) -> tuple["subprocess.Popen[str]", str]:
        """Starts a server; gives it and the port that its first line names."""
        server = subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        found = re.search(r"http://[^ ]+:(\d+)", server.stdout.readline() if server.stdout else "")
        if found is None:
            raise SystemExit(f"tools/bench: {' '.join(command[:2])} does not say where it listens")
        return server, found.group(1)

    def serve(self, ledger: str, *options: str) -> tuple["subprocess.Popen[str]", str]:
        return self.start(self.daybook, "serve", "--listen", "127.0.0.1:0", "--ledger", ledger, *options)


def build() -> None:
    """Builds both programs as tools/run does, so that neither has to be built again for the other."""
    subprocess.run([os.path.join(ROOT, "tools/setup"), "openssl"], check=True)
    print("building the release (a few minutes the first time)", file=sys.stderr, flush=True)
    for product in ("daybook", "bench"):
        subprocess.run(["swift", "build", "-c", "release", "--product", product, "--static-swift-stdlib", "-Xlinker", "-s",
                        "--quiet"], cwd=ROOT, check=True)


def stop(server: "subprocess.Popen[Any]") -> None:
    server.terminate()
    server.wait()


# Output

def median(results: list[Any], name: str) -> float:
    return float(statistics.median(result[name] for result in results))


def print_table(header: list[str], rows: list[list[str]]) -> None:
    widths = [max(len(row[i]) for row in [header] + rows) for i in range(len(header))]
    for row in [header] + rows:
        print("  ".join(cell.rjust(width) for cell, width in zip(row, widths)))


def verdict(name: str, ratio: float, floor: float) -> None:
    word = "PASS" if ratio >= floor else "BELOW FLOOR"
    print(f"{word}: {name} {ratio:.1%}, floor {floor:.0%}\n", flush=True)


def verdict_of_time(name: str, milliseconds: float, floor: float) -> None:
    word = "PASS" if milliseconds <= floor else "BELOW FLOOR"
    print(f"{word}: {name} {milliseconds:.1f} ms, floor {floor} ms", flush=True)
