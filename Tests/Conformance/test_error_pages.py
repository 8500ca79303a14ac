"""Error pages, redirections and headers of the configuration, through the running host."""

import unittest

from instance import Instance, wait_until, web_config


class ErrorPages(unittest.TestCase):
    def setUp(self):
        self.instance = Instance()
        self.addCleanup(self.instance.clean)
        self.instance.write("content/errors/404.html", "<p>not here</p>")
        self.instance.write("content/errors/de/404.html", "<p>nicht hier</p>")

    def serve(self, sections):
        self.instance.write("content/web.config", web_config(sections))
        self.instance.serve()

    def test_a_file_of_the_site_is_the_page_of_a_missing_one(self):
        self.serve('<httpErrors errorMode="Custom"><error statusCode="404" path="errors\\404.html"/></httpErrors>')
        for _ in range(3):
            answer = self.instance.ask("/none")
            self.assertEqual((answer.status, answer.text), (404, "<p>not here</p>"))
        head = self.instance.ask("/none", method="HEAD")
        self.assertEqual((head.status, head.body, head.headers["content-length"]), (404, b"", "15"))
        # A page that changes is seen soon.
        self.instance.write("content/errors/404.html", "<p>another</p>")
        wait_until(lambda: self.instance.ask("/none").text == "<p>another</p>", "the new page is never shown")

    def test_the_language_of_the_client_chooses_the_page(self):
        self.serve("""<httpErrors errorMode="Custom">
            <error statusCode="404" prefixLanguageFilePath="errors" path="404.html"/></httpErrors>""")
        answer = self.instance.ask("/none", headers={"Accept-Language": "fr;q=0.1, de-AT"})
        self.assertEqual((answer.status, answer.text), (404, "<p>nicht hier</p>"))
        self.assertIn("HTTP Error 404", self.instance.ask("/none").text)

    def test_a_page_that_is_executed_keeps_the_error_s_status(self):
        self.serve("""<httpErrors errorMode="Custom">
            <error statusCode="404" path="/errors/404.html" responseMode="ExecuteURL"/>
            <error statusCode="405" path="/errors/none.html" responseMode="ExecuteURL"/></httpErrors>""")
        answer = self.instance.ask("/none")
        self.assertEqual((answer.status, answer.text), (404, "<p>not here</p>"))
        posted = self.instance.ask("/index.html", method="POST", headers={"Content-Length": "0"})
        self.assertEqual(posted.status, 405)
        self.assertIn("HTTP Error 405", posted.text)
        self.assertIn("GET", posted.headers["allow"])

    def test_errors_are_redirected_and_redirections_have_their_headers(self):
        self.serve("""<httpErrors errorMode="Custom">
            <error statusCode="404" path="https://www.example.net/lost" responseMode="Redirect"/></httpErrors>
            <httpProtocol><customHeaders><add name="X-All" value="1"/></customHeaders>
            <redirectHeaders><add name="X-Moved" value="2"/></redirectHeaders></httpProtocol>""")
        answer = self.instance.ask("/none")
        self.assertEqual((answer.status, answer.headers["location"]), (302, "https://www.example.net/lost"))
        self.assertEqual((answer.headers["x-all"], answer.headers["x-moved"]), ("1", "2"))
        served = self.instance.ask("/index.html")
        self.assertEqual((served.headers["x-all"], served.headers.get("x-moved")), ("1", None))

    def test_what_moved_is_found_at_its_new_address(self):
        self.instance.write("content/old/web.config", web_config(
            '<httpRedirect enabled="true" destination="/new" httpResponseStatus="Permanent"/>'))
        self.serve("")
        raw = self.instance.raw(b"GET /old/a%0d%0aX:%20y/%2e/b.htm?q=%0d1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        head = raw.split(b"\r\n\r\n")[0].lower()
        self.assertTrue(head.startswith(b"http/1.1 301 ") or head.startswith(b"http/1.1 400 "), head)
        self.assertNotIn(b"\nx: y", head)
        answer = self.instance.ask("/old/deep/page.htm?a=b")
        self.assertEqual((answer.status, answer.headers["location"]), (301, "/new/deep/page.htm?a=b"))

    def test_connections_are_closed_where_the_configuration_says_so(self):
        self.serve('<httpProtocol allowKeepAlive="false"/>')
        self.assertEqual(self.instance.ask("/index.html").headers["connection"].lower(), "close")

    def test_a_change_of_the_headers_ends_what_the_router_keeps(self):
        self.serve('<httpProtocol><customHeaders><add name="X-Version" value="1"/></customHeaders></httpProtocol>')
        for _ in range(20):
            self.assertEqual(self.instance.ask("/index.html").headers["x-version"], "1")
        self.instance.write("content/web.config", web_config(
            '<httpProtocol><customHeaders><add name="X-Version" value="2"/></customHeaders></httpProtocol>'))
        wait_until(lambda: self.instance.ask("/index.html").headers["x-version"] == "2", "the old header stays")
        for _ in range(20):
            self.assertEqual(self.instance.ask("/index.html").headers["x-version"], "2")


if __name__ == "__main__":
    unittest.main()
