"""hostelry logs: the lines of a site's access log, from the files that the router writes."""

import json
import os
import resource
import subprocess
import time
import unittest

from instance import BINARIES, Instance, wait_until

PATIENCE = 30
FIELDS = "#Fields: date time cs-method cs-uri-stem c-ip sc-status sc-substatus time-taken"


class LogCommand(unittest.TestCase):
    def setUp(self):
        self.instance = Instance()
        self.addCleanup(self.instance.clean)
        self.folder = self.instance.state / "logs" / "W3SVC1"

    def command(self, *words):
        return [BINARIES / "hostelry", "logs", "Main", "--config", self.instance.configuration, "--state",
                self.instance.state, *words]

    def logs(self, *words, user=None):
        return subprocess.run(self.command(*words), capture_output=True, timeout=PATIENCE, user=user,
            **({"group": user, "extra_groups": []} if user else {}))

    def lines(self, *words):
        answer = self.logs(*words)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        return answer.stdout.decode().splitlines()

    def write(self, name, *lines):
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self.folder / name, "ab") as file:
            for line in lines:
                file.write((line if isinstance(line, bytes) else line.encode()) + b"\n")

    def line(self, path, status=200, seconds=0, taken=5):
        moment = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(time.time() - seconds))
        return f"{moment} GET {path} 10.0.0.1 {status} 0 {taken}"

    def test_what_the_router_writes_is_shown(self):
        self.instance.serve()
        self.instance.get("/index.html")
        self.instance.get("/missing")
        wait_until(lambda: len(self.lines()) == 2, "both lines are written")
        self.assertIn("404.0", self.lines("--status", "4xx")[0])
        record = json.loads(self.lines("--json", "--url", "/INDEX")[0])
        self.assertEqual((record["cs-uri-stem"], record["sc-status"]), ("/index.html", 200))
        self.instance.stop()

    def test_the_last_lines_of_several_files_come_in_order(self):
        self.write("u_ex250101.log", FIELDS, *[self.line(f"/old{n}", seconds=90000) for n in range(3)])
        os.utime(self.folder / "u_ex250101.log", (time.time() - 90000,) * 2)
        self.write("u_ex250102.log", FIELDS, *[self.line(f"/new{n}") for n in range(3)])
        self.assertEqual([line.split()[5] for line in self.lines("--lines", "4")], ["GET"] * 4)
        self.assertEqual([line.split()[6] for line in self.lines("--lines", "4")], ["/old2", "/new0", "/new1", "/new2"])
        self.assertEqual([line.split()[6] for line in self.lines("--since", "1h")], ["/new0", "/new1", "/new2"])

    def test_fields_may_change_and_bytes_may_be_anything(self):
        self.write("u_ex250101.log", FIELDS, self.line("/a", status=500, taken=2000), "#Fields: sc-status cs-uri-stem",
                   b"404 /\xff\x1b[31m")
        lines = self.lines()
        self.assertEqual(lines[0].split()[2:7], ["500.0", "2000", "ms", "GET", "/a"])
        self.assertEqual(lines[1].split(), ["-", "-", "404", "-", "-", "/\\xff\\u001b[31m", "-"])
        self.assertEqual([line.split()[6] for line in self.lines("--slow", "1s")], ["/a"])
        self.assertEqual(len([line for line in self.lines("--w3c") if line.startswith("#Fields")]), 2)

    def test_a_huge_file_answers_at_once(self):
        self.write("u_ex250101.log", FIELDS, *[self.line("/first", seconds=7200)] * 10)
        with open(self.folder / "u_ex250101.log", "r+b") as file:
            # Ten gigabytes of nothing: whoever reads them takes minutes.
            file.truncate(10 << 30)
        self.write("u_ex250101.log", "", *[self.line(f"/last{n}") for n in range(30)])
        self.assertEqual([line.split()[6] for line in self.lines("--lines", "2")], ["/last28", "/last29"])

    def test_following_goes_across_new_and_emptied_files(self):
        process = subprocess.Popen(self.command("--follow"), stdout=subprocess.PIPE, text=True)
        try:
            self.write("u_ex250101.log", FIELDS, self.line("/one"))
            self.assertIn("/one", process.stdout.readline())
            self.write("u_ex250101.log", self.line("/two"))
            self.assertIn("/two", process.stdout.readline())
            self.write("u_ex250102.log", FIELDS, self.line("/three"))
            self.assertIn("/three", process.stdout.readline())
            (self.folder / "u_ex250102.log").write_text("")
            self.write("u_ex250102.log", FIELDS, self.line("/4"))
            self.assertIn("/4", process.stdout.readline())
            os.rename(self.folder / "u_ex250102.log", self.folder / "kept")
            # The router writes there until it begins the next file.
            self.write("kept", self.line("/late"))
            self.assertIn("/late", process.stdout.readline())
            self.write("u_ex250102.log", FIELDS, self.line("/five"))
            self.assertIn("/five", process.stdout.readline())
        finally:
            process.kill()
            process.wait()
            process.stdout.close()

    def test_following_opens_what_is_written_to_and_not_a_year_of_files(self):
        for number in range(150):
            name = f"u_ex25{number // 28 + 1:02}{number % 28 + 1:02}.log"
            self.write(name, FIELDS, self.line(f"/old{number}"))
            os.utime(self.folder / name, (time.time() - 86400 * (200 - number),) * 2)
        process = subprocess.Popen(
            self.command("--follow", "--lines", "2"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (60, 60)))
        try:
            for path in ("/old148", "/old149"):
                self.assertIn(path, process.stdout.readline())
            for number in range(0, 150, 7):
                name = f"u_ex25{number // 28 + 1:02}{number % 28 + 1:02}.log"
                self.write(name, self.line(f"/new{number}"))
                self.assertIn(f"/new{number}", process.stdout.readline())
            # Of a file that was closed again meanwhile nothing is shown twice.
            self.write("u_ex250101.log", self.line("/last"))
            self.assertIn("/last", process.stdout.readline())
        finally:
            process.kill()
            _, remarks = process.communicate()
        self.assertEqual(remarks, "")

    def test_following_waits_for_the_folder_and_costs_nothing_meanwhile(self):
        self.instance.state.mkdir(exist_ok=True)
        process = subprocess.Popen(self.command("--follow"), stdout=subprocess.PIPE, text=True)
        self.asleep = 0

        def is_calm():
            # Whoever spins is never seen asleep so often, one time after the other.
            with open(f"/proc/{process.pid}/stat") as file:
                self.asleep = self.asleep + 1 if file.read().rsplit(")", 1)[1].split()[0] == "S" else 0
            return self.asleep >= 30

        try:
            wait_until(is_calm, "it waits")
            # Something happens in the nearest folder that is not what it waits for.
            (self.instance.state / "other").mkdir()
            self.asleep = 0
            wait_until(is_calm, "it waits again")
            self.write("u_ex250101.log", FIELDS, self.line("/one"))
            self.assertIn("/one", process.stdout.readline())
        finally:
            process.kill()
            process.wait()
            process.stdout.close()

    def test_a_log_that_is_off_says_what_to_type(self):
        self.instance.configure(self.instance.site("Main", 1, more='<logFile enabled="false"/>'))
        answer = self.logs()
        self.assertEqual(answer.returncode, 1)
        self.assertIn(b"hostelry site set Main logFile.enabled=true", answer.stderr)

    def test_one_log_of_all_sites_shows_the_sites_own_lines(self):
        self.instance.configure(self.instance.site("Main", 1), more="")
        text = self.instance.configuration.read_text().replace(
            "<sites>", '<log centralLogFileMode="CentralW3C"><centralW3CLogFile enabled="true"/></log><sites>')
        self.instance.configuration.write_text(text)
        self.folder = self.instance.state / "logs" / "W3SVC"
        self.write("u_ex250101.log", "#Fields: s-sitename cs-uri-stem", "W3SVC2 /other", "W3SVC1 /own")
        self.assertEqual([line.split()[5] for line in self.lines()], ["/own"])

    @unittest.skipUnless(os.geteuid() == 0, "another user is needed")
    def test_who_may_read_it_is_told(self):
        self.write("u_ex250101.log", FIELDS, self.line("/a"))
        self.folder.chmod(0o750)
        answer = self.logs(user=65534)
        self.assertEqual(answer.returncode, 1)
        self.assertIn(b"is for root", answer.stderr)
        answer = self.logs("--follow", user=65534)
        self.assertEqual(answer.returncode, 1)
        self.assertIn(b"is for root", answer.stderr)

    def test_arguments_that_make_no_sense_are_refused(self):
        for words in [["--status", "abc"], ["--since", "soon"], ["--slow", "x"], ["--w3c", "--json"]]:
            self.assertEqual(self.logs(*words).returncode, 2, words)


if __name__ == "__main__":
    unittest.main()
