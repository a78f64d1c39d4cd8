"""The simulated provider that tools/provider serves."""
import argparse, asyncio, collections, dataclasses, hashlib, json, random, re, signal, socket, struct, time, urllib.parse
from typing import Any

UNITS = {"ms": 1_000, "s": 1_000_000, "m": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000}  # microseconds
MINUTE, DAY = UNITS["m"], UNITS["d"]
REASONS = {200: "OK", 201: "Created", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 429: "Too Many Requests",
           500: "Internal Server Error"}


class Clock:
    """Microseconds of Unix time that go forward whatever is done to the machine's clock; no two readings are the same."""

    def __init__(self) -> None:
        self.offset, self.last = time.time_ns() - time.monotonic_ns(), 0

    def now(self) -> int:
        self.last = max(self.last + 1, (time.monotonic_ns() + self.offset) // 1000)
        return self.last


class Window:
    """So many arrivals in a time, counted in the window that slides and in the one aligned to the clock."""

    def __init__(self, notation: str) -> None:
        found = re.fullmatch(r"(\d+)/(\d*)(ms|s|m|h|d)", notation)
        if found is None:
            raise argparse.ArgumentTypeError(f"{notation}: a limit is such as 100/1s or 5000/1d")
        self.notation, self.count, self.length = notation, int(found[1]), int(found[2] or 1) * UNITS[found[3]]
        self.forget()

    def forget(self) -> None:
        self.recent: collections.deque[int] = collections.deque()
        self.period, self.in_period = -1, 0

    def arrive(self, now: int) -> list[str]:
        """Counts an arrival; which of the two it goes beyond."""
        self.recent.append(now)
        while self.recent[0] <= now - self.length:
            self.recent.popleft()
        if now // self.length != self.period:
            self.period, self.in_period = now // self.length, 0
        self.in_period += 1
        return [f"{self.notation} {kind}" for kind, seen in (("sliding", len(self.recent)), ("aligned", self.in_period))
                if seen > self.count]

    def remaining(self) -> int:
        return max(0, self.count - max(len(self.recent), self.in_period))

    def wait(self, now: int) -> int:
        """Microseconds after the newest arrival, at `now`, until one more goes beyond nothing."""
        slides = self.recent[-self.count] + self.length - now if len(self.recent) >= self.count else 0
        aligned = (self.period + 1) * self.length - now if self.in_period >= self.count else 0
        return max(slides, aligned)


@dataclasses.dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @staticmethod
    def read(buffer: bytearray) -> "Request | None":
        """Takes a whole request off the buffer; ValueError if it is none."""
        end = buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        first, *lines = buffer[:end].decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        if "transfer-encoding" in headers:
            raise ValueError("a body without Content-Length")
        whole = end + 4 + int(headers.get("content-length", 0))
        if len(buffer) < whole:
            return None
        body = bytes(buffer[end + 4:whole])
        del buffer[:whole]
        return Request(method, target.partition("?")[0], headers, body)


@dataclasses.dataclass
class Answer:
    status: int
    body: bytes
    headers: dict[str, str] = dataclasses.field(default_factory=dict)

    def head(self) -> bytes:
        headers = {"Content-Type": "application/json", "Content-Length": str(len(self.body)), **self.headers}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"HTTP/1.1 {self.status} {REASONS[self.status]}\r\n{lines}\r\n".encode()


def as_json(status: int, value: Any) -> Answer:
    return Answer(status, json.dumps(value).encode() + b"\n")


def problem(status: int, kind: str, message: str) -> Answer:
    return as_json(status, {"error": {"type": kind, "message": message}})


@dataclasses.dataclass
class Seen:
    """An arrival in the record."""
    n: int
    arrival_us: int
    method: str
    path: str
    key: str | None
    sha256: str  # of the request's body
    headers: dict[str, str]  # those of deliveries
    exceeded: list[str]
    did: str = "answered"  # refused, error, reset, lost, slow
    status: int | None = None  # absent if there was no answer
    done: bool = False  # whether the work was done, now
    repeat_of: int | None = None
    ended_us: int | None = None


class Provider:
    def __init__(self, settings: argparse.Namespace) -> None:
        self.settings, self.clock, self.chance = settings, Clock(), random.Random(settings.seed)
        self.in_flight = 0
        self.forget()

    def forget(self) -> None:
        self.record: list[Seen] = []
        self.kept: dict[str, tuple[Request, int, Answer]] = {}
        self.intents: dict[str, dict[str, Any]] = {}
        for window in self.settings.limit:
            window.forget()

    def arrive(self, request: Request) -> tuple[Seen, Answer]:
        now = self.clock.now()
        self.in_flight += 1
        exceeded = [text for window in self.settings.limit for text in window.arrive(now)]
        if self.settings.concurrent and self.in_flight > self.settings.concurrent:
            exceeded.append(f"{self.settings.concurrent} at once")
        kept = {name: value for name, value in request.headers.items() if name.startswith(("ce-", "webhook-"))}
        seen = Seen(len(self.record), now, request.method, request.path, request.headers.get("idempotency-key"),
                    hashlib.sha256(request.body).hexdigest(), kept, exceeded)
        self.record.append(seen)
        answer = self.respond(request, seen)
        seen.status = None if seen.did in ("reset", "lost") else answer.status
        answer.headers.update(self.own_headers(seen))
        return seen, answer

    def respond(self, request: Request, seen: Seen) -> Answer:
        if seen.exceeded:
            seen.did = "refused"
            return self.refusal(seen)
        token = self.settings.token
        if token and request.headers.get("authorization") != f"Bearer {token}":
            seen.did = "refused"
            return problem(401, "invalid_request_error", "no such key")
        seen.did = self.mishap()
        if seen.did in ("reset", "error"):
            return problem(500, "api_error", "simulated")
        return self.work(request, seen)

    def mishap(self) -> str:
        draw, options = self.chance.random(), self.settings
        for name, share in (("error", options.errors), ("reset", options.resets), ("lost", options.lost),
                            ("slow", options.slow)):
            if draw < share:
                return name
            draw -= share
        return "answered"

    def refusal(self, seen: Seen) -> Answer:
        answer = problem(429, "rate_limit_error", f"beyond {', '.join(seen.exceeded)}")
        if self.chance.random() >= self.settings.mute:
            wait = max((window.wait(seen.arrival_us) for window in self.settings.limit), default=0)
            answer.headers["Retry-After"] = str(max(1, -(-wait // UNITS["s"])))
        return answer

    def work(self, request: Request, seen: Seen) -> Answer:
        if seen.key is None or seen.key not in self.kept:
            seen.done = True
            answer = self.result(request, seen.n)
            if seen.key:
                self.kept[seen.key] = request, seen.n, dataclasses.replace(answer, headers={"Idempotent-Replayed": "true"})
            return answer
        first, n, answer = self.kept[seen.key]
        if (first.method, first.path, first.body) != (request.method, request.path, request.body):
            return problem(400, "idempotency_error", f"the key {seen.key} was used for another request")
        seen.repeat_of = n
        return dataclasses.replace(answer, headers=dict(answer.headers))

    def result(self, request: Request, n: int) -> Answer:
        collection, _, id = request.path.partition("/v1/payment_intents")
        if collection or request.method not in ("GET", "POST"):
            return as_json(200, {"id": f"sim_{n}", "object": "simulated", "path": request.path, "bytes": len(request.body)})
        if request.method == "POST" and not id:
            return as_json(200, self.intent(dict(urllib.parse.parse_qsl(request.body.decode())), n))
        if found := self.intents.get(id[1:]):
            return as_json(200, found)
        return problem(404, "invalid_request_error", f"no payment intent {id[1:]}")

    def intent(self, fields: dict[str, str], n: int) -> dict[str, Any]:
        metadata = {name[9:-1]: value for name, value in fields.items() if name.startswith("metadata[")}
        id = f"pi_sim{n}"
        made = {"id": id, "object": "payment_intent", "amount": int(fields.get("amount", 0)),
                "currency": fields.get("currency", "eur"), "created": int(time.time()), "livemode": False,
                "metadata": metadata, "status": "requires_payment_method", "client_secret": f"{id}_secret_sim"}
        self.intents[id] = made
        return made

    def own_headers(self, seen: Seen) -> dict[str, str]:
        """What the provider that is simulated says beside its answers."""
        if self.settings.style == "stripe":
            return {"Request-Id": f"req_{seen.n}"}
        if self.settings.style != "xero":
            return {}
        names = {MINUTE: "X-MinLimit-Remaining", DAY: "X-DayLimit-Remaining"}
        headers = {names[window.length]: str(window.remaining()) for window in self.settings.limit if window.length in names}
        if seen.exceeded:
            words = {DAY: "day", MINUTE: "minute"}
            beyond = [window for window in self.settings.limit if f"{window.notation} " in " ".join(seen.exceeded)]
            headers["X-Rate-Limit-Problem"] = words.get(beyond[0].length, "minute") if beyond else "concurrent"
        return {"Xero-Correlation-Id": f"sim-{seen.n}", **headers}

    def lines(self) -> bytes:
        return b"".join(json.dumps(dataclasses.asdict(seen)).encode() + b"\n" for seen in self.record)


class Connection(asyncio.Protocol):
    """Answers the requests of one connection, one after the other."""

    def __init__(self, provider: Provider) -> None:
        self.provider, self.buffer = provider, bytearray()
        self.current: Seen | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self.end()

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if self.current is None:
            self.take()

    def take(self) -> None:
        try:
            request = Request.read(self.buffer)
        except ValueError:
            self.transport.abort()
            return
        if request is None:
            return
        if request.path.startswith("/_sim/"):
            self.administer(request)
            return
        self.current, answer = self.provider.arrive(request)
        if self.current.did == "reset":
            self.reset()
        else:
            delay = self.provider.chance.uniform(0, self.provider.settings.latency)
            asyncio.get_running_loop().call_later(delay, self.respond, answer, request.method)

    def administer(self, request: Request) -> None:
        if request.path == "/_sim/record":
            answer = Answer(200, self.provider.lines(), {"Content-Type": "application/x-ndjson"})
        else:
            self.provider.forget()
            answer = as_json(200, {})
        self.transport.write(answer.head() + answer.body)

    def respond(self, answer: Answer, method: str) -> None:
        if self.current is None:
            return
        body = b"" if method == "HEAD" else answer.body
        if self.current.did == "lost":
            self.reset()
        elif self.current.did == "slow":
            half = len(body) // 2
            self.transport.write(answer.head() + body[:half])
            asyncio.get_running_loop().call_later(self.provider.settings.slow_seconds, self.finish, body[half:])
        else:
            self.finish(answer.head() + body)

    def finish(self, rest: bytes) -> None:
        if self.current is None:
            return
        # Before it is written: whoever has the answer may send the next request at once.
        self.end()
        self.transport.write(rest)
        if self.buffer:
            self.take()

    def end(self) -> None:
        if self.current is not None:
            self.current.ended_us = self.provider.clock.now()
            self.provider.in_flight -= 1
            self.current = None

    def reset(self) -> None:
        self.end()
        connection = self.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()


async def serve(settings: argparse.Namespace) -> None:
    loop, provider, stopped = asyncio.get_running_loop(), Provider(settings), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    server = await loop.create_server(lambda: Connection(provider), "127.0.0.1", settings.port, backlog=1024)
    limits = [window.notation for window in settings.limit] + [f"{settings.concurrent} at once"] * bool(settings.concurrent)
    print(f"simulating a provider at http://127.0.0.1:{server.sockets[0].getsockname()[1]} "
          f"({', '.join(limits) or 'without limits'}, seed {settings.seed})", flush=True)
    await stopped.wait()
