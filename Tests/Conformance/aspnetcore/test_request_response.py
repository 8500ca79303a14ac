"""RequestResponseTests: what a real application receives and what visitors receive of it (reference §11, §13, §20.4)."""

import gzip
import hashlib
import http.client
import json
import socket
import struct
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

from aspnetcore.hosted import INPROCESS, Answer, Case, SharedCase
from aspnetcore.rows import decided_otherwise
from instance import PATIENCE, wait_until

COOKED = "out of process the application gets the server's cooked path, in which several slashes are one (reference §13.1)"


def direct(application):
    """How the backend is reached without the module: its port and token."""
    variables = application.variables()
    return int(variables["ASPNETCORE_PORT"]), variables["ASPNETCORE_TOKEN"]


class RequestResponseTests(SharedCase):
    SOURCE = "conformance"
    CONFIGURATION = {"model": INPROCESS}

    def raw(self, head, body=b""):
        return self.application.raw_request(head.encode("latin-1") + body)

    def status(self, answer):
        data, _ = answer
        return int(data.split()[1])

    def at_once(self, target, headers=""):
        data, _ = self.raw(f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n")
        head, _, body = data.partition(b"\r\n\r\n")
        return int(head.split()[1]), body.decode("utf-8", "replace"), head

    def path_seen(self, target):
        status, body, _ = self.at_once(target)
        self.assertEqual(status, 200, body[:300])
        # The application answers in chunks.
        return "".join(body.split("\r\n")[1:-2:2]) if "\r\n0\r\n" in body else body

    # Paths

    def test_RequestPath_UrlUnescaping(self):
        for escaped, seen in [("%20", " "), ("%41%62", "Ab"), ("%C3%A4", "ä"), ("%E5%BD%A1", "彡"), ("%7E", "~"),
                              ("%3F", "?"), ("%23", "#"), ("%5B", "["), ("%22", '"'), ("%3B", ";")]:
            with self.subTest(escaped):
                self.assertEqual(self.path_seen(f"/RequestPath/{escaped}"), f"/RequestPath/{seen}")

    @decided_otherwise(COOKED)
    def test_Request_WithDoubleSlashes_LeftAlone(self):
        self.assertEqual(self.path_seen("/RequestPath//a///b"), "/RequestPath/a/b")

    def test_Request_WithNavigation_Removed(self):
        self.assertEqual(self.path_seen("/RequestPath/foo/../"), "/RequestPath/")
        self.assertEqual(self.path_seen("/RequestPath/foo/./bar/../baz"), "/RequestPath/foo/baz")

    def test_Request_WithEscapedNavigation_Removed(self):
        self.assertEqual(self.path_seen("/RequestPath/foo/%2E%2E/"), "/RequestPath/")
        self.assertEqual(self.path_seen("/RequestPath/foo/%2e/bar"), "/RequestPath/foo/bar")

    def test_Request_ControlCharacters_400(self):
        for number in [*range(1, 9), 11, 12, *range(14, 32), 127]:
            with self.subTest(number):
                self.assertEqual(self.status(self.raw(
                    f"GET /RequestPath/{chr(number)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")), 400)

    def test_Request_EscapedControlCharacters_400(self):
        for number in [*range(0, 32), 127]:
            with self.subTest(number):
                self.assertEqual(self.at_once(f"/RequestPath/%{number:02X}")[0], 400)

    # Bodies

    def test_PassesThroughCompressionOutOfProcess(self):
        answer = self.ask("/CompressedData", headers={"Accept-Encoding": "gzip"})
        self.assertEqual(answer.headers["content-encoding"], "gzip")
        self.assertEqual(gzip.decompress(answer.body), bytes(1024))

    def test_PassesThroughCompressionInProcess(self):
        # Whether the client would have it or not: the body is the application's.
        answer = self.ask("/CompressedData")
        self.assertEqual(gzip.decompress(answer.body), bytes(1024))
        self.assertEqual(answer.headers["content-length"], str(len(answer.body)))

    def test_ReadAndWriteEcho(self):
        for size in [0, 1, 4095, 8192, 100000]:
            body = ("Hello world, " * (size // 13 + 1))[:size]
            self.assertEqual(self.ask("/ReadAndWriteEcho", "POST", body=body).text, body)

    def test_ReadAndWriteCopyToAsync(self):
        body = bytes(range(256)) * 4096
        self.assertEqual(self.ask("/ReadAndWriteEcho", "PUT", body=body).body, body)

    def test_ReadAndWriteEchoTwice(self):
        connection = self.application.connect()
        for _ in range(2):
            self.assertEqual(self.ask("/ReadAndFlushEcho", "POST", body="Hello World" * 50, connection=connection).text,
                             "Hello World" * 50)
        connection.close()

    def test_ReadSetHeaderWrite(self):
        self.assertEqual(self.ask("/SetHeaderFromBody", "POST", body="Hello").headers["bodyasstring"], "Hello")

    def test_ReadAndWriteSlowConnection(self):
        text = b"hello world slowly"
        with socket.create_connection(("127.0.0.1", self.shared.port), timeout=PATIENCE) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.sendall(b"POST /ReadAndFlushEcho HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                               b"Content-Length: %d\r\n\r\n" % len(text))
            received = b""
            for letter in text:
                # Each letter is back before the next goes out.
                connection.sendall(bytes([letter]))
                while bytes([letter]) not in received.partition(b"\r\n\r\n")[2]:
                    piece = connection.recv(4096)
                    self.assertTrue(piece, received)
                    received += piece
                received = received.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"

    def test_ReadAndWriteInterleaved(self):
        with socket.create_connection(("127.0.0.1", self.shared.port), timeout=PATIENCE) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.sendall(b"POST /ReadAndWriteEchoLinesNoBuffering HTTP/1.1\r\nHost: localhost\r\n"
                               b"Transfer-Encoding: chunked\r\n\r\n")
            received = b""
            for number in range(20):
                line = b"line %d\r\n" % number
                connection.sendall(b"%x\r\n%s\r\n" % (len(line), line))
                while b"line %d\r\n" % number not in received:
                    piece = connection.recv(4096)
                    self.assertTrue(piece, received)
                    received += piece
            connection.sendall(b"0\r\n\r\n")
            while not received.endswith(b"0\r\n\r\n"):
                received += connection.recv(4096)

    def test_ConsumePartialBody(self):
        with self.subTest("the whole was sent"):
            connection = self.application.connect()
            for _ in range(3):
                answer = self.ask("/ReadPartialBody?n=5", "POST", body="Hello" + "x" * 100000, connection=connection)
                self.assertEqual(answer.text, "Hello")
            connection.close()
        with self.subTest("the rest comes after the answer"):
            with socket.create_connection(("127.0.0.1", self.shared.port), timeout=PATIENCE) as connection:
                connection.sendall(b"POST /ReadPartialBody?n=5 HTTP/1.1\r\nHost: localhost\r\n"
                                   b"Content-Length: 100\r\n\r\nHello")
                self.assertIn(b" 200 ", connection.recv(4096))

    def test_AsyncChunkedPostIsAccepted(self):
        pieces = [b"first", b"x" * 70000, b"last"]
        answer = self.ask("/ReadAndWriteEcho", "POST", body=iter(pieces))
        self.assertEqual(answer.body, b"".join(pieces))

    def test_LargeResponseBodyTest_CheckAllResponseBodyBytesWritten(self):
        for size in [100, 100_000, 5_000_000, 100_000_000]:
            with self.subTest(size):
                self.assertEqual(self.length_of(f"/LargeResponseBody?length={size}"), size)

    def test_LargeResponseBodyFromFile_CheckAllResponseBodyBytesWritten(self):
        # The application has no file of that size; its answer's length is said, as a file's is.
        self.assertEqual(self.length_of("/LargeResponseBody?contentLength&length=200000000"), 200_000_000)

    def length_of(self, path):
        connection = self.application.connect()
        connection.request("GET", path)
        response = connection.getresponse()
        size = 0
        while piece := response.read(1 << 20):
            self.assertEqual(piece.strip(b"a"), b"")
            size += len(piece)
        connection.close()
        return size

    @decided_otherwise("a coding other than chunked is refused with 501 before any module: nothing here undoes it")
    def test_SendTransferEncodingHeadersWithMultipleValues(self):
        data, _ = self.raw("POST /ReadAndWriteEcho HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                           "Transfer-Encoding: gzip, chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
        self.assertTrue(data.startswith(b"HTTP/1.1 501"), data[:200])

    @decided_otherwise("both lengths at once are refused with 400: two readers would part the bytes differently")
    def test_SendTransferEncodingAndContentLength_ContentLengthShouldBeRemoved(self):
        data, _ = self.raw("POST /ReadAndWriteEcho HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                           "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
        self.assertTrue(data.startswith(b"HTTP/1.1 400"), data[:200])

    # Headers and statuses

    def test_AddEmptyHeaderSkipped(self):
        answer = self.ask("/ResponseEmptyHeaders")
        self.assertEqual((answer.status, answer.text), (200, "EmptyHeaderShouldBeSkipped"))
        self.assertFalse(answer.headers.get("emptyheader"))

    def test_AddResponseHeaders_HeaderValuesAreSetCorrectly(self):
        answer = self.ask("/ResponseHeaders")
        self.assertEqual(answer.text, "Request Complete")
        self.assertEqual(answer.headers["unknownheader"], "test123=foo")
        self.assertEqual(answer.headers["content-type"], "text/plain")
        self.assertEqual(", ".join(answer.all("MultiHeader")), "1, 2")
        self.assertEqual(answer.all("Set-Cookie"), ["a=1", "b=2"])

    def test_ErrorCodeIsSetForExceptionDuringRequest(self):
        answer = self.ask("/Throw")
        self.assertEqual((answer.status, answer.reason), (500, "Internal Server Error"))

    def test_CustomErrorCodeWorks(self):
        port, token = direct(self.application)
        for query in ["code=200&reason=custom&writeBody=True&body=content", "code=200&writeBody=False",
                      "code=404&reason=custom&writeBody=True&body=content", "code=404&writeBody=False",
                      "code=404&writeBody=True&body=plain", "code=500&reason=&writeBody=False",
                      "code=500&reason=Custom%20Error&writeBody=False", "code=500&reason=+&writeBody=False",
                      "code=503&writeBody=True&body=content", "code=401&writeBody=False",
                      "code=999&reason=&writeBody=False", "code=999&reason=Mine&writeBody=True&body=content"]:
            with self.subTest(query):
                expected = self.directly(port, token, f"/SetCustomErorCode?{query}")
                answer = self.ask(f"/SetCustomErorCode?{query}")
                self.assertEqual(
                    (answer.status, answer.text, answer.headers.get("content-type")),
                    (expected.status, expected.text, expected.headers.get("content-type")))
                if expected.status != 200:
                    self.assertEqual(answer.reason, expected.reason)

    @staticmethod
    def directly(port, token, path):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        connection.request("GET", path, headers={"MS-ASPNETCORE-TOKEN": token})
        answer = Answer(connection.getresponse())
        connection.close()
        return answer

    def test_TransferEncodingNotSetForStatusCodes(self):
        for status in [204, 304]:
            answer = self.ask(f"/SetCustomErorCode?code={status}&writeBody=False")
            self.assertEqual((answer.status, answer.body), (status, b""))
            self.assertNotIn("transfer-encoding", answer.headers)

    def test_ServerHeaderIsOverriden(self):
        self.assertEqual(self.ask("/ResponseHeaders").all("Server"), ["TestServer"])
        self.assertEqual(self.ask("/HelloWorld").all("Server"), ["Kestrel"])

    # Places

    def test_HostingEnvironmentIsCorrect(self):
        folder = str(self.application.folder)
        self.assertEqual(self.ask("/ContentRootPath").text.rstrip("/"), folder)
        self.assertEqual(self.ask("/CurrentDirectory").text, folder)
        self.assertEqual(self.ask("/BaseDirectory").text, folder + "/")
        self.assertEqual(self.application.variable("ASPNETCORE_IIS_PHYSICAL_PATH"), folder + "/")

    def test_IISEnvironmentFeatureIsAvailable(self):
        variables = self.application.variables()
        for name, value in {
                "VERSION": "10.0", "APP_POOL_ID": "Main", "SITE_NAME": "Main", "SITE_ID": "1",
                "APP_CONFIG_PATH": "MACHINE/WEBROOT/APPHOST/Main", "APPLICATION_ID": "/LM/W3SVC/1/ROOT",
                "APPLICATION_VIRTUAL_PATH": "/"}.items():
            self.assertEqual(variables.get(f"ASPNETCORE_IIS_{name}"), value, name)
        self.assertTrue(variables.get("ASPNETCORE_IIS_APP_POOL_CONFIG_FILE"))

    # Clients that leave

    def leave(self, path, *, reset=False):
        """Begins a request, sees its answer's head, and goes away."""
        connection = socket.create_connection(("127.0.0.1", self.shared.port), timeout=PATIENCE)
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        connection.recv(1024)
        if reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    def none_waits(self):
        wait_until(lambda: self.ask("/WaitingRequestCount").text == "0", "requests of clients that left still run")

    def test_ServerWorksAfterClientDisconnect(self):
        self.leave("/WaitForAbort?id=one", reset=True)
        self.assertEqual(self.ask("/HelloWorld").text, "Hello World")
        self.none_waits()

    def test_RequestAbortedTokenFires(self):
        self.leave("/WaitForAbort?id=token")
        wait_until(lambda: "token" in self.ask("/AbortedRequests").text.split(","), "the application is not told")

    def test_ClientDisconnectStress(self):
        with ThreadPoolExecutor(10) as threads:
            list(threads.map(lambda n: self.leave(f"/WaitForAbort?id=s{n}", reset=n % 2 == 0), range(100)))
        self.none_waits()
        self.assertEqual(self.ask("/HelloWorld").text, "Hello World")


class ConnectionEndPointFeatureTests(SharedCase):
    def test_ProvidesLocalAndRemoteEndPoints(self):
        with socket.create_connection(("127.0.0.1", self.shared.port), timeout=PATIENCE) as connection:
            own = connection.getsockname()[1]
            connection.sendall(b"GET /Connection?a=b HTTP/1.1\r\nHost: somebody.test:81\r\nConnection: close\r\n\r\n")
            data = b""
            while piece := connection.recv(65536):
                data += piece
        seen = json.loads(data[data.index(b"{"):data.rindex(b"}") + 1])
        self.assertEqual((seen["remoteIp"], seen["remotePort"]), ("127.0.0.1", own))
        self.assertEqual((seen["scheme"], seen["host"], seen["query"]), ("http", "somebody.test:81", "?a=b"))


class ResponseAbortTests(SharedCase):
    def test_ClosesWithoutSendingAnything(self):
        data, reset = self.application.raw_request(b"GET /Abort HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        self.assertTrue(reset or b" 502 " in data.split(b"\r\n")[0], data[:300])

    def test_ClosesAfterDataSent(self):
        data, _ = self.application.raw_request(
            b"GET /AbortAfterHeaders HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        head, _, body = data.partition(b"\r\n\r\n")
        # Sent already, the status stays, the body ends early, and nothing of ours follows it.
        if b" 502 " not in head.split(b"\r\n")[0]:
            self.assertIn(b" 200 ", head)
            self.assertEqual(body, b"part")


class ClientDisconnectTests(SharedCase):
    def test_RequestAbortedIsTrippedWithoutIO(self):
        connection = socket.create_connection(("127.0.0.1", self.shared.port), timeout=PATIENCE)
        connection.sendall(b"GET /WaitForAbort?id=quiet HTTP/1.1\r\nHost: localhost\r\n\r\n")
        connection.recv(1024)
        connection.close()
        wait_until(lambda: "quiet" in self.ask("/AbortedRequests").text.split(","), "the application is not told")


class RequestPathBaseTests(SharedCase):
    """A sub-application's requests, split into its path and what follows."""

    @classmethod
    def prepare(cls, host):
        cls.sub = host.deploy("conformance", path="/Sub/App", model="outofprocess", folder="applications/sub")

    def split(self, target):
        data, _ = self.sub.raw_request(f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        self.assertIn(b" 200 ", data.split(b"\r\n")[0], data[:400])
        text = data.partition(b"\r\n\r\n")[2].decode()
        text = "".join(text.split("\r\n")[1:-2:2]) if "\r\n0\r\n" in text else text
        base, path = text.split("; ")
        return base.removeprefix("PathBase: "), path.removeprefix("Path: ")

    CONFIGURATION = {"model": "outofprocess"}

    def test_RequestPathBase_Split(self):
        for target, base, path in [
                ("/Sub/App/PathAndPathBase", "/Sub/App", "/PathAndPathBase"),
                ("/SUb/APp/PathAndPathBase", "/SUb/APp", "/PathAndPathBase"),
                ("/sub/app/PathAndPathBase/", "/sub/app", "/PathAndPathBase/"),
                ("/Sub/App/PathAndPathBase/Path", "/Sub/App", "/PathAndPathBase/Path"),
                ("/Sub/App/PathANDPathBase/PATH", "/Sub/App", "/PathANDPathBase/PATH"),
                ("/Sub/App/PathAndPathBase/Path/", "/Sub/App", "/PathAndPathBase/Path/"),
                ("/Sub/App/PathAndPathBase/a%20b", "/Sub/App", "/PathAndPathBase/a b"),
                ("/Sub/App/PathAndPathBase/%C3%A4", "/Sub/App", "/PathAndPathBase/ä"),
                ("/Sub/%41pp/PathAndPathBase/x", "/Sub/App", "/PathAndPathBase/x")]:
            with self.subTest(target):
                self.assertEqual(self.split(target), (base, path))

    @decided_otherwise(COOKED)
    def test_RequestPathBase_WithDoubleSlashes_Split(self):
        for target, base, path in [
                ("/Sub/App/PathAndPathBase//", "/Sub/App", "/PathAndPathBase/"),
                ("/Sub/App/PathAndPathBase//path", "/Sub/App", "/PathAndPathBase/path"),
                ("/Sub/App/PathAndPathBase/path//", "/Sub/App", "/PathAndPathBase/path/"),
                ("/Sub/App/PathAndPathBase/a//b", "/Sub/App", "/PathAndPathBase/a/b"),
                ("/Sub/App/PathAndPathBase/a///b", "/Sub/App", "/PathAndPathBase/a/b"),
                ("/Sub/App/PathAndPathBase/./x", "/Sub/App", "/PathAndPathBase/x"),
                ("/Sub/App/PathAndPathBase/a/./b", "/Sub/App", "/PathAndPathBase/a/b"),
                ("/Sub/App/PathAndPathBase/a/../b", "/Sub/App", "/PathAndPathBase/b"),
                ("/Sub/./App/PathAndPathBase/b", "/Sub/App", "/PathAndPathBase/b"),
                ("/Sub/x/../App/PathAndPathBase/b", "/Sub/App", "/PathAndPathBase/b"),
                ("/./Sub/App/PathAndPathBase/b", "/Sub/App", "/PathAndPathBase/b"),
                ("/x/../Sub/App/PathAndPathBase/b", "/Sub/App", "/PathAndPathBase/b"),
                ("/Sub/App/PathAndPathBase/%2E%2E/PathAndPathBase/b", "/Sub/App", "/PathAndPathBase/b"),
                ("/Sub/App/other/../PathAndPathBase//b/", "/Sub/App", "/PathAndPathBase/b/")]:
            with self.subTest(target):
                self.assertEqual(self.split(target), (base, path))


class BigBodies(Case):
    """What the rows do not say: bodies whole to the last byte, both ways."""

    def test_a_body_arrives_as_it_was_sent_whether_its_length_is_said_or_not(self):
        application = self.serve(model=INPROCESS)
        block = bytes(range(256)) * 4096
        for count in [0, 1, 28]:
            digest = hashlib.sha256(block * count).hexdigest()
            expected = f"{len(block) * count} {digest}"
            self.assertEqual(application.ask("/Checksum", "POST", body=block * count).text, expected)
            self.assertEqual(application.ask("/Checksum", "POST", body=iter([block] * count)).text, expected)

    def test_what_the_application_flushes_is_seen_at_once(self):
        application = self.serve(model=INPROCESS)
        connection = application.connect()
        began = time.monotonic()
        connection.request("GET", "/Stream?n=3&ms=700")
        response = connection.getresponse()
        self.assertEqual(response.readline(), b"0\n")
        first = time.monotonic() - began
        self.assertEqual(response.read(), b"1\n2\n")
        # Of the 1.4 seconds that the rest takes.
        self.assertGreater(time.monotonic() - began - first, 0.3)
        connection.close()


if __name__ == "__main__":
    unittest.main()
