"""Access logs and the error log, as files on disk (reference §8.7)."""

import http.client
import os
import signal
import unittest

from instance import PATIENCE, Instance, wait_until


def lines(file):
    text = file.read_text() if file.exists() else ""
    return [line for line in text.splitlines() if not line.startswith("#")]


class Logs(unittest.TestCase):
    def instance(self, *, log="", name="Main"):
        instance = Instance()
        self.addCleanup(instance.clean)
        instance.configure(instance.site(name, 7, more=log))
        self.folder = instance.state / "logs" / "W3SVC7"
        return instance

    def only_log(self):
        wait_until(lambda: list(self.folder.glob("u_ex*.log")), "no log file")
        (file,) = self.folder.glob("u_ex*.log")
        return file

    def ask(self, instance, path, headers):
        connection = http.client.HTTPConnection("127.0.0.1", instance.port, timeout=PATIENCE)
        try:
            connection.request("GET", path, headers=headers)
            return connection.getresponse().status
        finally:
            connection.close()

    def test_a_request_is_a_line_with_the_default_fields(self):
        instance = self.instance().serve()
        agent = {"User-Agent": 'A "b"\tc', "Referer": "http://x.test/?a b"}
        self.assertEqual(self.ask(instance, "/index.html?q=%0d%0a", agent), 200)
        self.assertEqual(self.ask(instance, "/web.config", {}), 404)
        file = self.only_log()
        wait_until(lambda: len(lines(file)) == 2, "no lines")
        self.assertRegex(
            lines(file)[0],
            rf'^\d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d 127\.0\.0\.1 GET /index\.html q=%0d%0a {instance.port} - 127\.0\.0\.1 '
            r'A\+"b"\+c http://x\.test/\?a\+b 200 0 0 \d+$')
        self.assertRegex(lines(file)[1], r" GET /web\.config - \d+ - 127\.0\.0\.1 - - 404 7 0 \d+$")
        header = file.read_text().splitlines()[:4]
        self.assertEqual(header[:2], ["#Software: Microsoft Internet Information Services 10.0", "#Version: 1.0"])
        self.assertEqual(
            header[3],
            "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) "
            "cs(Referer) sc-status sc-substatus sc-win32-status time-taken")
        instance.stop()

    def test_the_last_lines_are_written_before_the_end(self):
        instance = self.instance().serve()
        self.assertEqual(instance.get("/")[0], 200)
        instance.stop()
        self.assertEqual(len(lines(self.only_log())), 1)

    def test_a_moved_file_is_made_anew_after_sighup(self):
        instance = self.instance().serve()
        self.assertEqual(self.ask(instance, "/?1", {}), 200)
        file = self.only_log()
        wait_until(lambda: lines(file), "no line")
        moved = file.rename(file.parent / "moved")
        instance.process.send_signal(signal.SIGHUP)
        wait_until(file.exists, "not made anew")
        self.assertEqual(self.ask(instance, "/?2", {}), 200)
        wait_until(lambda: lines(file), "no line")
        self.assertIn("#Fields: date", file.read_text())
        self.assertEqual((len(lines(moved)), len(lines(file))), (1, 1))
        self.assertIn(" 2 ", lines(file)[0])
        instance.stop()

    def test_a_planted_link_is_refused_and_the_site_serves(self):
        instance = self.instance()
        self.folder.parent.mkdir(parents=True)
        instance.state.chmod(0o711)
        victim = instance.path / "victim"
        victim.mkdir()
        os.symlink(victim, self.folder)
        instance.serve()
        self.assertEqual(instance.get("/")[0], 200)
        event = instance.event("log-failed")
        self.assertIn("Main", event["text"])
        self.assertEqual(instance.get("/")[0], 200)
        instance.stop()
        self.assertEqual(list(victim.iterdir()), [])
        self.assertEqual(len([each for each in instance.events if each["event"] == "log-failed"]), 1)

    def test_a_folder_that_cannot_be_written_costs_no_request(self):
        instance = self.instance(log='<logFile directory="%HOSTELRY_CONFIG_DIR%/taken"/>')
        instance.write("taken", "a file")
        instance.serve()
        for _ in range(3):
            self.assertEqual(instance.get("/")[0], 200)
        self.assertIn("Main", instance.event("log-failed")["text"])
        instance.stop()

    def test_a_site_without_a_log_writes_none(self):
        instance = self.instance(log='<logFile enabled="false"/>').serve()
        self.assertEqual(instance.get("/")[0], 200)
        instance.stop()
        self.assertFalse(self.folder.exists())

    def test_a_refusal_stands_in_the_error_log(self):
        instance = self.instance().serve()
        connection = http.client.HTTPConnection("127.0.0.1", instance.port, timeout=PATIENCE)
        connection.putrequest("GET", "/x", skip_host=True)
        connection.endheaders()
        self.assertEqual(connection.getresponse().status, 400)
        connection.close()
        file = instance.state / "logs" / "HTTPERR" / "httperr1.log"
        wait_until(lambda: lines(file), "no line")
        self.assertRegex(lines(file)[0], rf" 127\.0\.0\.1 {instance.port} HTTP/1\.1 GET /x 400 - Hostname -$")
        instance.stop()


if __name__ == "__main__":
    unittest.main()
