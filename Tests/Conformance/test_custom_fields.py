"""Fields of the access log that the administrator chose, and path information (reference §8.7 and §5.2)."""

import os
import time
import unittest

from instance import Instance, wait_until, web_config


def lines(file):
    return [line for line in file.read_text().splitlines() if not line.startswith("#")] if file.exists() else []


def log(*fields):
    added = "".join(
        f'<add logFieldName="{name}" sourceName="{source}" sourceType="{kind}"/>' for name, source, kind in fields)
    return f'<logFile logExtFileFlags="UriStem, HttpStatus"><customFields>{added}</customFields></logFile>'


class CustomFields(unittest.TestCase):
    def instance(self, log):
        instance = Instance()
        self.addCleanup(instance.clean)
        instance.configure(instance.site("Main", 7, more=log))
        self.folder = instance.state / "logs" / "W3SVC7"
        instance.write("content/page.txt", "first")
        return instance

    def file(self):
        wait_until(lambda: list(self.folder.glob("u_ex*_x.log")), "no log file")
        (file,) = self.folder.glob("u_ex*_x.log")
        return file

    def test_each_source_is_a_field(self):
        instance = self.instance(log(
            ("x-for", "X-Forwarded-For", "RequestHeader"), ("x-type", "content-type", "ResponseHeader"),
            ("x-method", "REQUEST_METHOD", "ServerVariable"), ("x-path", "PATH_INFO", "ServerVariable"),
            ("x-none", "NONE", "ServerVariable"))).serve()
        self.assertEqual(instance.ask("/page.txt", headers={"X-Forwarded-For": "198.51.100.1, 10.0.0.1"}).status, 200)
        self.assertEqual(instance.ask("/missing").status, 404)
        wait_until(lambda: len(lines(self.file())) == 2, "no lines")
        self.assertEqual(
            lines(self.file()),
            ["/page.txt 200 198.51.100.1,+10.0.0.1 text/plain GET /page.txt -",
             "/missing 404 - text/html;+charset=utf-8 GET /missing -"])
        self.assertIn(
            "#Fields: cs-uri-stem sc-status x-for x-type x-method x-path x-none", self.file().read_text().splitlines())
        instance.stop()

    def test_responses_that_the_router_kept_are_told_alike(self):
        instance = self.instance(log(
            ("x-length", "Content-Length", "ResponseHeader"), ("x-host", "Host", "RequestHeader"),
            ("x-pool", "APP_POOL_ID", "ServerVariable"))).serve()
        path = instance.path / "content/page.txt"
        wait_until(lambda: time.time() - os.stat(path).st_ctime > 0.03, "the file is never old enough")
        count = 10 * (os.cpu_count() or 1)
        for _ in range(count):
            self.assertEqual(instance.ask("/page.txt").status, 200)
        wait_until(lambda: len(lines(self.file())) == count, "no lines")
        self.assertEqual({line.split()[-1] for line in lines(self.file())}, {"Main"})
        self.assertEqual({line.split()[2] for line in lines(self.file())}, {"5"})
        self.assertTrue(all(line.split()[3].startswith("localhost") for line in lines(self.file())))
        instance.stop()

    def test_other_fields_begin_another_header_and_workers_learn_of_them(self):
        instance = self.instance(log(("x-a", "SERVER_PORT", "ServerVariable"))).serve()
        self.assertEqual(instance.ask("/page.txt").status, 200)
        wait_until(lambda: lines(self.file()) == [f"/page.txt 200 {instance.port}"], "no line")
        instance.configure(instance.site("Main", 7, more=log(("x-b", "INSTANCE_NAME", "ServerVariable"))))

        def is_told():
            instance.ask("/page.txt")
            return any(line.endswith(" Main") for line in lines(self.file()))
        wait_until(is_told, "the new field is never written")
        self.assertIn("#Fields: cs-uri-stem sc-status x-b", self.file().read_text().splitlines())
        instance.stop()

    def test_files_have_no_path_information(self):
        instance = self.instance("")
        instance.write("content/web.config", web_config(
            '<handlers><add name="Text" path="*.txt" verb="*" modules="StaticFileModule" resourceType="File" '
            'requireAccess="Read" allowPathInfo="true"/></handlers>'))
        instance.serve()
        self.assertEqual(instance.ask("/page.txt").status, 200)
        self.assertEqual(instance.ask("/page.txt/more").status, 404)
        instance.stop()


if __name__ == "__main__":
    unittest.main()
