"""What a client may send: requests written by hand, family by family, and thousands made of the same parts by chance."""

import random

#: Follows a stream where it matters that nobody reads it as part of what precedes, or the other way round.
SENTINEL = b"GET /sentinel HTTP/1.1\r\nHost: sentinel\r\n\r\n"


def request(line=b"GET / HTTP/1.1", *fields, host=b"Host: h", body=b""):
    """One request; `fields` are whole lines without their ends."""
    return b"\r\n".join([line, *([host] if host is not None else []), *fields, b"", body])


def post(*fields, body=b"", line=b"POST / HTTP/1.1"):
    return request(line, *fields, body=body)


def chunked(body, trailers=b""):
    return post(b"Transfer-Encoding: chunked", body=body + trailers)


LENGTH_5 = b"Content-Length: 5"
CHUNKED = b"Transfer-Encoding: chunked"
CHUNKS = b"5\r\nhello\r\n0\r\n\r\n"
#: A request that hides where a length of 0 or 5 decides what it is.
HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: h\r\n\r\n"

#: Never a message, whatever follows: RFC 9112 lets readers differ, or forbids it.
AMBIGUOUS = {
    "Content-Length beside Transfer-Encoding": [
        post(LENGTH_5, CHUNKED, body=CHUNKS),
        post(CHUNKED, LENGTH_5, body=CHUNKS),
        post(b"Content-Length: 0", CHUNKED, body=CHUNKS),
        post(b"content-length: 5", b"transfer-encoding: CHUNKED", body=b"0\r\n\r\n"),
        post(LENGTH_5, b"Transfer-Encoding: identity", body=b"hello"),
        post(LENGTH_5, b"Transfer-Encoding:", body=b"hello"),
        post(CHUNKED, line=b"POST / HTTP/1.0", body=CHUNKS),
        post(LENGTH_5, CHUNKED, line=b"POST / HTTP/1.0", body=b"hello"),
    ],
    "Content-Length that is no number": [
        post(b"Content-Length:" + value, body=b"hello" + HIDDEN)
        for value in [b"", b" ", b" +5", b" -5", b" -0", b" 5,5", b" 5, 5", b" 5;5", b" 5 5", b" 5x", b" x5", b" 0x5", b" 5.0", b" 5e0", b" 5\x00",
                      b" 5\x0b", b" 5\x0c", b" \x0b5", b" '5'", b' "5"', b" 1_0", b" \xd9\xa5", b" 99999999999999999999", b" 18446744073709551621",
                      b" 9223372036854775808", b" 4294967301000000000000", b" 5\r\n 5", b" 5\r5"]
    ],
    "Content-Length twice": [
        post(LENGTH_5, LENGTH_5, body=b"hello"),
        post(LENGTH_5, b"Content-Length: 6", body=b"hello" + HIDDEN),
        post(b"Content-Length: 0", LENGTH_5, body=b"hello"),
        post(LENGTH_5, b"content-LENGTH: 0", body=b"hello"),
        post(LENGTH_5, b"X: y", LENGTH_5, body=b"hello"),
    ],
    "Content-Length in disguise": [
        post(b"Content-Length : 5", body=b"hello"),
        post(b"Content-Length\t: 5", body=b"hello"),
        post(b" Content-Length: 5", body=b"hello"),
        post(b"Content-Length\x00: 5", body=b"hello"),
        post(b"Content Length: 5", body=b"hello"),
        post(b"Content-Length 5", body=b"hello"),
        post(b"Content-Length\xa0: 5", body=b"hello"),
        post(b"\x0bContent-Length: 5", body=b"hello"),
        post(b"Content-Length=5", body=b"hello"),
    ],
    "Transfer-Encoding in disguise": [
        post(line, body=CHUNKS)
        for line in [b"Transfer-Encoding : chunked", b"Transfer-Encoding\t: chunked", b" Transfer-Encoding: chunked",
                     b"Transfer-Encoding\r\n: chunked", b"Transfer-Encoding:\r\n chunked", b"X: y\r\n\tTransfer-Encoding: chunked",
                     b"Transfer-Encoding: \x0bchunked", b"Transfer-Encoding: chunked\x00", b"Transfer-Encoding: chunked\x0b",
                     b"Transfer-Encoding: \x00chunked", b"Transfer\x00-Encoding: chunked", b"\x00Transfer-Encoding: chunked",
                     b"X: y\rTransfer-Encoding: chunked", b"X: y\nTransfer-Encoding: chunked", b"Transfer-Encoding: chunked\r"]
    ],
    "Transfer-Encoding that is not chunked alone": [
        post(b"Transfer-Encoding: " + value, body=CHUNKS)
        for value in [b"xchunked", b"chunkedx", b"chunked, identity", b"identity, chunked", b"gzip, chunked", b"chunked, chunked", b"chunked,",
                      b",chunked", b"chunked;q=1", b"chunked x", b'"chunked"', b"'chunked'", b"c\xe8unked", b"chun ked", b"identity", b"cow", b""]
    ] + [
        post(CHUNKED, CHUNKED, body=CHUNKS),
        post(CHUNKED, b"Transfer-Encoding: identity", body=CHUNKS),
        post(b"Transfer-Encoding: identity", CHUNKED, body=CHUNKS),
        post(b"Transfer-Encoding:", CHUNKED, body=CHUNKS),
    ],
    "chunk sizes": [
        chunked(size + b"\r\nhello\r\n0\r\n\r\n")
        for size in [b"", b" 5", b"5 ", b"\t5", b"5\t", b"+5", b"-5", b"0x5", b"0X5", b"5h", b"5,", b"5 ;a", b"g", b"5\x00", b"5\x0b", b"5_", b"5.", b"x",
                     b"ffffffffffffffff", b"10000000000000005", b"fffffffffffffffb", b"8000000000000005", b"\xd9\xa5"]
    ],
    "chunk extensions": [
        chunked(size + b"\r\nhello\r\n0\r\n\r\n") for size in [b"5;a\x00", b"5;a\rb", b"5;a\nb", b"5;\x7f", b"5;a=\x01"]
    ],
    "ends of chunks": [
        chunked(b"5\r\nhello" + end + b"0\r\n\r\n") for end in [b"", b"\n", b"\r", b"X\r\n", b"\r\r\n", b"\n\r\n", b"  ", b"\r\n\r\n", b" \r\n"]
    ] + [
        chunked(b"5\nhello\r\n0\r\n\r\n"), chunked(b"5\r\nhello\r\n0\n\r\n"), chunked(b"5\rhello\r\n0\r\n\r\n"), chunked(b"5\r\nhello\r\n0\r\n\n"),
        chunked(b"5\r\r\nhello\r\n0\r\n\r\n"), chunked(b"0\r\n\rX"), chunked(b"0\r\n" + HIDDEN), chunked(b"5\r\nhell\r\n0\r\n\r\n"),
        chunked(b"5\r\nhello!\r\n0\r\n\r\n"), chunked(b"0\r\n \r\n\r\n"),
    ],
    "trailers": [
        chunked(b"0\r\n" + trailer + b"\r\n\r\n")
        for trailer in [b"no colon", b" A: b", b"A : b", b"A: b\r\n folded", b"A: \x00", b": b", b"A\x00: b", b"A: b\nB: c", b"A: b\rB: c"]
    ],
    "line ends": [
        b"GET / HTTP/1.1\nHost: h\n\n", b"GET / HTTP/1.1\r\nHost: h\n\r\n", b"GET / HTTP/1.1\nHost: h\r\n\r\n", b"GET / HTTP/1.1\r\nHost: h\r\n\n",
        b"GET / HTTP/1.1\rHost: h\r\r", b"GET / HTTP/1.1\r\nHost: h\r\r\n\r\n", b"GET / HTTP/1.1\r\r\nHost: h\r\n\r\n", b"\nGET / HTTP/1.1\r\nHost: h\r\n\r\n",
        b"\rGET / HTTP/1.1\r\nHost: h\r\n\r\n", b"\r\n\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", b"GET / HTTP/1.1\r\nHost: h\r\nX: a\rb\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: h\r\nX: a\nb: c\r\n\r\n", b"GET / HTTP/1.1\r\nHost: h\r\nX: a\r\n\r" + HIDDEN, b"GET / HTTP/1.1\n\rHost: h\n\r\n\r",
        b"GET / HTTP/1.1\x85Host: h\r\n\r\n", b"GET / HTTP/1.1\r\nHost: h\x0b\r\n\r\n", b"GET / HTTP/1.1\r\nHost: h\x0c\r\n\r\n",
    ],
    "folded lines": [
        request(b"GET / HTTP/1.1", line)
        for line in [b"X: a\r\n b", b"X: a\r\n\tb", b"X:\r\n a", b"X: a\r\n ", b"X: a\r\n \r\n b", b"Content-Length: 1\r\n 0"]
    ] + [b"GET / HTTP/1.1\r\n Host: h\r\n\r\n", b"GET / HTTP/1.1\r\n\tHost: h\r\n\r\n", b"GET / HTTP/1.1\r\nHost:\r\n h\r\n\r\n"],
    "names of fields": [
        request(b"GET / HTTP/1.1", line)
        for line in [b": x", b"no colon", b"X : y", b"X\t: y", b"X y: z", b"X(: y", b"X@: y", b"X[]: y", b'"X": y', b"X\x00: y", b"\xc3\x89: y",
                     b"X\x7f: y", b"X/: y", b"X=: y", b"X;: y", b"X{: y", b"\x01: y"]
    ],
    "values of fields": [
        request(b"GET / HTTP/1.1", b"X: " + value) for value in [b"a\x00b", b"\x00", b"\x01", b"\x08", b"a\x0bb", b"a\x0cb", b"\x1b[0m", b"\x7f"]
    ],
    "hosts": [
        request(host=None), request(b"GET / HTTP/1.1", b"Host: h"), request(b"GET / HTTP/1.1", b"host: other"), request(b"GET / HTTP/1.1", b"HOST:"),
        request(b"GET http://a/ HTTP/1.1", host=None), request(b"GET http://a/ HTTP/1.1", b"Host: b"),
    ] + [
        request(host=b"Host: " + host)
        for host in [b"a b", b"a,b", b"a/b", b"a\\b", b"a@b", b"a#b", b"a?b", b"a%b", b"a%2eb", b"h:80:80", b"h:-1", b"h:+1", b"h:65536", b"h:http",
                     b"h: 80", b"[::1", b"::1", b"[]", b"[g]", b"[::1]x", b"\xc3\xa9", b"a\tb", b":80", b"<h>", b'"h"', b"a;b", b"h\x00"]
    ],
    "request lines": [
        line + b"\r\nHost: h\r\n\r\n"
        for line in [b"GET  / HTTP/1.1", b"GET /  HTTP/1.1", b" GET / HTTP/1.1", b"GET / HTTP/1.1 ", b"GET\t/ HTTP/1.1", b"GET /\tHTTP/1.1",
                     b"GET / HTTP/1.1\t", b"GET / x HTTP/1.1", b"GET /a b HTTP/1.1", b"GET", b"GET ", b"GET /", b"GET / ", b"GET HTTP/1.1", b"/ HTTP/1.1",
                     b"G(T / HTTP/1.1", b"G\x00T / HTTP/1.1", b"G\xc3\x89T / HTTP/1.1", b"GET /\x00 HTTP/1.1", b"GET /\x0b HTTP/1.1", b"GET /\x7f HTTP/1.1",
                     b"GET /#fragment HTTP/1.1", b"GET x HTTP/1.1", b"GET ?x HTTP/1.1", b"GET * HTTP/1.1", b"OPTIONS ** HTTP/1.1", b"GET \\ HTTP/1.1",
                     b"GET ftp://h/ HTTP/1.1", b"GET http:/h HTTP/1.1", b"GET http:///x HTTP/1.1", b"GET http://u@h/ HTTP/1.1",
                     b"GET http://h:99999/ HTTP/1.1", b"GET http://a\\b/ HTTP/1.1", b"GET http://a#b/ HTTP/1.1", b"GET http://a%00/ HTTP/1.1",
                     b"CONNECT h:443 HTTP/1.1", b"CONNECT / HTTP/1.1", b"CONNECT http://h/ HTTP/1.1", b"CONNECT * HTTP/1.1",
                     b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"SSH-2.0-OpenSSH_9.2"]
    ],
    "versions": [
        b"GET / " + version + b"\r\nHost: h\r\n\r\n"
        for version in [b"HTTP/0.9", b"HTTP/1.2", b"HTTP/1.9", b"HTTP/2.0", b"HTTP/3.0", b"HTTP/9.9", b"HTTP/1", b"HTTP/1.", b"HTTP/.1", b"HTTP/1.10", b"HTTP/01.1",
                        b"HTTP/1.01", b"HTTP/1,1", b"HTTP/ 1.1", b"HTTP /1.1", b"http/1.1", b"Http/1.1", b"HTTP/1.1x", b"HTTP/+1.1", b"HTTPS/1.1", b"XTTP/1.1",
                        b"HTTP/1\x001", b"HTTP/\xd9\xa1.1", b"HTTP1.1", b"HTTP/1.1.1", b"ICY/1.1", b"RTSP/1.0"]
    ] + [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET / \r\n\r\n"],
    "paths": [
        request(b"GET " + path + b" HTTP/1.1")
        for path in [b"/%", b"/%2", b"/%zz", b"/%2g", b"/%u002e", b"/%00", b"/a%00.txt", b"/%0a", b"/%0d%0aX:y", b"/%1f", b"/%7f", b"/%c2%80", b"/%c2%9f",
                     b"/%c0%ae%c0%ae/", b"/%c0%af", b"/%c1%9c", b"/%e0%80%ae", b"/%f0%80%80%ae", b"/%ff", b"/\xff", b"/\xc0\xae", b"/%c3", b"/%c3/%a9",
                     b"/%ed%a0%80", b"/%f4%90%80%80", b"/..", b"/../", b"/%2e%2e", b"/%2e./", b"/a/../..", b"/..%2f", b"/..%5c", b"/..\\", b"/a\\..\\..",
                     b"/%2e%2e%2f", b"/%2e%2e%5c", b"/a/%2e%2e/%2e%2e/b", b"/./../", b"/" + b"a" * 261, b"/a" * 256, b"/%ff/..", b"/%00/..", b"/%c0%ae/../a",
                     b"/%c2%80/../a"]
    ],
    "expectations": [post(LENGTH_5, b"Expect: tea", body=b"hello"), post(LENGTH_5, b"Expect: 100-continue, tea", body=b"hello")],
    "bodies without a length": [post(), post(line=b"PUT / HTTP/1.1"), post(line=b"POST / HTTP/1.0")],
    "heads without an end": [
        b"GET /" + b"a" * 17000, request(b"GET / HTTP/1.1", b"X: " + b"a" * 17000), request(b"GET / HTTP/1.1", *[b"X: y"] * 2100),
    ],
}

#: One message each, in which every reader that takes it sees the same.
PLAIN = [
    request(), request(b"GET / HTTP/1.0", host=None), request(b"GET / HTTP/1.0", b"Connection: keep-alive"), request(b"HEAD /a?b HTTP/1.1"),
    request(b"OPTIONS * HTTP/1.1"), request(b"GET http://a.test:81/x?q HTTP/1.1", host=b"Host: a.test:81"), request(b"GET http://a.test HTTP/1.1", host=b"Host: b"),
    request(b"GET HTTPS://a.test?q HTTP/1.1"), request(b"GET //a//b HTTP/1.1"), request(b"GET /a/./b/../c HTTP/1.1"), request(b"GET /%2e/%2E%2e%2fx HTTP/1.1")
    .replace(b"/%2e/%2E%2e%2fx", b"/a/%2e/%2E%2e%2fx"), request(b"GET /a%5cb%5C..\\c HTTP/1.1"), request(b"GET /a%252e%252e HTTP/1.1"),
    request(b"GET /%c3%a9/%e2%82%ac/%f0%9f%98%80 HTTP/1.1"), request(b"GET /\xc3\xa9 HTTP/1.1"), request(b"GET /a?%zz%00\\../ HTTP/1.1"),
    request(b"GET /a;b=c:d@e!$&'()*+,=~-._ HTTP/1.1"), request(b"GET /" + b"a" * 260 + b" HTTP/1.1"), request(b"GET " + b"/a" * 255 + b" HTTP/1.1"),
    request(b"GET / HTTP/1.1", b"Empty:", b"Blank: \t ", b"Spaces:\t a b \t", b"High: \xe9\xff", b"X-!#$%&'*+-.^_`|~: v", b"x: 1", b"X: 2"),
    request(b"GET / HTTP/1.1", b"Content-Length: 0"), request(b"GET / HTTP/1.1", LENGTH_5, body=b"hello"), request(b"DELETE / HTTP/1.1", LENGTH_5, body=b"he\r\no"),
    post(LENGTH_5, body=b"hello"), post(b"Content-Length: 0"), post(b"content-length:00005\t", body=b"hello"), post(LENGTH_5, line=b"POST / HTTP/1.0", body=b"hello"),
    post(LENGTH_5, b"Expect: 100-continue", body=b"hello"), post(b"Content-Length: %d" % len(HIDDEN), body=HIDDEN), chunked(CHUNKS), chunked(b"0\r\n\r\n"),
    chunked(b"000\r\n\r\n"), chunked(b"5;a\r\nhello\r\n0;b=c\r\n\r\n"), chunked(b'5;a="b c"\r\nhello\r\n0\r\n\r\n'), chunked(b"00005\r\nhello\r\n0\r\n\r\n"),
    chunked(b"A\r\n0123456789\r\n1\r\n\n\r\n0\r\n\r\n"), chunked(b"5\r\nhello\r\n0\r\nTrailer: x\r\nContent-Length: 3\r\n\r\n"),
    chunked(b"%x\r\n%s\r\n0\r\n\r\n" % (len(HIDDEN), HIDDEN)), post(b"transfer-ENCODING:\tChunked ", body=CHUNKS), b"\r\n\r\n" + request(),
    request(b"GET / HTTP/1.1", b"Connection: close"), request(b"GET / HTTP/1.1", b"Connection: Upgrade", b"Upgrade: websocket"),
    request(b"GET / HTTP/1.1", b"Connection: upgrade, keep-alive", b"Upgrade: h2c", b"HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"),
    post(LENGTH_5, b"Connection: Upgrade", b"Upgrade: websocket", body=b"hello"), post(CHUNKED, b"Connection: Upgrade", b"Upgrade: websocket", body=CHUNKS),
    request(host=b"Host: [2001:db8::1]:8080"), request(host=b"Host: a_b-c.test."), request(host=b"host:h"), request(b"M-SEARCH / HTTP/1.1"),
    request(b"FANCY_Method! / HTTP/1.1"), request(b"get / HTTP/1.1"), request(b"SOURCE / HTTP/1.1"), request(b"QUERY / HTTP/1.1"),
]


class Generator:
    """Streams of one to three requests, sound but for one or two parts of each, some with bytes changed afterwards."""

    METHODS = [b"GET", b"GET", b"POST", b"POST", b"PUT", b"HEAD", b"OPTIONS", b"DELETE", b"PATCH", b"TRACE", b"CONNECT", b"PROPFIND", b"get", b"G\x00T", b""]
    PATHS = [b"/", b"/a/b", b"/index.html", b"*", b"http://h/x", b"https://h", b"h:80", b"", b"x"]
    SEGMENTS = [b"a", b"bc", b".", b"..", b"%2e", b"%2E%2e", b"%2f", b"%5c", b"\\", b"%252e", b"%c0%ae", b"%c3%a9", b"\xc3\xa9", b"%ff", b"%00", b"%u0041", b"%", b"...",
                b"%e2%82", b"%20", b"", b"a%2fb", b"..%5c..", b"%c2%80", b"%7f", b"~", b"%41"]
    VERSIONS = [b"HTTP/1.1", b"HTTP/1.0", b"HTTP/1.2", b"HTTP/2.0", b"http/1.1", b"HTTP/1", b"HTTP/1.1 ", b"HTTP/01.1"]
    NAMES = [b"X", b"x-a", b"Accept", b"Cookie", b"Connection", b"Upgrade", b"TE", b"Trailer", b"Expect", b"Keep-Alive", b"Proxy-Connection", b"Host", b"Content-Length",
             b"Transfer-Encoding", b"content-length", b"Transfer_Encoding", b"Content-Length ", b" X", b"X\x00", b"", b"X\x7f", b"X\xe9"]
    VALUES = [b"", b"a", b"a, b", b"close", b"keep-alive", b"upgrade", b"100-continue", b"chunked", b"5", b"0", b"trailers", b"\xe9", b"a\tb", b'"q;"', b"a\x00", b"a\rb",
              b"a\r\n b", b"x" * 300, b"\x7f", b"gzip", b"websocket"]
    SPACES = [b" ", b" ", b" ", b"", b"  ", b"\t", b" \t ", b"\x0b", b"\xa0", b"\r\n "]
    LINE_ENDS = [b"\n", b"\r", b"\r\r\n", b"\n\r", b"\r\n\r\n", b""]
    LENGTHS = [b"+%d", b"-%d", b"%d,%d", b"%d, %d", b"0%d", b"%d ", b"%dx", b"0x%x", b"%d;", b" %d", b"%d\t", b"%d.0", b"00000000000000000%d", b"0000000000000000000000%d", b""]
    SIZES = [b"0%x", b"%X", b"%x;a", b"%x;a=b", b'%x;a="b;c"', b"%x ", b" %x", b"+%x", b"0x%x", b"%x\t;a", b"%x;", b"%x; a", b"%xg", b"-%x", b"000000000000%x",
             b"0000000000000000%x", b""]
    CODINGS = [b"chunked", b"Chunked", b"chunked ", b"chunked\t", b"\tchunked", b"chunked,", b"identity", b"gzip, chunked", b"chunked, chunked", b"x", b"chunked;a", b"\x0bchunked"]
    BYTES = b"\r\n\t \x00\x0b\x0c\x7f\x80\xa0\xff:;,/\\%.?#*+-_0159afAFxXgG\"'()<>@[]{}=&hH"

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.oddities = 0

    def odd(self):
        """Whether the next part is one of the strange ones."""
        if self.oddities > 0 and self.random.random() < 0.12:
            self.oddities -= 1
            return True
        return False

    def pick(self, parts, sound):
        """One of the first `sound` parts, or at times any."""
        return self.random.choice(parts if self.odd() else parts[:sound])

    def path(self):
        if self.random.random() < 0.5:
            return b"".join(b"/" + self.random.choice(self.SEGMENTS if self.odd() else self.SEGMENTS[:3]) for _ in range(self.random.randint(1, 5)))
        return self.pick(self.PATHS, 3)

    def line_end(self):
        return self.random.choice(self.LINE_ENDS) if self.odd() else b"\r\n"

    def field(self, name, value):
        return name + b":" + self.pick(self.SPACES, 7) + value

    def length(self, count):
        if not self.odd():
            return b"%d" % count
        form = self.random.choice(self.LENGTHS)
        return form % ((count,) * form.count(b"%"))

    def chunks(self, body):
        pieces, position = [], 0
        while position < len(body):
            count = self.random.randint(1, len(body) - position)
            pieces.append(body[position:position + count])
            position += count
        text = b""
        for piece in [*pieces, b""]:
            size = self.pick(self.SIZES, 5) if self.random.random() < 0.5 else b"%x"
            text += (size % len(piece) if size else b"") + self.line_end()
            text += piece + self.line_end() if piece else b""
        if self.random.random() < 0.2:
            text += self.field(self.pick(self.NAMES, 3), self.pick(self.VALUES, 3)) + self.line_end()
        return text + self.line_end()

    def message(self):
        method = self.pick(self.METHODS, 9)
        version = self.pick(self.VERSIONS, 2 if self.random.random() < 0.2 else 1)
        space = b"  " if self.odd() else b" "
        query = self.random.choice([b"", b"", b"?", b"?a=b&c", b"?/../%zz", b"?a#b" if self.odd() else b"?a"])
        lines = [method + space + self.path() + query + (b"\t" if self.odd() else b" ") + version]
        if not self.odd():
            lines.append(self.field(b"Host", self.random.choice([b"h", b"h:80", b"a.test", b"[::1]", b"a b" if self.odd() else b"h."])))
        for _ in range(self.random.randint(0, 3)):
            lines.append(self.field(self.pick(self.NAMES, 5), self.pick(self.VALUES, 6)))
        body = self.random.choice([b"", b"hello", b"x" * 40, b"\r\n\r\n", b"0\r\n\r\n", HIDDEN, bytes(self.random.randbytes(12))])
        needs_length = method in (b"POST", b"PUT")
        framing = self.random.choice(["length", "length", "chunked", "none" if not needs_length else "length"])
        if self.odd():
            framing = self.random.choice(["none", "both", "twice"])
        framed = b""
        if framing in ("length", "both", "twice"):
            lines.append(self.field(b"Content-Length", self.length(len(body))))
            framed = body
        if framing == "twice":
            lines.append(self.field(b"Content-Length", self.length(len(body) + self.random.choice([0, 0, 1]))))
        if framing in ("chunked", "both"):
            lines.append(self.field(b"Transfer-Encoding", self.pick(self.CODINGS, 3)))
            framed = self.chunks(body)
        if self.random.random() < 0.5:
            lines[1:] = self.random.sample(lines[1:], len(lines) - 1)
        return b"".join(line + self.line_end() for line in lines) + self.line_end() + framed

    def changed(self, stream):
        """With one to three bytes put in, taken out, replaced or swapped, or a part repeated or cut off."""
        stream = bytearray(stream)
        for _ in range(self.random.randint(1, 3)):
            at = self.random.randrange(len(stream))
            match self.random.randrange(6):
                case 0: stream.insert(at, self.random.choice(self.BYTES))
                case 1: del stream[at:at + 1]
                case 2: stream[at:at + 1] = bytes([self.random.choice(self.BYTES)])
                case 3: stream[at:at + 2] = stream[at:at + 2][::-1]
                case 4: stream[at:at] = stream[at:at + self.random.randint(1, 30)]
                case _: del stream[at:at + self.random.randint(1, 30)]
            if not stream:
                break
        return bytes(stream)

    def stream(self):
        if self.random.random() < 0.15:
            stream = self.random.choice(PLAIN)
        elif self.random.random() < 0.1:
            stream = self.random.choice(self.random.choice(list(AMBIGUOUS.values())))
        else:
            stream = b""
            for _ in range(self.random.choice([1, 1, 2, 3])):
                self.oddities = self.random.choice([0, 1, 1, 2])
                stream += self.message()
        if self.random.random() < 0.4:
            stream = self.changed(stream)
        return stream + (SENTINEL if self.random.random() < 0.7 else b"")

    def streams(self, count):
        return [self.stream() for _ in range(count)]
