"""What a running server tells of its traffic: by 'hostelry top', by 'hostelry requests', and to Prometheus."""

import contextlib
import fcntl
import json
import os
import pty
import re
import select
import shutil
import signal
import socket
import struct
import subprocess
import termios
import time
import unittest

import open_metrics
from instance import BINARIES, PATIENCE, Instance, free_port, wait_until


class Monitored(unittest.TestCase):
    def instance(self, metrics=None, **named):
        instance = Instance(**named)
        self.addCleanup(instance.clean)
        if metrics:
            self.set_address(instance, metrics)
        return instance

    def set_address(self, instance, address):
        text = instance.configuration.read_text()
        text = re.sub(r"\s*<log metricsAddress.*?/>", "", text)
        if address:
            text = text.replace("<applicationPools>", f'<log metricsAddress="{address}"/>\n<applicationPools>', 1)
        instance.configuration.write_text(text)

    def command(self, instance, *arguments, status=0):
        result = subprocess.run(
            [BINARIES / "hostelry", *arguments, "--state", instance.state], text=True, capture_output=True,
            stdin=subprocess.DEVNULL, timeout=PATIENCE)
        self.assertEqual(result.returncode, status, result.stderr)
        return result.stdout if status == 0 else result.stderr

    def metrics(self, instance):
        """The answer of the control operation."""
        with socket.socket(socket.AF_UNIX) as control:
            control.settimeout(PATIENCE)
            control.connect(str(instance.state / "control.sock"))
            control.sendall(b'{"version":1,"operation":"metrics"}\n')
            answer = json.loads(control.makefile().readline())
        self.assertTrue(answer["ok"], answer)
        return answer

    def site(self, instance, name="Main"):
        return next((site for site in self.metrics(instance)["sites"] if site["name"] == name), None)

    def pool(self, instance, name="Main"):
        return next((pool for pool in self.metrics(instance)["pools"] if pool["name"] == name), None)

    def scrape(self, port, path="/metrics", method="GET", data=None):
        """Status, headers and body."""
        request = data or f"{method} {path} HTTP/1.1\r\nHost: metrics\r\n\r\n".encode()
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
            connection.sendall(request)
            return self.answer(connection)

    def answer(self, connection):
        received = b""
        with contextlib.suppress(ConnectionResetError):
            while piece := connection.recv(1 << 16):
                received += piece
        head, _, body = received.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines[1:])
        self.assertEqual(headers.get("connection"), "close", head)
        return int(lines[0].split()[1]), headers, body


class Counting(Monitored):
    def test_every_answer_is_counted_for_its_site_and_its_pool(self):
        instance = self.instance().serve()
        for _ in range(7):
            self.assertEqual(instance.get("/index.html")[0], 200)
        for _ in range(3):
            self.assertEqual(instance.get("/missing.html")[0], 404)
        self.assertIn(b" 400 ", instance.raw(b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n"))
        metrics = self.metrics(instance)
        site, = metrics["sites"]
        self.assertEqual((site["id"], site["name"], site["pools"], site["requests"]), (1, "Main", ["Main"], 10))
        self.assertEqual(site["answers"], {"none": 0, "1xx": 0, "2xx": 7, "3xx": 0, "4xx": 3, "5xx": 0})
        self.assertEqual(sum(count for _, _, count in site["latencies"]), 10)
        self.assertGreater(site["sent"], 7 * len("the page"))
        pool, = metrics["pools"]
        self.assertEqual(pool["traffic"]["answers"], site["answers"])
        self.assertEqual((pool["state"], pool["workers"], pool["queued"], pool["started"]), ("started", 1, 0, 1))
        self.assertGreater(pool["memory"], 0)
        self.assertEqual(metrics["unrouted"]["answers"]["4xx"], 1)
        instance.stop()

    def test_figures_add_up_under_load(self):
        self.assertTrue(shutil.which("wrk"), "this test drives wrk")
        instance = self.instance().serve()
        instance.get("/")
        load = subprocess.run(
            ["wrk", "-t1", "-c8", "-d1s", f"http://127.0.0.1:{instance.port}/"], text=True, capture_output=True,
            timeout=PATIENCE)
        done = int(re.search(r"(\d+) requests in", load.stdout)[1])
        self.assertGreater(done, 0)
        # What is on its way when the load ends is counted, too, with an answer or without.
        wait_until(lambda: self.pool(instance)["inWork"] == 0, "requests are over")
        site = self.site(instance)
        self.assertGreaterEqual(site["requests"], done + 1)
        self.assertLessEqual(site["requests"], done + 1 + 8)
        self.assertGreaterEqual(site["answers"]["2xx"], done + 1)
        self.assertEqual(site["answers"]["5xx"], 0)
        instance.stop()

    def test_a_worker_that_is_killed_and_one_that_is_recycled_are_counted(self):
        instance = self.instance().serve()
        instance.get("/")
        first, = instance.pid("hostelry-worker")
        os.kill(first, signal.SIGKILL)
        instance.event("worker-crashed")
        self.assertEqual(instance.get("/")[0], 200)
        pool = self.pool(instance)
        self.assertEqual((pool["started"], pool["recycled"], pool["crashed"]), (2, 0, 1))
        self.command(instance, "recycle", "Main")
        instance.event("worker-ended")
        pool = self.pool(instance)
        self.assertEqual((pool["started"], pool["recycled"], pool["crashed"]), (3, 1, 1))
        self.assertEqual(self.site(instance)["requests"], 2)
        instance.stop()

    def test_what_a_stopped_pool_refuses_counts_for_its_site(self):
        instance = self.instance().serve()
        self.command(instance, "pool", "stop", "Main")
        for _ in range(4):
            self.assertEqual(instance.get("/")[0], 503)
        self.assertEqual(self.site(instance)["answers"]["5xx"], 4)
        self.assertEqual(self.pool(instance)["traffic"]["answers"]["5xx"], 4)
        self.assertEqual(self.pool(instance)["state"], "stopped")
        instance.stop()

    def test_counts_outlive_a_reload_and_leave_with_their_site(self):
        instance = self.instance()
        instance.configure(instance.site("Main", 1) + instance.site("Other", 2, host="other.test"))
        instance.serve()
        instance.get("/")
        instance.get("/", host="other.test")
        instance.configure(instance.site("Main", 1))
        self.command(instance, "reload")
        instance.get("/")
        self.assertEqual([site["name"] for site in self.metrics(instance)["sites"]], ["Main"])
        self.assertEqual(self.site(instance)["requests"], 2)
        self.assertEqual(self.pool(instance)["traffic"]["requests"], 3)
        instance.stop()

    def test_the_next_master_tells_what_the_router_counted_on(self):
        instance = self.instance().serve()
        instance.get("/")
        instance.die()
        instance.get("/")
        instance.serve()
        self.assertEqual(self.site(instance)["requests"], 2)
        instance.stop()


class Scraping(Monitored):
    def test_prometheus_reads_what_is_counted(self):
        port = free_port()
        instance = self.instance(metrics=f"127.0.0.1:{port}").serve()
        instance.event("metrics-opened")
        instance.get("/")
        instance.get("/missing")
        status, headers, body = self.scrape(port)
        self.assertEqual((status, headers["content-type"]),
                         (200, "application/openmetrics-text; version=1.0.0; charset=utf-8"))
        self.assertEqual(int(headers["content-length"]), len(body))
        families = open_metrics.parse(body)
        requests = families["hostelry_site_requests"]
        self.assertEqual(requests.kind, "counter")
        self.assertEqual(requests.value("_total", site="Main", status="2xx"), 1)
        self.assertEqual(requests.value("_total", site="Main", status="4xx"), 1)
        self.assertEqual(requests.value("_total", site="Main", status="5xx"), 0)
        self.assertAlmostEqual(requests.value("_created", site="Main", status="2xx"), time.time(), delta=PATIENCE)
        latency = families["hostelry_site_request_duration_seconds"]
        self.assertEqual(latency.value("_count", site="Main"), 2)
        self.assertEqual(families["hostelry_pool_workers"].value(pool="Main"), 1)
        self.assertGreater(families["hostelry_pool_memory_bytes"].value(pool="Main"), 0)
        self.assertEqual(families["hostelry_pool_worker_starts"].value("_total", pool="Main"), 1)
        self.assertEqual(families["hostelry_pool_queued_requests"].value(pool="Main"), 0)
        for family in families.values():
            self.assertTrue(family.help, family.name)
        instance.stop()

    def test_names_are_escaped(self):
        port = free_port()
        instance = self.instance()
        instance.configure(instance.site('a }b{ \u00f6', 1), '<add name="Main"/>')
        self.set_address(instance, str(port))
        instance.serve()
        instance.get("/")
        requests = open_metrics.parse(self.scrape(port)[2])["hostelry_site_requests"]
        self.assertEqual(requests.value("_total", site='a }b{ \u00f6', status="2xx"), 1)
        instance.stop()

    def test_anything_but_reading_metrics_is_refused(self):
        port = free_port()
        instance = self.instance(metrics=str(port)).serve()
        self.assertEqual(self.scrape(port, "/")[0], 404)
        status, headers, _ = self.scrape(port, method="DELETE")
        self.assertEqual((status, headers["allow"]), (405, "get, head"))
        self.assertEqual(self.scrape(port, data=b"\x16\x03\x01\x00\xa5")[0], 400)
        self.assertEqual(self.scrape(port, data=b"GET /metrics HTTP/1.1\r\nHost: h\r\nX: " + b"a" * 20000)[0], 400)
        self.assertEqual(
            self.scrape(port, data=b"POST /metrics HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc")[0], 405)
        status, headers, body = self.scrape(port, method="HEAD")
        self.assertEqual((status, body), (200, b""))
        self.assertGreater(int(headers["content-length"]), 100)
        instance.stop()

    def test_silent_clients_keep_nobody_out(self):
        port = free_port()
        instance = self.instance(metrics=str(port)).serve()
        with contextlib.ExitStack() as stack:
            for _ in range(40):
                stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE))
            self.assertEqual(self.scrape(port)[0], 200)
            self.assertEqual(instance.get("/")[0], 200)
        instance.stop()

    def test_clients_that_keep_their_answer_waiting_keep_nobody_out(self):
        port = free_port()
        instance = self.instance(metrics=str(port)).serve()
        instance.event("metrics-opened")
        clients = [socket.create_connection(("127.0.0.1", port), PATIENCE) for _ in range(8)]
        for client in clients:
            self.addCleanup(client.close)
            client.sendall(b"GET /metrics HTTP/1.1\r\nHost: h\r\n\r\n")
        for client in clients:
            # The answer is there, and nobody reads it or ends the conversation.
            select.select([client], [], [], PATIENCE)
        self.assertEqual(self.scrape(port)[0], 200)
        instance.stop()

    def test_a_socket_is_served_and_goes_with_the_server(self):
        instance = self.instance()
        path = instance.path / "metrics.sock"
        self.set_address(instance, f"unix:{path}")
        instance.serve()
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(PATIENCE)
            connection.connect(str(path))
            connection.sendall(b"GET /metrics HTTP/1.0\r\n\r\n")
            self.assertEqual(self.answer(connection)[0], 200)
        instance.stop()
        self.assertFalse(path.exists())

    def test_a_file_in_the_place_of_the_socket_stays(self):
        instance = self.instance()
        path = instance.write("precious", "text")
        self.set_address(instance, f"unix:{path}")
        instance.serve()
        self.assertIn("precious", instance.event("metrics-unavailable")["text"])
        self.assertEqual(path.read_text(), "text")
        instance.stop()

    def test_a_change_of_the_address_is_followed(self):
        instance = self.instance().serve()
        first, second = free_port(), free_port()
        for port in [first, second]:
            self.set_address(instance, str(port))
            self.command(instance, "reload")
            self.assertEqual(self.scrape(port)[0], 200)
        with self.assertRaises(ConnectionRefusedError):
            self.scrape(first)
        self.set_address(instance, None)
        self.command(instance, "reload")
        with self.assertRaises(ConnectionRefusedError):
            self.scrape(second)
        self.assertEqual(instance.get("/")[0], 200)
        instance.stop()

    def test_an_address_that_is_none_is_told_and_sites_are_served(self):
        instance = self.instance(metrics="localhost:80").serve()
        self.assertIn("is no IP address", instance.event("metrics-unavailable")["text"])
        self.assertEqual(instance.get("/")[0], 200)
        result = subprocess.run(
            [BINARIES / "hostelry", "check", "--config", instance.configuration, "--state", instance.state],
            text=True, capture_output=True, timeout=PATIENCE)
        self.assertEqual(result.returncode, 1)
        self.assertIn("Metrics cannot be served", result.stdout)
        instance.stop()


class Requests(Monitored):
    def test_requests_are_chosen_by_site_pool_and_time(self):
        instance = self.instance().serve()
        # A client that takes nothing of a large answer.
        big = instance.path / "content" / "big.bin"
        with big.open("wb") as file:
            file.truncate(64 << 20)
        instance.get("/")
        with socket.socket() as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.settimeout(PATIENCE)
            client.connect(("127.0.0.1", instance.port))
            client.sendall(b"GET /big.bin HTTP/1.1\r\nHost: h\r\n\r\n")
            client.recv(1)
            everything = self.command(instance, "requests")
            if "No request is in work" not in everything:
                self.assertRegex(everything, r"^\d+ ms  GET /big.bin  .*site Main, pool Main")
                self.assertEqual(self.command(instance, "requests", "--site", "main", "--pool", "MAIN").count("\n"), 1)
            self.assertIn("No ", self.command(instance, "requests", "--site", "Other"))
            self.assertIn("No ", self.command(instance, "requests", "--slow", "1h"))
            self.assertEqual(json.loads(self.command(instance, "requests", "--slow", "1h", "--json")), {"requests": []})
        self.assertIn("is no time", self.command(instance, "requests", "--slow", "soon", status=2))
        instance.stop()


class Top(Monitored):
    def test_one_look_is_printed_for_scripts(self):
        instance = self.instance().serve()
        instance.get("/")
        look = json.loads(self.command(instance, "top", "--json"))
        self.assertEqual(look["counted"], True)
        self.assertEqual([site["name"] for site in look["sites"]], ["Main"])
        self.assertEqual(look["sites"][0]["requests"], 1)
        self.assertGreaterEqual(look["interval"], 0.9)
        text = self.command(instance, "top")
        self.assertRegex(text, r"SITE +REQ/S↓ +P50")
        self.assertRegex(text, r"(?m)^POOL .*\n^Main ")
        instance.stop()
        self.assertIn("no server runs", self.command(instance, "top", "--once", status=1))


class Terminal:
    """The program in a terminal of its own."""

    def __init__(self, *arguments, columns=120, rows=24):
        self.master, slave = pty.openpty()
        self.slave = slave
        self.resize(columns, rows)
        self.usual = termios.tcgetattr(slave)
        self.process = subprocess.Popen(
            [BINARIES / "hostelry", *arguments], stdin=slave, stdout=slave, stderr=slave, start_new_session=True)
        self.seen = ""

    def resize(self, columns, rows):
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, keys):
        self.seen = ""
        os.write(self.master, keys.encode())

    def wait(self, pattern):
        """Waits until what the program drew since the last key holds the pattern."""
        deadline = time.monotonic() + PATIENCE
        while not re.search(pattern, self.seen):
            left = deadline - time.monotonic()
            assert left > 0, f"no {pattern} in {self.seen[-3000:]!r}"
            if select.select([self.master], [], [], left)[0]:
                self.seen += os.read(self.master, 1 << 16).decode("utf-8", "replace")

    def ended(self):
        """The exit status, while all that it draws is taken."""
        deadline = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            assert time.monotonic() < deadline, "the program does not end"
            if select.select([self.master], [], [], 0.05)[0]:
                self.seen += os.read(self.master, 1 << 16).decode("utf-8", "replace")
        while select.select([self.master], [], [], 0)[0]:
            self.seen += os.read(self.master, 1 << 16).decode("utf-8", "replace")
        return self.process.returncode

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.master)
        os.close(self.slave)


class TopInATerminal(Monitored):
    def terminal(self, instance, **named):
        terminal = Terminal("top", "--state", instance.state, **named)
        self.addCleanup(terminal.close)
        return terminal

    def assert_restored(self, terminal):
        self.assertEqual(termios.tcgetattr(terminal.slave), terminal.usual)
        self.assertTrue(terminal.seen.endswith("\x1b[?7h\x1b[?25h\x1b[?1049l"), terminal.seen[-100:])

    def test_keys_lead_through_it_and_q_gives_the_terminal_back(self):
        instance = self.instance().serve()
        instance.get("/")
        terminal = self.terminal(instance)
        terminal.wait(r"Main .*REQ|SITE(.|\n)*Main ")
        self.assertNotEqual(termios.tcgetattr(terminal.slave), terminal.usual)
        terminal.type("p")
        terminal.wait(r"POOL(.|\n)*Main ")
        terminal.type("\r")
        terminal.wait(r'Requests in work of the pool "Main"')
        terminal.type("\x1b")
        terminal.wait("POOL")
        terminal.type("?")
        terminal.wait("Keys")
        terminal.type("x")
        terminal.type("p/nothing\r")
        terminal.wait("No name holds that")
        terminal.type("q")
        self.assertEqual(terminal.ended(), 0)
        self.assert_restored(terminal)
        instance.stop()

    def test_it_fits_a_terminal_whose_size_changes(self):
        instance = self.instance().serve()
        instance.get("/")
        terminal = self.terminal(instance)
        terminal.wait("RESTARTS")
        terminal.resize(40, 6)
        os.kill(terminal.process.pid, signal.SIGWINCH)
        # A whole picture of exactly six lines.
        line = r"(?:[^\r\x1b]|\x1b\[[0-9;]*[mK])*"
        picture = rf"\x1b\[H(?:{line}\r+\n){{5}}{line}\x1b\[J"
        terminal.wait(picture)
        lines = re.sub(r"\x1b\[[0-9;]*[a-zA-Z]|\r", "", re.search(picture, terminal.seen)[0]).splitlines()
        self.assertRegex(lines[2], "REQ/S")
        self.assertLessEqual(max(map(len, lines)), 40)
        terminal.type("q")
        self.assertEqual(terminal.ended(), 0)
        instance.stop()

    def test_control_c_and_signals_give_the_terminal_back(self):
        instance = self.instance().serve()
        for end, status in [("\x03", 0), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]:
            terminal = self.terminal(instance)
            terminal.wait("Hostelry")
            if isinstance(end, str):
                terminal.type(end)
            else:
                terminal.process.send_signal(end)
            self.assertEqual(terminal.ended(), status)
            self.assert_restored(terminal)
        instance.stop()

    def test_a_server_that_goes_and_comes_back_is_followed(self):
        instance = self.instance().serve()
        instance.get("/")
        terminal = self.terminal(instance)
        terminal.wait("Main ")
        terminal.seen = ""
        instance.die()
        terminal.wait("The server is away")
        terminal.seen = ""
        instance.serve()
        terminal.wait("1 sites with requests")
        terminal.type("q")
        self.assertEqual(terminal.ended(), 0)
        self.assert_restored(terminal)
        instance.stop()


if __name__ == "__main__":
    unittest.main()
