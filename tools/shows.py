"""What the shows share: a ledger in a temporary folder, and `daybook serve` beside simulated providers."""
import argparse, http.client, json, os, re, shutil, signal, subprocess, sys, tempfile
from typing import Any

from packages import stop

HERE = os.path.dirname(os.path.abspath(__file__))
Row = dict[str, Any]


def parse(parser: argparse.ArgumentParser) -> argparse.Namespace:
    """Reads the command line, which names the program, too."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--daybook", metavar="PATH", default=os.path.join(HERE, "daybook"),
                        help="the program; default: the release that tools/run builds")
    arguments = parser.parse_args()
    arguments.daybook = os.path.abspath(arguments.daybook)
    return arguments


class Server:
    """A process that says in its first line where it listens."""

    def __init__(self, command: list[str], environment: dict[str, str], log: str) -> None:
        with open(log, "a") as errors:
            self.process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True)
        assert self.process.stdout is not None
        found = re.search(r"http://[^ ]+:(\d+)", self.process.stdout.readline())
        if found is None:
            self.process.kill()
            with open(log) as errors:
                stop(f"{command[0]} does not serve: {errors.read().strip()}")
        self.port = int(found[1])

    def stop(self) -> int:
        """The exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


class Provider(Server):
    """A simulated provider."""

    def record(self) -> list[Row]:
        """What it saw, in order."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", "/_sim/record")
        lines = connection.getresponse().read().splitlines()
        connection.close()
        return [json.loads(line) for line in lines]


class Show:
    """A ledger, its configuration, and all processes around it; gone at the end."""

    def __init__(self, name: str, daybook: str) -> None:
        self.name, self.daybook = name, daybook
        self.folder = tempfile.mkdtemp(prefix=f"daybook-{name}-")
        self.path = os.path.join(self.folder, "ledger")
        self.environment = dict(os.environ, XDG_STATE_HOME=os.path.join(self.folder, "state"))
        self.servers: list[Server] = []

    def __enter__(self) -> "Show":
        self.run("init", "--origin", f"{self.name}.example/log")
        return self

    def __exit__(self, *_: object) -> None:
        for server in self.servers:
            if server.process.poll() is None:
                server.kill()
        shutil.rmtree(self.folder)

    def configure(self, **sections: Any) -> None:
        """Writes daybook.yaml: JSON is YAML, too."""
        with open(os.path.join(self.path, "daybook.yaml"), "w") as f:
            json.dump({"origin": f"{self.name}.example/log", **sections}, f, indent=2)

    def run_bytes(self, *arguments: str, ok: tuple[int, ...] = (0,)) -> bytes:
        command = [self.daybook, *arguments, "--ledger", self.path]
        try:
            done = subprocess.run(command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        except OSError as error:
            stop(f"cannot run {self.daybook}: {error.strerror}; tools/run builds it, --daybook names another")
        if done.returncode not in ok:
            said = (done.stderr + done.stdout).decode().strip()
            stop(f"daybook {' '.join(arguments[:3])} ended with {done.returncode}: {said}")
        return done.stdout

    def run(self, *arguments: str, ok: tuple[int, ...] = (0,)) -> str:
        return self.run_bytes(*arguments, ok=ok).decode()

    def rows(self, *arguments: str) -> list[Row]:
        return [json.loads(line) for line in self.run(*arguments, "--format", "ndjson").splitlines()]

    def token(self, name: str, role: str) -> str:
        """Makes a token: what the command prints that looks like one."""
        printed = self.run("tokens", "create", name, "--role", role)
        found = re.search(r"dbk_[A-Za-z0-9_-]+", printed)
        if found is None:
            stop(f"daybook tokens create prints no token: {printed.strip()}")
        return found[0]

    def serve(self, port: int = 0) -> Server:
        server = Server([self.daybook, "serve", "--no-access-log", "--listen", f"127.0.0.1:{port}", "--ledger", self.path],
                        self.environment, os.path.join(self.folder, "serve.log"))
        self.servers.append(server)
        return server

    def provider(self, *options: str) -> Provider:
        provider = Provider([sys.executable, os.path.join(HERE, "provider"), *options], self.environment,
                            os.path.join(self.folder, "provider.log"))
        self.servers.append(provider)
        return provider

    def holds(self, secret: str) -> bool:
        """Whether the log's file has the text in it anywhere."""
        with open(os.path.join(self.path, "log/data.mdb"), "rb") as f:
            return secret.encode() in f.read()


class Checks:
    """What must hold; each is printed."""

    def __init__(self) -> None:
        self.wrong = 0

    def check(self, holds: bool, text: str) -> None:
        print(f"{'PASS' if holds else 'FAIL'}  {text}", flush=True)
        self.wrong += not holds

    def none(self, problems: list[str], text: str) -> None:
        """Nothing of a list may be there; the first few of it are printed."""
        self.check(not problems, f"{text}: {len(problems):,}")
        for problem in problems[:5]:
            print(f"        {problem}")
