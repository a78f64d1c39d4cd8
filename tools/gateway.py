"""The benchmark `tools/bench gateway`."""
import json, os, re, socket, subprocess, time
from typing import Any

from measuring import ROOT, ROUNDS, SECONDS, Programs, median, print_table, stop

CONNECTIONS = [1, 16, 64]
WAYS = ["direct", "nginx", "gateway"]
FIGURES = ["per_second", "p50_us", "p99_us"]
STARTED = 10  # seconds that nginx may take until it listens

NGINX = """
daemon off;
worker_processes auto;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    upstream echo {{
        server 127.0.0.1:{echo};
        keepalive 64;
        keepalive_requests 1000000000;
    }}
    server {{
        listen 127.0.0.1:{port};
        keepalive_requests 1000000000;
        location / {{
            proxy_pass http://echo;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
        }}
    }}
}}
"""


def start_nginx(programs: Programs, echo: str) -> tuple[subprocess.Popen[bytes], str]:
    """Starts nginx before the echo; it and its port."""
    subprocess.run([os.path.join(ROOT, "tools/setup"), "nginx"], check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = os.path.join(programs.folder, "nginx")
    os.mkdir(folder)
    file = os.path.join(folder, "nginx.conf")
    with open(file, "w") as f:
        f.write(NGINX.format(folder=folder, echo=echo, port=port))
    server = subprocess.Popen(["/usr/sbin/nginx", "-p", folder, "-e", os.path.join(folder, "nginx.log"), "-c", file])
    until = time.monotonic() + STARTED
    while time.monotonic() < until and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return server, str(port)
        except OSError:
            time.sleep(0.05)
    server.kill()
    raise SystemExit(f"tools/bench: nginx does not listen on port {port}")


def start_gateway(programs: Programs, echo: str) -> tuple[Any, str, str]:
    """Starts daybook with the echo as its service; it, its port and a token."""
    ledger = programs.make_ledger("gateway")
    service = {"base": f"http://127.0.0.1:{echo}", "auth": "none", "allow_private": True}
    with open(os.path.join(ledger, "daybook.yaml"), "w") as f:  # JSON is YAML, too
        json.dump({"origin": "bench.example/log", "services": {"echo": service}}, f)
    printed = programs.run(programs.daybook, "tokens", "create", "bench", "--role", "gateway", "--ledger", ledger)
    token = re.search(r"dbk_[A-Za-z0-9_-]+", printed)
    if token is None:
        raise SystemExit("tools/bench: daybook tokens create prints no token")
    server, port = programs.serve(ledger, "--no-access-log")
    return server, port, token[0]


def gateway(programs: Programs) -> None:
    echo, echo_port = programs.start(programs.bench, "echo", "0")
    servers: list[subprocess.Popen[Any]] = [echo]
    try:
        nginx, nginx_port = start_nginx(programs, echo_port)
        servers.append(nginx)
        daybook, daybook_port, token = start_gateway(programs, echo_port)
        servers.append(daybook)
        targets = {"direct": (echo_port, "/v1/orders"), "nginx": (nginx_port, "/v1/orders"),
                   "gateway": (daybook_port, "/out/echo/v1/orders", "--token", token)}
        results: dict[str, dict[int, list[Any]]] = {way: {n: [] for n in CONNECTIONS} for way in WAYS}
        for connections in CONNECTIONS:
            for _ in range(ROUNDS):
                for way in WAYS:
                    results[way][connections].append(programs.measure(
                        "call", "127.0.0.1", *targets[way], "--connections", str(connections), "--seconds", str(SECONDS)))
    finally:
        for server in servers:
            stop(server)
    print_gateway(results)


def print_gateway(results: dict[str, dict[int, list[Any]]]) -> None:
    version = subprocess.run(["/usr/sbin/nginx", "-v"], stderr=subprocess.PIPE, text=True).stderr.split("/")[-1].strip()
    print(f"gateway: POST of 1 KB, answered with 1 KB, through nginx {version} and the gateway; {ROUNDS} rounds of {SECONDS} s")
    rows = []
    for connections in CONNECTIONS:
        figures = {way: [median(results[way][connections], name) for name in FIGURES] for way in WAYS}
        direct, nginx, ours = (figures[way] for way in WAYS)
        rows.append([str(connections)] + [f"{figure:,.0f}" for way in WAYS for figure in figures[way]]
                    + [f"{nginx[1] - direct[1]:,.0f}", f"{ours[1] - direct[1]:,.0f}", f"{ours[0] / nginx[0]:.1%}"])
    header = [name for way in WAYS for name in (f"{way} req/s", "p50 us", "p99 us")]
    print_table(["connections", *header, "nginx adds p50 us", "gateway adds", "of nginx's rate"], rows)
    for way in WAYS:
        wrong = sum(count for rounds in results[way].values() for result in rounds
                    for status, count in result["statuses"].items() if status != "200")
        if wrong:
            print(f"WRONG: {wrong:,} of the answers by way of {way} were not 200")
    print("the gateway has every call on disk before it is sent and when it is answered: it has no other mode\n"
          "no floor is defined\n", flush=True)
