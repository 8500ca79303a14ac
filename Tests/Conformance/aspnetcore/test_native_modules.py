"""Each row of the table of native modules: before an ASP.NET Core handler it works, or takes no part (reference §16)."""

import gzip
import re
import subprocess
import unittest

from aspnetcore.hosted import OUTOFPROCESS, Case
from instance import PATIENCE, wait_until
from test_access import USERS, credentials


def security(sections):
    return f"<security>{sections}</security>"


class NativeModules(Case):
    def with_section(self, more="", server=""):
        """The test's backend with sections in its web.config and in the server's file."""
        host = self.host()
        users = host.write("users", USERS)
        host.more = f"<system.webServer>{server}</system.webServer>".replace("USERS", str(users))
        application = host.deploy("backend", model=OUTOFPROCESS, more=more)
        host.serve()
        return application

    # Those that work

    def test_AnonymousAuthentication(self):
        self.assertEqual(self.with_section().ask().status, 200)
        self.assertEqual(self.with_section(server=security(
            '<authentication><anonymousAuthentication enabled="false"/></authentication>')).ask().status, 401)

    def test_BasicAuthentication(self):
        application = self.with_section(server=security(
            '<authentication><anonymousAuthentication enabled="false"/>'
            '<basicAuthentication enabled="true" usersFile="USERS"/></authentication>'))
        self.assertEqual(application.ask().status, 401)
        answer = application.ask(headers=credentials("alice", "secret pass"))
        self.assertEqual((answer.status, answer.text), (200, "the backend"))

    def test_ConfigurationValidation(self):
        host = self.host()
        host.pool(attributes='managedRuntimeVersion="v4.0"')
        application = host.deploy("backend", model=OUTOFPROCESS)
        host.serve()
        self.assertEqual(application.ask().status, 200)
        file = application.folder / "web.config"
        module = '<system.web><httpModules><add name="M" type="T"/></httpModules></system.web>'
        file.write_text(file.read_text().replace("</configuration>", f"{module}</configuration>"))
        answer = application.until(lambda answer: answer.status == 500)
        self.assertIn("500.22", answer.text)

    def test_HttpLogging(self):
        application = self.with_section()
        application.ask("/status?code=418&body=tea")
        application.ask("/never-there")
        folder = application.host.state / "logs" / "W3SVC1"

        def lines():
            return [line for file in folder.glob("u_ex*.log") for line in file.read_text().splitlines()
                    if not line.startswith("#")]
        wait_until(lambda: len(lines()) >= 2, "no lines")
        self.assertIn("/status code=418&body=tea", lines()[0])
        self.assertRegex(lines()[0], r" 418 0 0 \d+$")
        self.assertRegex(lines()[1], r" 404 0 0 \d+$")

    def test_ProtocolSupport(self):
        application = self.with_section(
            '<httpProtocol><customHeaders><add name="X-Own" value="added"/></customHeaders></httpProtocol>')
        self.assertEqual(application.ask().headers["x-own"], "added")
        # OPTIONS and TRACE are the application's: its handler takes every verb.
        self.assertEqual(application.ask(method="OPTIONS").text, "the backend")

    def test_RequestFiltering(self):
        application = self.with_section(security(
            '<requestFiltering><fileExtensions><add fileExtension=".secret" allowed="false"/></fileExtensions>'
            '<verbs><add verb="BREW" allowed="false"/></verbs><hiddenSegments><add segment="inner"/></hiddenSegments>'
            '<denyUrlSequences><add sequence="evil"/></denyUrlSequences><requestLimits maxUrl="100" maxQueryString="50"/>'
            "</requestFiltering>"))
        for path, method, status in [
                ("/", "GET", 200), ("/a.secret", "GET", 404), ("/", "BREW", 404), ("/inner/x", "GET", 404),
                ("/an-evil-one", "GET", 404), ("/" + "a" * 200, "GET", 404), ("/?" + "a" * 60, "GET", 404),
                ("/web.config", "GET", 404), ("/bin/x", "GET", 404)]:
            with self.subTest(path):
                answer = application.ask(path, method)
                self.assertEqual(answer.status, status)
                self.assertNotEqual(answer.text, "not there", "it reached the application")

    def test_RequestMonitor(self):
        application = self.with_section()
        connection = application.connect()
        connection.request("GET", "/hold?in-work")

        def told():
            return subprocess.run(
                [application.host.programs / "hostelry", "requests", "--state", application.host.state, "--json"],
                capture_output=True, text=True, timeout=PATIENCE).stdout
        wait_until(lambda: "/hold" in told(), "the request is not told of")
        application.ask("/release")
        self.assertEqual(connection.getresponse().read(), b"held")
        connection.close()

    def test_TokenCache(self):
        application = self.with_section(server=security(
            '<authentication><anonymousAuthentication enabled="false"/>'
            '<basicAuthentication enabled="true" usersFile="USERS"/></authentication>'))
        for _ in range(20):
            self.assertEqual(application.ask(headers=credentials("alice", "secret pass")).status, 200)
        self.assertEqual(application.ask(headers=credentials("alice", "wrong")).status, 401)

    def test_UriCache(self):
        application = self.with_section()
        self.assertEqual({application.ask("/served?same").text for _ in range(5)}, {str(n) for n in range(1, 6)})
        # A change of what was read is seen.
        application.configure(
            more='<httpProtocol><customHeaders><add name="X-New" value="1"/></customHeaders></httpProtocol>')
        application.until(lambda answer: answer.headers.get("x-new") == "1")

    def test_UrlAuthorization(self):
        application = self.with_section(security(
            '<authorization><clear/><add accessType="Allow" users="alice"/></authorization>'), security(
                '<authentication><basicAuthentication enabled="true" usersFile="USERS"/></authentication>'))
        self.assertEqual(application.ask().status, 401)
        self.assertEqual(application.ask(headers=credentials("alice", "secret pass")).status, 200)

    def test_IpRestriction(self):
        application = self.with_section(server=security('<ipSecurity><add ipAddress="127.0.0.1"/></ipSecurity>'))
        self.assertEqual(application.ask().status, 403)
        self.assertEqual(application.host.backends(), [])

    def test_DynamicIpRestriction(self):
        application = self.with_section(server=security(
            '<dynamicIpSecurity><denyByRequestRate enabled="true" maxRequests="5" requestIntervalInMilliseconds="600000"/>'
            "</dynamicIpSecurity>"))
        self.assertEqual([application.ask().status for _ in range(8)], [200] * 5 + [403] * 3)

    def test_DynamicCompression(self):
        application = self.with_section('<urlCompression doDynamicCompression="true"/>')
        answer = application.ask("/lines?n=500&ms=0", headers={"Accept-Encoding": "gzip"})
        self.assertEqual(answer.headers.get("content-encoding"), "gzip")
        self.assertEqual(gzip.decompress(answer.body), b"".join(b"line %d\n" % n for n in range(500)))
        # What is compressed already, or of a type that is not, stays as it is.
        self.assertNotIn("content-encoding", application.ask(
            "/lines?n=500&ms=0&type=image/png", headers={"Accept-Encoding": "gzip"}).headers)

    def test_HttpRedirection(self):
        application = self.with_section(
            '<httpRedirect enabled="true" destination="/elsewhere" exactDestination="true" childOnly="false"/>')
        answer = application.ask("/x")
        self.assertEqual((answer.status, answer.headers["location"].endswith("/elsewhere")), (302, True))

    def test_modules_can_be_removed(self):
        application = self.with_section('<modules><remove name="CorsModule"/></modules>')
        self.assertEqual(application.ask().status, 200)

    # Those that take no part

    def test_CustomError(self):
        application = self.with_section(
            '<httpErrors errorMode="Custom" existingResponse="Auto"><remove statusCode="404"/>'
            '<error statusCode="404" path="/page" responseMode="ExecuteURL"/></httpErrors>')
        answer = application.ask("/status?code=404&body=mine")
        self.assertEqual((answer.status, answer.text), (404, "mine"))
        answer = application.ask("/status?code=404")
        self.assertEqual((answer.status, answer.text), (404, ""))

    def test_DefaultDocument(self):
        application = self.with_section('<defaultDocument enabled="true"/>')
        (application.folder / "index.html").write_text("the file")
        self.assertEqual(application.ask().text, "the backend")

    def test_DirectoryListing(self):
        application = self.with_section('<directoryBrowse enabled="true"/>')
        (application.folder / "folder").mkdir()
        self.assertEqual(application.ask("/folder/").text, "not there")

    def test_StaticFile(self):
        application = self.with_section()
        (application.folder / "page.txt").write_text("the file")
        for path in ["/page.txt", "/backend.py"]:
            self.assertEqual(application.ask(path).text, "not there")

    def test_FileCache_and_HttpCache(self):
        application = self.with_section(
            '<caching enabled="true" enableKernelCache="true"><profiles>'
            '<add extension="*" policy="CacheForTimePeriod" kernelCachePolicy="CacheForTimePeriod" duration="00:10:00"/>'
            '<add extension=".txt" policy="CacheForTimePeriod" kernelCachePolicy="CacheForTimePeriod" duration="00:10:00"/>'
            "</profiles></caching>")
        seen = [application.ask("/served").text for _ in range(5)]
        self.assertEqual(len(set(seen)), 5, seen)

    def test_StaticCompression(self):
        application = self.with_section('<urlCompression doStaticCompression="true" doDynamicCompression="false"/>')
        for _ in range(4):
            self.assertNotIn("content-encoding", application.ask(
                "/lines?n=500&ms=0", headers={"Accept-Encoding": "gzip"}).headers)

    def test_ServerSideInclude_and_Cgi(self):
        application = self.with_section()
        (application.folder / "page.stm").write_text("the file")
        (application.folder / "program.exe").write_text("the file")
        for path in ["/page.stm", "/program.exe"]:
            self.assertEqual(application.ask(path).text, "not there")

    def test_managed_modules(self):
        application = self.with_section(
            '<modules><add name="Mine" type="A.Module" preCondition="managedHandler"/></modules>')
        self.assertEqual(application.ask().text, "the backend")

    def test_the_answers_status_is_logged_for_requests_that_fail_in_between(self):
        application = self.with_section()
        application.answers_raw(b"garbage", close=True)
        folder = application.host.state / "logs" / "W3SVC1"
        wait_until(lambda: any(re.search(r" 502 3 ", line) for file in folder.glob("u_ex*.log")
                               for line in file.read_text().splitlines()), "no 502 3 in the log")


if __name__ == "__main__":
    unittest.main()
